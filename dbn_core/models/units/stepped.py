"""Stepped sigmoid units: how many of infinitely many copies of a binary unit are on."""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.kinds import KINDS
from dbn_core.models.units.graded import Graded
from dbn_core.models.units.shapes import Batch, PerCase, PerUnit

_REACH = {torch.float64: 9, torch.float32: 6}  # states on each side of the likely one; those beyond have no weight
_AT_ONCE = 1 << 14  # units drawn together on the processor, so that the weights of all their states stay in its cache
_RIPPLE = 2 * math.exp(-2 * math.pi**2)  # 5e-9: what is left of the whole numbers in a sum over all of them

# exp(-u(x)) for x = 1, 2, ...; the tenth is 2e-22.
_WEIGHTS = [math.exp(-x * x / 2) / math.prod(1 - math.exp(-j) for j in range(1, x + 1)) for x in range(1, 10)]
_CONSTANT = math.log(2 * math.pi) / 2 - sum(math.log1p(-math.exp(-j)) for j in range(1, 41))


class Stepped(Graded):
    """x in {0, 1, 2, ...}: the number of copies that are on, of which copy i sees the field f - i + 1/2.

    All copies share weights and bias but for the steps (Nair & Hinton 2010), so the hidden side is one of infinitely
    many Bernoulli units and everything about it is exact. Of the copies only x matters, and by Euler's identity
    prod_i (1 + z q^(i - 1/2)) = sum_x z^x q^(x^2 / 2) / prod_(j <= x) (1 - q^j), with q = 1 / e and z = e^f,

        log partition = sum_i softplus(f - i + 1/2) = log sum_x exp(f x - u(x))
        u(x) = x^2 / 2 + sum_(j <= x) log(1 - e^-j)       own energy: p(x | f) is proportional to exp(f x - u(x))
        mean = sum_i sigmoid(f - i + 1/2)        softplus(f) less 0 to 0.011
        variance = d mean / df                   within 0.005 of sigmoid(f)

    The series in z converges fast for f <= 0. For f > 0 Jacobi's triple product leads back to it: log partition(f) +
    log partition(-f) = f^2 / 2 + log(2 pi) / 2 - sum_j log(1 - e^-j) + log(1 + 2 e^(-2 pi^2) cos(2 pi f)).
    """

    kind = KINDS["stepped"]

    def mean(self, field: Batch) -> Batch:
        """Sum of sigmoid(f - i + 1/2)."""
        return _means(field)

    def draw(self, field: Batch, generator: torch.Generator | None) -> tuple[Batch, Batch]:
        """(mean, a draw): one uniform number looked up in the cumulated probabilities."""
        return _means(field), _drawn(field, generator)

    def sample_tempered(
        self, field: Batch, temperature: float, generator: torch.Generator | None
    ) -> tuple[Batch, Batch]:
        """Every copy sees (f - i + 1/2) / T."""
        return _Nearby.of(field, temperature).mean(), _drawn(field, generator, temperature)

    def on(self, field: Batch, mean: Batch) -> Batch:
        """1 - exp(-log partition): that not all copies are off."""
        del mean
        return -torch.expm1(-_log_partitions(field))

    def full(self, means: Float[Tensor, "cases units"]) -> PerUnit:
        """The largest mean over the cases, as a whole number of at least 1."""
        return means.amax(0).round().clamp(min=1)

    def energy(self, x: Batch, bias: PerUnit) -> PerCase:
        """Sum of u(x) - b x."""
        return (x.square() / 2 + _steps(x)).sum(1) - x @ bias

    def log_partition(self, field: Batch) -> PerCase:
        """Sum over units and copies of softplus(f - i + 1/2)."""
        return _log_partitions(field).sum(1)

    def partition_change(
        self, here: Float[Tensor, "*batch units"], there: Float[Tensor, "*batch units"]
    ) -> Float[Tensor, "*batch"]:
        """The differences of the units one by one."""
        return (_log_partitions(there) - _log_partitions(here)).sum(-1)


