"""The path of distributions from a base model to an RBM, on which annealing and tempering walk.

    log p*_t(v) = -(1 - t) e_a(v) - t e_b(v) + sum_j softplus(t (c_j + W_j v)),      t from 0 to 1.

e_x(v) is the own energy of the visible units at bias x: a is that of the base model, whose units are independent, b the
RBM's. One formula for all kinds of units: their fields go from a to b + W^T h, and at t = 0 each hidden unit is a coin.
Against the plain exp(-t E) the other end lies where the data's means are, and not at pure noise (or, for Gaussian
units, at no distribution at all): neighbouring temperatures overlap far better.
"""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dbn_core.errors import LikelihoodError
from dbn_core.models import RBM
from dbn_core.models.units import Units


class Path:
    """The family p_t between independent visible units with bias `base` and `rbm`.

    base: (visible,), or without the label units, which are then equally likely; 0 when None.
    """

    def __init__(self, rbm: RBM, base: Tensor | None) -> None:
        self.rbm = rbm
        base = torch.zeros_like(rbm.v_bias) if base is None else base.to(rbm.v_bias)
        if len(base) == rbm.n_visible - rbm.n_labels:
            base = F.pad(base, (0, rbm.n_labels))
        if len(base) != rbm.n_visible:
            raise LikelihoodError(
                f"The base model has {len(base)} units, but the RBM has {rbm.n_visible} visible ones; give one bias "
                f"for each of them."
            )
        self.base = base

    @property
    def log_partition_of_base(self) -> float:
        """Log Z_0, exact, in nats."""
        units = self.rbm.visible_units
        visible = units.log_partition(self.base[None])[0] - units.field_partition_offset(self.base)
        return visible.item() + self.rbm.n_hidden * math.log(2)

    def start(self, chains: int, generator: torch.Generator | None) -> Float[Tensor, "chains visible"]:
        """Samples of the base model."""
        units = self.rbm.visible_units
        return units.sample(units.mean(self.base[None]).expand(chains, -1).contiguous(), generator)

    def gain(self, v: Float[Tensor, "chains visible"]) -> Float[Tensor, " chains"]:
        """e_a(v) - e_b(v): what the visible units add to log p*_t(v) with each unit of t."""
        units = self.rbm.visible_units
        return units.energy(v, self.base) - units.energy(v, self.rbm.v_bias)

    def bias(self, t: float | Tensor) -> Tensor:
        """The visible bias at t: (1 - t) a + t b."""
        return self.base + (self.rbm.v_bias - self.base) * t

    def visible(self, h: Float[Tensor, "chains hidden"], t: float, generator: torch.Generator | None) -> Tensor:
        """One draw of p_t(v | h)."""
        units = self.rbm.visible_units
        return units.sample(units.mean(torch.addmm(self.bias(t), h, self.rbm.W, alpha=t)), generator)


def base_rates(data: Float[Tensor, "cases units"], units: Units | None = None) -> Float[Tensor, " units"]:
    """Biases of independent units with the data's means: the base model.

    Without `units` they are Bernoulli, their means smoothed by one case of 1 and one of 0. Other kinds of units (the
    `visible_units` of the RBM) say themselves which bias gives a mean.
    """
    if units is not None:
        return units.bias_for(data.mean(0))
    mean = (data.double().sum(0) + 1) / (len(data) + 2)
    return torch.logit(mean)
