"""Persistent chains that fast weights push along (fast PCD; Tieleman & Hinton 2009).

The chains are sampled with W + F. F learns as W does, with a rate of its own, and shrinks to 19/20 at every update:
where the chains stand the energy is raised at once, so that they leave; what remains in W is learnt slowly. The
statistics of both phases are those of the model, p(h | v) with W: fast weights only decide where the chains go.
"""

import copy
from collections.abc import Mapping

import torch
from torch import Tensor

from dbn_core.models import RBM
from dbn_core.training.rules.gradients import Phases, advance
from dbn_core.training.rules.update import accumulate

DECAY = 19 / 20


class FastWeights:
    """F and its biases, zero at the start."""

    def __init__(self, rbm: RBM) -> None:
        self.W, self.v_bias, self.h_bias = (torch.zeros_like(p) for p in (rbm.W, rbm.v_bias, rbm.h_bias))
        self._sum = copy.deepcopy(rbm)
        self._sum.visible_units = rbm.visible_units  # deviations that are learnt are learnt once

    def added_to(self, rbm: RBM) -> RBM:
        """The RBM of W + F, valid until the next call."""
        torch.add(rbm.W, self.W, out=self._sum.W)
        torch.add(rbm.v_bias, self.v_bias, out=self._sum.v_bias)
        torch.add(rbm.h_bias, self.h_bias, out=self._sum.h_bias)
        return self._sum

    def learn(self, phases: Phases, rate: float) -> None:
        """F <- 19/20 F + rate x gradient, in place; the gradient of W is never formed."""
        accumulate(self.W, phases, DECAY, rate)
        dv, dh = phases.differences()
        self.v_bias.mul_(DECAY).add_(dv, alpha=rate)
        self.h_bias.mul_(DECAY).add_(dh, alpha=rate)

    def tensors(self) -> dict[str, Tensor]:
        """By name, for a checkpoint."""
        return {"fast.W": self.W, "fast.v_bias": self.v_bias, "fast.h_bias": self.h_bias}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Inverse of `tensors`, in place."""
        for name, mine in self.tensors().items():
            mine.copy_(tensors[name])


def fast_phases(
    rbm: RBM, v: Tensor, chains: Tensor, fast: FastWeights, k: int = 1, *, generator: torch.Generator | None = None
) -> Phases:
    """Both phases; `chains` goes on by k Gibbs steps of the RBM with the fast weights added, IN PLACE."""
    h_data = rbm.hidden_mean(v)
    advance(fast.added_to(rbm), chains, k, generator)
    coupling = rbm.visible_units.coupling
    return Phases(coupling(v), h_data, coupling(chains), rbm.hidden_mean(chains))
