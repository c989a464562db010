"""Units whose states reach above 1, and the field in which they have a wanted mean, for which there is no formula."""

import torch
from torch import Tensor

from dbn_core.models.units.shapes import Batch, PerUnit
from dbn_core.models.units.units import Units

LEAST = 1e-3  # of a mean: none has a field of minus infinity
_HALVINGS = 60


class Graded(Units):
    """What `Stepped` and `Rectified` share: a mean is drawn from, and a bias found, by the field that has it."""

    def sample(self, mean: Batch, generator: torch.Generator | None) -> Batch:
        """One draw in the field that has this mean."""
        return self.draw(field_of_mean(self, mean), generator)[1]

    def bias_for(self, mean: PerUnit) -> PerUnit:
        """The field that has this mean, which is clipped to at least LEAST."""
        return field_of_mean(self, mean[None])[0]


@torch.no_grad()
def field_of_mean(units: Units, mean: Tensor) -> Tensor:
    """By bisection, for means (batch, units) that grow with the field and tend to it; clipped to at least LEAST."""
    mean = mean.clamp(min=LEAST)
    low, high = torch.full_like(mean, -40.0), mean + 1
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = units.mean(middle) < mean
        low, high = torch.where(short, middle, low), torch.where(short, high, middle)
    return (low + high) / 2
