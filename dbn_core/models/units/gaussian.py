"""Gaussian units."""

import math
from typing import Unpack

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.kinds import KINDS
from dbn_core.models.units.shapes import Batch, Chains, PerCase, PerUnit, Place
from dbn_core.models.units.units import Units

DEVIATIONS = (0.1, 1.1)  # bounds of a learnt standard deviation, on standardised data: without them it explodes


class Gaussian(Units):
    """Real x with standard deviation s: mean = f, energy = (x - b)^2 / (2 s^2), coupling = x / s^2.

    log partition = f^2 / (2 s^2) + log(s sqrt(2 pi)), less b^2 / (2 s^2) (`field_partition_offset`). The deviations
    are kept as `log_variance` = log s^2, one for each unit, 0 at the start: right for standardised data.
    """

    kind = KINDS["gaussian"]

    def __init__(self, units: int, **place: Unpack[Place]) -> None:
        super().__init__()
        self.log_variance = nn.Parameter(torch.zeros(units, **place), requires_grad=False)

    @classmethod
    def build(cls, units: int, categories: int | None = None, **place: Unpack[Place]) -> Units:
        """Of deviation 1."""
        if categories is not None:
            super().build(units, categories, **place)
        return cls(units, **place)

    def why_no_size(self, units: int) -> str:
        """There is a deviation for each unit."""
        own = len(self.log_variance)
        return "" if own == units else f"These gaussian units are {own}, but the side has {units}; make as many."

    @property
    def precision(self) -> PerUnit:
        """1 / s^2."""
        return torch.exp(-self.log_variance)

    def mean(self, field: Batch) -> Batch:
        """The field itself."""
        return field

    def sample(self, mean: Batch, generator: torch.Generator | None) -> Batch:
        """Mean plus normal noise of deviation s."""
        noise = torch.randn(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype)
        return mean + noise * torch.exp(self.log_variance / 2)

    def sample_tempered(
        self, field: Batch, temperature: float, generator: torch.Generator | None
    ) -> tuple[Batch, Batch]:
        """The mean stays, the variance is T s^2."""
        mean = self.mean(field)
        return mean, torch.lerp(mean, self.sample(mean, generator), temperature**0.5)

    def energy(self, x: Batch, bias: PerUnit) -> PerCase:
        """Sum of (x - b)^2 / (2 s^2)."""
        return ((x - bias).square() @ self.precision) / 2

    def log_partition(self, field: Batch) -> PerCase:
        """Sum of f^2 / (2 s^2) + log(s sqrt(2 pi))."""
        return (field.square() @ self.precision + (self.log_variance + math.log(2 * math.pi)).sum()) / 2

    def coupling(self, x: Batch) -> Batch:
        """X / s^2. Raises RuntimeError for rows of another width, as a product would: one column must not be spread."""
        if x.shape[-1] != len(self.log_variance):
            raise RuntimeError(f"rows of {x.shape[-1]} for {len(self.log_variance)} gaussian units")
        return x * self.precision

    def field_partition_offset(self, bias: PerUnit) -> Tensor:
        """Sum of b^2 / (2 s^2)."""
        return (bias.square() @ self.precision) / 2

    def states_near(
        self, means: Float[Tensor, "batch some"], generator: torch.Generator | None
    ) -> Float[Tensor, "batch some"]:
        """The means themselves, which are states."""
        del generator
        return means

    def bias_for(self, mean: PerUnit) -> PerUnit:
        """The mean itself."""
        return mean

    def takes(self, below: Units) -> bool:
        """Whatever is a number."""
        del below
        return True

    def gradients(
        self, data: tuple[Batch, Batch], model: tuple[Chains, Chains], bias: PerUnit, *, means: bool
    ) -> dict[str, Tensor]:
        """d log p / d(log s^2).

        Where the negative phase holds means of x and not samples, their own spread s^2 around the mean is missing from
        (x - b)^2 / (2 s^2): one half.
        """
        parts = [self.variance_statistic(x / self.precision, bias, received) for x, received in (data, model)]
        return {"log_variance": parts[0] - parts[1] - (0.5 if means else 0.0)}

    def variance_statistic(self, x: Batch, bias: PerUnit, received: Batch) -> PerUnit:
        """Mean of -dE/d(log s^2) = (x - b)^2 / (2 s^2) - x (W^T h) / s^2, with received = W^T h: for its gradient."""
        return (((x - bias).square() / 2 - x * received) * self.precision).mean(0)

    def keep_in_bounds(self) -> None:
        """Deviations within DEVIATIONS."""
        low, high = (2 * math.log(deviation) for deviation in DEVIATIONS)
        self.log_variance.clamp_(low, high)
