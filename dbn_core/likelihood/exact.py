"""log Z by enumeration of the smaller side, and the log-likelihood it gives."""

import copy
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.errors import LikelihoodError
from dbn_core.likelihood.definition import refuse_undefined
from dbn_core.models import RBM

ENUMERABLE = 20  # binary units of the smaller side: a million states, about a second
_CHUNK = 1 << 14


SideName = Literal["visible", "hidden"]


class Side(NamedTuple):
    """The side of an RBM that is summed over."""

    name: SideName
    states: int
    alone: bool  # the other side cannot be enumerated whatever its size


def smaller_side(rbm: RBM) -> Side | None:
    """The side with fewer states, of those whose states can be counted; None where neither can."""
    counts: dict[SideName, int | None] = {
        "hidden": rbm.hidden_units.count_states(rbm.n_hidden),
        "visible": rbm.visible_units.count_states(rbm.n_visible),
    }
    there: list[tuple[int, SideName]] = [(count, name) for name, count in counts.items() if count is not None]
    if not there:
        return None
    states, name = min(there, key=lambda pair: pair[0])
    return Side(name, states, len(there) == 1)


def exact_log_partition(rbm: RBM) -> float:
    """Log Z in nats, exact up to rounding in float64, by summing over all states of the side with fewer.

    log Z = logsumexp_h [-hidden energy(h) + visible log_partition(b + W^T h)] = logsumexp_v [-F(v)].
    Only sides whose states can be counted are enumerated: not Gaussian units, nor ones with a label. Raises
    LikelihoodError when these have more states than ENUMERABLE binary units, or the RBM has no likelihood.
    """
    refuse_undefined(rbm)
    side = smaller_side(rbm)
    if side is None:
        raise LikelihoodError(
            f"Neither the {rbm.visible_units.kind.name} visible nor the {rbm.hidden_units.kind.name} hidden units of "
            f"this RBM can be enumerated. Use annealed importance sampling with its reverse."
        )
    if side.states > 1 << ENUMERABLE:
        raise LikelihoodError(
            f"An RBM of {rbm.n_visible} visible and {rbm.n_hidden} hidden units has too many states to enumerate: "
            f"{f'its {side.name} side' if side.alone else 'one side'} may have at most {ENUMERABLE} binary units, or "
            f"as many states. Use annealed importance sampling with its reverse."
        )
    exact = rbm_in_float64(rbm)
    starts = range(0, side.states, _CHUNK)
    parts = [_log_sum(exact, side.name, start, min(start + _CHUNK, side.states)) for start in starts]
    return torch.logsumexp(torch.stack(parts), 0).item()


def log_likelihood(rbm: RBM, v: Float[Tensor, "batch visible"], log_partition: float) -> float:
    """Mean over the batch of log p(v) = -F(v) - log Z, nats per case."""
    return -rbm_in_float64(rbm).free_energy(v.double()).mean().item() - log_partition


def rbm_in_float64(rbm: RBM) -> RBM:
    """A copy whose sums are accumulated in double precision."""
    return copy.deepcopy(rbm).double()


def _log_sum(rbm: RBM, side: SideName, start: int, stop: int) -> Tensor:
    numbers = torch.arange(start, stop, device=rbm.W.device)
    if side == "visible":
        return torch.logsumexp(-rbm.free_energy(rbm.visible_units.states(rbm.n_visible, numbers)), 0)
    h = rbm.hidden_units.states(rbm.n_hidden, numbers)
    visible = rbm.visible_units.log_partition(rbm.visible_field(h))
    own = rbm.hidden_units.energy(h, rbm.h_bias)
    return torch.logsumexp(visible - own, 0) - rbm.visible_units.field_partition_offset(rbm.v_bias)
