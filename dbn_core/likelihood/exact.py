"""log Z by enumeration of the smaller side, and the log-likelihood it gives."""

import copy

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.errors import LikelihoodError
from dbn_core.models import RBM, Bernoulli

ENUMERABLE = 20  # units of the smaller side: a million states, about a second
_CHUNK = 1 << 14


def exact_log_partition(rbm: RBM) -> float:
    """Log Z in nats, exact up to rounding in float64, by summing over all states of the side with fewer units.

    log Z = logsumexp_h [c . h + visible log_partition(b + W^T h)] = logsumexp_v [-F(v)].
    Only the hidden side of Gaussian visible units, or of ones with a label, is enumerated. Raises LikelihoodError when
    the sides that can be have more than ENUMERABLE units.
    """
    binary = isinstance(rbm.visible_units, Bernoulli)
    sides = {"hidden": rbm.n_hidden} | ({"visible": rbm.n_visible} if binary else {})
    side = min(sides, key=lambda name: sides[name])
    if sides[side] > ENUMERABLE:
        raise LikelihoodError(
            f"An RBM of {rbm.n_visible} visible and {rbm.n_hidden} hidden units has too many states to enumerate: "
            f"{'one side' if binary else 'its hidden side'} may have at most {ENUMERABLE}. Use annealed importance "
            f"sampling with its reverse."
        )
    exact = rbm_in_float64(rbm)
    count = 1 << sides[side]
    parts = [_log_sum(exact, side, start, min(start + _CHUNK, count)) for start in range(0, count, _CHUNK)]
    return torch.logsumexp(torch.stack(parts), 0).item()


def log_likelihood(rbm: RBM, v: Float[Tensor, "batch visible"], log_partition: float) -> float:
    """Mean over the batch of log p(v) = -F(v) - log Z, nats per case."""
    return -rbm_in_float64(rbm).free_energy(v.double()).mean().item() - log_partition


def rbm_in_float64(rbm: RBM) -> RBM:
    """A copy whose sums are accumulated in double precision."""
    return copy.deepcopy(rbm).double()


def _log_sum(rbm: RBM, side: str, start: int, stop: int) -> Tensor:
    numbers = torch.arange(start, stop, device=rbm.W.device)
    size = rbm.n_hidden if side == "hidden" else rbm.n_visible
    states = (numbers[:, None] >> torch.arange(size, device=rbm.W.device) & 1).double()
    if side == "visible":
        return torch.logsumexp(-rbm.free_energy(states), 0)
    visible = rbm.visible_units.log_partition(rbm.visible_field(states))
    return torch.logsumexp(states @ rbm.h_bias + visible, 0) - rbm.visible_units.field_partition_offset(rbm.v_bias)