class _Nearby(NamedTuple):
    """The states around the likely one, max(0, f rounded), with weights proportional to their probabilities."""

    likely: Tensor
    reach: int
    weights: list[Tensor]  # of likely - reach, ..., likely + reach; 0 for what lies below 0

    @classmethod
    def of(cls, field: Tensor, temperature: float = 1.0) -> "_Nearby":
        """From each state to its neighbours: p(x + 1) = p(x) e^((f - x - 1/2) / T) / (1 - e^(-(x + 1) / T)).

        Downwards the factor of 1 - e^(-x / T) ends it at 0 by itself.
        """
        reach = math.ceil(_REACH.get(field.dtype, _REACH[torch.float32]) * max(1.0, temperature) ** 0.5)
        likely = field.round().clamp_(min=0)
        fade = torch.exp(-likely / temperature)
        offset = (field - likely) / temperature
        # Where the likely state is 0 there is nothing below, however far off the field is.
        up, down = torch.exp(offset), torch.exp(offset.clamp_(min=-1 / temperature).neg_())
        above, below = [torch.ones_like(field)], [torch.ones_like(field)]
        for away in range(reach):
            leap = math.exp(-(away + 0.5) / temperature)
            risen = fade.mul(-math.exp(-(away + 1) / temperature)).add_(1)
            above.append((above[-1] * up).mul_(leap).div_(risen))
            fallen = fade.mul(-math.exp(away / temperature)).add_(1).clamp_(min=0)
            below.append((below[-1] * down).mul_(leap).mul_(fallen))
        return cls(likely, reach, [*below[:0:-1], *above])

    def mean(self) -> Tensor:
        """Of these states."""
        first = sum((away * weight for away, weight in enumerate(self.weights, -self.reach)), torch.zeros(()))
        return self.likely + first / sum(self.weights)

    def pick(self, noise: Tensor) -> Tensor:
        """The state of each unit up to which the cumulated probability passes `noise`, uniform on [0, 1)."""
        height = noise * sum(self.weights)
        passed, state = torch.zeros_like(height), self.likely - self.reach
        for weight in self.weights[:-1]:
            passed += weight
            state += passed <= height
        return state


def _drawn(field: Tensor, generator: torch.Generator | None, temperature: float = 1.0) -> Tensor:
    noise = torch.rand(field.shape, generator=generator, device=field.device, dtype=field.dtype)
    if field.device.type != "cpu":
        return _Nearby.of(field, temperature).pick(noise)
    parts = zip(field.flatten().split(_AT_ONCE), noise.flatten().split(_AT_ONCE), strict=True)
    return torch.cat([_Nearby.of(part, temperature).pick(own) for part, own in parts]).view_as(field)


def _log_partitions(field: Tensor) -> Tensor:
    """Of each unit."""
    z, positive = _small(field)
    tail = torch.log1p(z * _polynomial(z, _WEIGHTS))
    whole = field.square() / 2 + _CONSTANT
    if field.dtype == torch.float64:
        whole = whole + torch.log1p(_RIPPLE * torch.cos(2 * math.pi * field))
    return torch.where(positive, whole - tail, tail)


def _means(field: Tensor) -> Tensor:
    z, positive = _small(field)
    slope = _polynomial(z, [x * weight for x, weight in enumerate(_WEIGHTS, 1)])
    tail = z * slope / (1 + z * _polynomial(z, _WEIGHTS))
    whole = field
    if field.dtype == torch.float64:
        angle = 2 * math.pi * field
        whole = field - _RIPPLE * 2 * math.pi * torch.sin(angle) / (1 + _RIPPLE * torch.cos(angle))
    return torch.where(positive, whole + tail, tail)


def _small(field: Tensor) -> tuple[Tensor, Tensor]:
    """(z = e^-|f|, whether f > 0)."""
    positive = field > 0
    return torch.exp(torch.where(positive, -field, field)), positive


def _polynomial(z: Tensor, coefficients: list[float]) -> Tensor:
    """Sum of coefficient k times z^k, k from 0."""
    total = torch.full_like(z, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = total * z + coefficient
    return total


def _steps(x: Tensor) -> Tensor:
    """Sum over j <= x of log(1 - e^-j); its terms vanish in the rounding from 40 on."""
    sums = torch.log1p(-torch.exp(-torch.arange(1, 41, device=x.device, dtype=x.dtype))).cumsum(0)
    table = torch.cat([sums.new_zeros(1), sums])
    return table[x.detach().long().clamp(0, 40)]
