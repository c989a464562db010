"""Bernoulli units."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from dbn_core.kinds import KINDS
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.models.units.shapes import Batch, PerCase, PerUnit
from dbn_core.models.units.units import Units

_SMALL_STEP = 0.01  # of t, below which the exact difference of two softplus cannot overflow at any sane field


class Bernoulli(Units):
    """x in {0, 1}: mean = sigmoid(f), energy = -b x, log partition = log(1 + e^f) = softplus(f)."""

    kind = KINDS["bernoulli"]

    def mean(self, field: Batch) -> Batch:
        """sigmoid(f)."""
        return torch.sigmoid(field)

    def mean_(self, field: Batch) -> Batch:
        """The same in place."""
        return field.sigmoid_()

    def sample(self, mean: Batch, generator: torch.Generator | None) -> Batch:
        """1 with probability `mean`, else 0; see `sample_bernoulli` for its resolution."""
        return sample_bernoulli(mean, generator)

    def energy(self, x: Batch, bias: PerUnit) -> PerCase:
        """-b . x."""
        return -(x @ bias)

    def log_partition(self, field: Batch) -> PerCase:
        """Sum of softplus(f)."""
        return F.softplus(field).sum(dim=1)

    def partition_change(
        self, here: Float[Tensor, "*batch units"], there: Float[Tensor, "*batch units"]
    ) -> Float[Tensor, "*batch"]:
        """Sum of softplus(there) - softplus(here)."""
        return (F.softplus(there) - F.softplus(here)).sum(-1)

    def scaled_change(self, field: Batch, here: float, there: float, *, mean: Batch, out: Batch) -> PerCase:
        """Sum of softplus(there f) - softplus(here f); mean = sigmoid(there f).

        For small steps by -log1p(expm1(-(there - here) f) mean), the same thing: it needs no softplus, and the small
        differences are not lost in the rounding of two large numbers.
        """
        step = there - here
        if abs(step) > _SMALL_STEP:
            return (F.softplus(field * there) - F.softplus(field * here)).sum(1, dtype=torch.float64)
        return torch.mul(field, -step, out=out).expm1_().mul_(mean).log1p_().sum(1).neg_()

    def count_states(self, units: int) -> int:
        """2^units."""
        return 1 << units

    def states(self, units: int, numbers: Int[Tensor, " states"]) -> Float[Tensor, "states units"]:
        """Binary digits, the lowest first."""
        return (numbers[:, None] >> torch.arange(units, device=numbers.device) & 1).double()

    def bias_for(self, mean: PerUnit) -> PerUnit:
        """logit(mean), the mean clipped to [1e-3, 1 - 1e-3] so that always-black pixels keep a finite bias."""
        return torch.logit(mean.clamp(1e-3, 1 - 1e-3))

    def base_rates(self, data: Float[Tensor, "cases some"]) -> Float[Tensor, " some"]:
        """Logit of the means, which are smoothed by one case of 1 and one of 0."""
        return torch.logit((data.double().sum(0) + 1) / (len(data) + 2))
