"""Ternary units: black, grey or white."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from dbn_core.kinds import KINDS
from dbn_core.models.units.shapes import Batch, PerCase, PerUnit
from dbn_core.models.units.units import Units


class Ternary(Units):
    """x in {0, 1/2, 1}, energy = -b x, log partition = log(1 + e^(f / 2) + e^f)."""

    kind = KINDS["ternary"]

    def mean(self, field: Batch) -> Batch:
        """(e^(f / 2) / 2 + e^f) / (1 + e^(f / 2) + e^f)."""
        p = torch.softmax(torch.stack([torch.zeros_like(field), field / 2, field]), 0)
        return p[1] / 2 + p[2]

    def sample(self, mean: Batch, generator: torch.Generator | None) -> Batch:
        """A draw in the field that has this mean."""
        z = torch.exp(self.bias_for(mean) / 2)
        noise = torch.rand(mean.shape, generator=generator, dtype=mean.dtype) * (1 + z + z * z)
        return (noise > 1).to(mean.dtype) / 2 + (noise > 1 + z).to(mean.dtype) / 2

    def energy(self, x: Batch, bias: PerUnit) -> PerCase:
        """-b . x."""
        return -(x @ bias)

    def log_partition(self, field: Batch) -> PerCase:
        """Sum of log(1 + e^(f / 2) + e^f)."""
        return torch.logsumexp(torch.stack([torch.zeros_like(field), field / 2, field]), 0).sum(1)

    def bias_for(self, mean: Float[Tensor, "*batch units"]) -> Float[Tensor, "*batch units"]:
        """2 log z, where (1 - m) z^2 + (1/2 - m) z - m = 0; the mean clipped to [1e-3, 1 - 1e-3]."""
        m = mean.clamp(1e-3, 1 - 1e-3)
        half = 0.5 - m
        return 2 * torch.log(((half.square() + 4 * m * (1 - m)).sqrt() - half) / (2 * (1 - m)))

    def count_states(self, units: int) -> int:
        """3^units."""
        return 3**units

    def states(self, units: int, numbers: Int[Tensor, " states"]) -> Float[Tensor, "states units"]:
        """Digits to the base 3, halved."""
        return torch.stack([numbers // 3**unit % 3 for unit in range(units)], 1).double() / 2
