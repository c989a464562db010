"""The path of distributions from a base model to an RBM, on which annealing and tempering walk.

    log p*_t(v) = -(1 - t) e_a(v) - t e_b(v) + hidden log_partition(t (c + W v)),      t from 0 to 1.

e_x(v) is the own energy of the visible units at bias x: a is that of the base model, whose units are independent, b the
RBM's. One formula for all kinds of units: their fields go from a to b + W^T h, and at t = 0 hidden units are in a field
of 0 (a binary one is a coin).
Against the plain exp(-t E) the other end lies where the data's means are, and not at pure noise (or, for Gaussian
units, at no distribution at all): neighbouring temperatures overlap far better.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dbn_core.errors import LikelihoodError
from dbn_core.likelihood.definition import refuse_undefined
from dbn_core.models import RBM
from dbn_core.models.units import Bernoulli, Units


class Path:
    """The family p_t between independent visible units with bias `base` and `rbm`.

    base: (visible,), or without the label units, which are then equally likely; 0 when None. Raises LikelihoodError for
    a base of another size, and for an RBM that has no likelihood.
    """

    def __init__(self, rbm: RBM, base: Tensor | None) -> None:
        refuse_undefined(rbm)
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
        coin = self.rbm.hidden_units.log_partition(torch.zeros(1, 1, dtype=torch.float64))
        return visible.item() + self.rbm.n_hidden * coin.item()

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

    `units` are the `visible_units` of the RBM, which say which bias gives a mean; without them they are Bernoulli.
    """
    return (Bernoulli() if units is None else units).base_rates(data)
