"""Softmax units: categories, one of each group."""

from typing import Unpack

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from dbn_core.errors import ModelError
from dbn_core.kinds import KINDS
from dbn_core.models.units.groups import draw_one
from dbn_core.models.units.shapes import Batch, PerCase, PerUnit, Place
from dbn_core.models.units.units import Units


class Softmax(Units):
    """Groups of K = `categories` neighbouring units, of which exactly one is 1: a rating, a symbol, a grey level.

    In each group mean = softmax(f) and log partition = logsumexp(f); energy = -b x (Salakhutdinov, Mnih & Hinton 2007).
    Adding a number to the biases of a whole group changes nothing: the units of a group have K - 1 degrees of freedom.
    """

    kind = KINDS["softmax"]

    def __init__(self, categories: int) -> None:
        super().__init__()
        self.categories = categories

    @classmethod
    def build(cls, units: int, categories: int | None = None, **place: Unpack[Place]) -> Units:
        """Of `categories` to a group. Raises ModelError where that is not said."""
        del units, place
        if categories is None:
            raise ModelError("softmax units come in groups: give categories, how many units make one group.")
        return cls(categories)

    def why_no_size(self, units: int) -> str:
        """Whole groups of at least 2."""
        K = self.size
        if K < 2:
            return f"A group of softmax units needs at least 2 categories, not {K}; with one it would always be on."
        if units % K:
            return (
                f"{units} softmax units are no whole number of groups of {K} categories; give n_visible = groups x {K}."
            )
        return ""

    def settings(self) -> dict[str, str | int]:
        """The kind and its categories."""
        return {"visible": self.kind.name, "categories": self.size}

    @property
    def size(self) -> int:
        """Units in a group."""
        assert self.categories is not None
        return self.categories

    def mean(self, field: Batch) -> Batch:
        """Softmax in each group."""
        return torch.softmax(self._grouped(field), -1).flatten(-2)

    def sample(self, mean: Batch, generator: torch.Generator | None) -> Batch:
        """One of each group."""
        return draw_one(self._grouped(mean), generator).flatten(-2)

    def energy(self, x: Batch, bias: PerUnit) -> PerCase:
        """-b . x."""
        return -(x @ bias)

    def log_partition(self, field: Batch) -> PerCase:
        """Sum over groups of logsumexp(f)."""
        return torch.logsumexp(self._grouped(field), -1).sum(-1)

    def count_states(self, units: int) -> int:
        """K^groups."""
        return self.size ** (units // self.size)

    def states(self, units: int, numbers: Int[Tensor, " states"]) -> Float[Tensor, "states units"]:
        """Digits to the base K, the lowest first, one-hot."""
        places = [self.size**group for group in range(units // self.size)]
        digits = torch.stack([numbers // place % self.size for place in places], 1)
        return F.one_hot(digits, self.size).flatten(1).double()

    def bias_for(self, mean: PerUnit) -> PerUnit:
        """Log of the frequencies, which are clipped to at least 1e-3."""
        return mean.clamp(min=1e-3).log()

    def base_rates(self, data: Float[Tensor, "cases units"]) -> PerUnit:
        """Log of the frequencies, smoothed by one case of each category."""
        return ((data.double().sum(0) + 1) / (len(data) + self.size)).log()

    def takes(self, below: Units) -> bool:
        """Nothing that hidden units send: they do not come in groups."""
        del below
        return False

    def why_not(self, v: Float[Tensor, "cases units"]) -> str:
        """Each group must have exactly one unit that is 1, the others 0."""
        groups = self._grouped(v)
        if bool(((groups == 0) | (groups == 1)).all() and (groups.sum(-1) == 1).all()):
            return ""
        return f"Softmax visible units want exactly one 1 among each {self.size} numbers in turn, the others 0"

    def divides(self, chosen: Tensor) -> bool:
        """Part of a group is chosen, and part is not."""
        inside = self._grouped(chosen[None])
        return bool((inside.any(-1) != inside.all(-1)).any())

    def _grouped(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (-1, self.size))
