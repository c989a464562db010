"""Annealed importance sampling of log Z, from below (AIS) and from above (reverse AIS): trust them where they meet.

The path leads from independent visible units with biases a (the base rates of the data) to the model:

    log p*_t(v) = ((1 - t) a + t b) . v + sum_j softplus(t (c_j + W_j v)),      t from 0 to 1.

AIS (Neal 2001; Salakhutdinov & Murray 2008) goes up: the mean of the weights exp(w) is Z / Z_0, so log Z is
underestimated on average. Reverse AIS (Burda, Grosse & Salakhutdinov 2015) goes down from the model's samples: the mean
of exp(-r) is Z_0 / Z, so log Z is overestimated. Each Gibbs step leaves p_t as it is; weights are summed in float64.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dbn_core.errors import LikelihoodError
from dbn_core.models import RBM
from dbn_core.models.units import Bernoulli


class Estimate(NamedTuple):
    """log Z in nats with the ends of a 3 sigma interval; `low` may be -inf (or `high` inf) when the weights scatter."""

    log_partition: float
    low: float
    high: float
    weights: Tensor  # (chains,) float64: each chain's own estimate of log Z


def base_rates(data: Float[Tensor, "cases visible"]) -> Float[Tensor, " visible"]:
    """Biases of independent units with the data's means, smoothed by one case of 1 and one of 0: the base model."""
    mean = (data.double().sum(0) + 1) / (len(data) + 2)
    return torch.logit(mean)


def annealed_importance_sampling(
    rbm: RBM,
    chains: int = 100,
    temperatures: int = 10_000,
    base: Float[Tensor, " visible"] | None = None,
    generator: torch.Generator | None = None,
) -> Estimate:
    """Log Z from below. base: visible biases of the base model, 0 when None (`base_rates(data)` is far better).

    Cost: 2 chains x temperatures x visible x hidden multiply-adds. Raises LikelihoodError for units other than
    Bernoulli ones, or for fewer than 1 chain or 2 temperatures.
    """
    path = _Path(rbm, base, temperatures)
    rates = torch.sigmoid(path.base).expand(chains, -1).contiguous()
    v = rbm.visible_units.sample(rates, generator)
    weights = torch.zeros(_at_least(chains, 1, "chains"), dtype=torch.float64, device=v.device)
    previous = 0.0
    for t in path.up():
        field = rbm.hidden_field(v)
        weights += path.log_ratio(v, field, previous, t)
        v = path.step(field, t, generator)
        previous = t
    return _estimate(path.log_partition_of_base + weights, sign=1)


def reverse_annealed_importance_sampling(
    rbm: RBM,
    samples: Float[Tensor, "chains visible"],
    temperatures: int = 10_000,
    base: Float[Tensor, " visible"] | None = None,
    generator: torch.Generator | None = None,
    burn_in: int = 1000,
) -> Estimate:
    """Log Z from above, one chain for each of `samples`.

    samples: binary states as near to the model's own distribution as can be had (data or persistent chains); `burn_in`
    Gibbs steps of the model are made first. If they are not samples of the model the bound need not hold.
    """
    path = _Path(rbm, base, temperatures)
    v = samples
    for _ in range(burn_in):
        v = path.step(rbm.hidden_field(v), 1.0, generator)
    weights = torch.zeros(len(v), dtype=torch.float64, device=v.device)
    above = 1.0
    for t in path.down():
        v = path.step(rbm.hidden_field(v), above, generator)
        weights += path.log_ratio(v, rbm.hidden_field(v), t, above)
        above = t
    return _estimate(path.log_partition_of_base + weights, sign=-1)


class _Path:
    """The family of distributions between base model and RBM."""

    def __init__(self, rbm: RBM, base: Tensor | None, temperatures: int) -> None:
        if not isinstance(rbm.visible_units, Bernoulli):
            raise LikelihoodError(
                "Annealed importance sampling here is for Bernoulli visible units; use the exact value of an RBM with "
                "at most 20 hidden units, or train with visible = bernoulli."
            )
        self.rbm = rbm
        self.count = _at_least(temperatures, 2, "temperatures")
        zero = torch.zeros_like(rbm.v_bias)
        self.base = zero if base is None else base.to(rbm.v_bias)
        hidden = rbm.n_hidden * math.log(2)
        self.log_partition_of_base = F.softplus(self.base.double()).sum().item() + hidden

    def up(self) -> Iterator[float]:
        """Temperatures after 0, to 1."""
        return (step / (self.count - 1) for step in range(1, self.count))

    def down(self) -> Iterator[float]:
        """Temperatures after 1, to 0."""
        return (step / (self.count - 1) for step in range(self.count - 2, -1, -1))

    def log_ratio(self, v: Tensor, field: Tensor, below: float, above: float) -> Tensor:
        """Log p*_above(v) - log p*_below(v), (chains,) float64; field = c + W v."""
        visible = v @ (self.rbm.v_bias - self.base) * (above - below)
        hidden = F.softplus(field * above) - F.softplus(field * below)
        return visible.double() + hidden.sum(1, dtype=torch.float64)

    def step(self, field: Tensor, t: float, generator: torch.Generator | None) -> Tensor:
        """One Gibbs step of p_t from a state with this field; returns v."""
        h = self.rbm.hidden_units.sample(torch.sigmoid(field * t), generator)
        towards = torch.addmm(self.rbm.v_bias * t + self.base * (1 - t), h, self.rbm.W, alpha=t)
        return self.rbm.visible_units.sample(towards.sigmoid_(), generator)


def _estimate(weights: Tensor, sign: int) -> Estimate:
    """Log mean exp(weights), or for sign -1 minus log mean exp(-weights), with 3 standard errors of that mean."""
    signed = sign * weights
    largest = signed.max()
    scaled = torch.exp(signed - largest)
    mean = scaled.mean()
    error = scaled.std() / math.sqrt(len(weights)) if len(weights) > 1 else torch.tensor(math.inf)

    def log_of(value: Tensor) -> float:
        return (sign * (value.clamp(min=0).log() + largest)).item()

    ends = sorted((log_of(mean - 3 * error), log_of(mean + 3 * error)))
    return Estimate(log_of(mean), ends[0], ends[1], weights)


def _at_least(value: int, least: int, name: str) -> int:
    if value < least:
        raise LikelihoodError(f"Annealed importance sampling needs at least {least} {name}, not {value}.")
    return value
