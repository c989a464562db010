"""Kinds of units: what a unit does with the field it receives.

A unit x with bias b in an energy-based model sees a field f (its bias plus what the other side sends). Everything that
an RBM, its likelihood and its training need of it is below, so that they are written once and know no kind.
"""

from abc import ABC, abstractmethod
from typing import Any, Unpack

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from dbn_core.errors import ModelError
from dbn_core.kinds import Kind
from dbn_core.models.units.shapes import Batch, Chains, PerCase, PerUnit, Place


class Units(nn.Module, ABC):
    """One kind of units on one side of an RBM. Final classes only below this one, and the abstract `Graded`."""

    kind: Kind  # its row in the table
    labels: int = 0  # how many of the units, the last ones, are a one-hot label
    categories: int | None = None  # units in each group, of kinds that come in groups

    @classmethod
    def build(cls, units: int, categories: int | None = None, **place: Unpack[Place]) -> "Units":
        """Of this kind for a side of `units` units. Raises ModelError for what does not fit."""
        if categories is not None:
            raise ModelError(
                f"categories is {categories}, but {cls.kind.name} units have none; give it with visible = softmax, or "
                f"leave it out."
            )
        return cls()

    def why_no_size(self, units: int) -> str:
        """Why a side of `units` units cannot be of these, as a sentence; empty where it can."""
        return ""

    def settings(self) -> dict[str, Any]:
        """The fields of a run's configuration that ask for such visible units."""
        return {"visible": self.kind.name}

    # -- in a field ---------------------------------------------------------------------------------------------------

    @abstractmethod
    def mean(self, field: Batch) -> Batch:
        """E[x | field]."""

    def mean_(self, field: Batch) -> Batch:
        """`mean`, which may write over the field."""
        return self.mean(field)

    @abstractmethod
    def sample(self, mean: Batch, generator: torch.Generator | None) -> Batch:
        """One draw of x for each unit, given its mean."""

    def draw(self, field: Batch, generator: torch.Generator | None) -> tuple[Batch, Batch]:
        """(mean, one draw) of p(x | field); may write over the field."""
        mean = self.mean_(field)
        return mean, self.sample(mean, generator)

    def sample_tempered(
        self, field: Batch, temperature: float, generator: torch.Generator | None
    ) -> tuple[Batch, Batch]:
        """(mean, one draw) of p(x | field) proportional to exp(-E / temperature): binary units see field / T."""
        mean = self.mean(field if temperature == 1 else field / temperature)
        return mean, self.sample(mean, generator)

    def on(self, field: Batch, mean: Batch) -> Batch:
        """p(x > 0 | field): how surely a unit is on. mean: E[x | field]; of units that are 0 or 1 it is the same."""
        return mean

    def full(self, means: Float[Tensor, "cases units"]) -> PerUnit:
        """The state of a unit that is fully on, given its means over some cases: 1 where there is no more than that."""
        return torch.ones_like(means[0])

    # -- energies -----------------------------------------------------------------------------------------------------

    @abstractmethod
    def energy(self, x: Batch, bias: PerUnit) -> PerCase:
        """The part of the energy that the units have by themselves, in nats."""

    @abstractmethod
    def log_partition(self, field: Batch) -> PerCase:
        """Sum over units of log sum_x exp(x field - own energy at bias 0), in nats."""

    def partition_change(
        self, here: Float[Tensor, "*batch units"], there: Float[Tensor, "*batch units"]
    ) -> Float[Tensor, "*batch"]:
        """log_partition(there) - log_partition(here), in nats."""
        change = self.log_partition(there.flatten(0, -2)) - self.log_partition(here.flatten(0, -2))
        return change.view(here.shape[:-1])

    def scaled_change(self, field: Batch, here: float, there: float, *, mean: Batch, out: Batch) -> PerCase:
        """log_partition(there field) - log_partition(here field), float64 where that is more exact; nats.

        mean: E[x | there field], of use to some kinds; out: memory that may be written over.
        """
        field = field.double()
        return self.partition_change(field * here, field * there)

    def coupling(self, x: Batch) -> Batch:
        """What the other side's weights are multiplied with: the statistic of x in the gradients. Linear in x."""
        return x

    def field_partition_offset(self, bias: PerUnit) -> Tensor:
        """What `log_partition(bias + ...)` has too much because the energy is measured from the bias, in nats."""
        return torch.zeros(())

    # -- states and data ----------------------------------------------------------------------------------------------

    def count_states(self, units: int) -> int | None:
        """In how many states so many units can be together; None where they are not to be enumerated."""
        return None

    def states(self, units: int, numbers: Int[Tensor, " states"]) -> Tensor:
        """The states with these numbers (from 0), (states, units) float64, where there is a `count_states`."""
        raise ModelError(f"The states of {self.kind.name} units cannot be enumerated.")

    def states_near(
        self, means: Float[Tensor, "batch some"], generator: torch.Generator | None
    ) -> Float[Tensor, "batch some"]:
        """States as near to these means as there are: a draw of each; label units may be missing from the means."""
        return self.sample(means, generator)

    @abstractmethod
    def bias_for(self, mean: PerUnit) -> PerUnit:
        """The bias at which independent units have this mean."""

    def base_rates(self, data: Float[Tensor, "cases some"]) -> Float[Tensor, " some"]:
        """The bias of independent units with the data's means; label units may be missing from the data."""
        return self.bias_for(data.mean(0))

    def takes(self, below: "Units") -> bool:
        """What hidden units of the layer below send may be the states of these visible units, or means of them."""
        return self.kind.is_binary and below.kind.is_binary

    def why_not(self, v: Float[Tensor, "cases units"]) -> str:
        """Why these rows cannot be states of such units, the beginning of a sentence; empty where they can."""
        return ""

    def divides(self, chosen: Tensor) -> bool:
        """A choice of units, bool (units,), cuts through a group whose units are not free of each other."""
        return False

    # -- parameters of its own ----------------------------------------------------------------------------------------

    def gradients(
        self, data: tuple[Batch, Batch], model: tuple[Chains, Chains], bias: PerUnit, *, means: bool
    ) -> dict[str, Tensor]:
        """d log p / d(each parameter of its own), by name. Both phases: (coupling(x), W^T h); means: those of the model
        are means of x and not samples.
        """
        return {}

    def keep_in_bounds(self) -> None:
        """Put parameters of its own back where they may be, in place."""
