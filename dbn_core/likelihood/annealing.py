"""Annealed importance sampling of log Z, from below (AIS) and from above (reverse AIS): trust them where they meet.

Both walk the path p*_t of `likelihood.path` between the base model, whose Z_0 is known, and the RBM.

AIS (Neal 2001; Salakhutdinov & Murray 2008) goes up: the mean of the weights exp(w) is Z / Z_0, so log Z is
underestimated on average. Reverse AIS (Burda, Grosse & Salakhutdinov 2015) goes down from the model's samples: the mean
of exp(-r) is Z_0 / Z, so log Z is overestimated. Each Gibbs step leaves p_t as it is; weights are summed in float64.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.errors import LikelihoodError
from dbn_core.likelihood.path import Path
from dbn_core.models import RBM
from dbn_core.models.dbn import with_label

Progress = Callable[[int, int], object]  # (temperatures done, of how many), about a hundred times; it may raise


class Estimate(NamedTuple):
    """log Z in nats with the ends of a 3 sigma interval; `low` may be -inf (or `high` inf) when the weights scatter."""

    log_partition: float
    low: float
    high: float
    weights: Tensor  # (chains,) float64: each chain's own estimate of log Z


@torch.no_grad()
def annealed_importance_sampling(
    rbm: RBM,
    chains: int = 100,
    temperatures: int = 10_000,
    base: Float[Tensor, " base_units"] | None = None,
    generator: torch.Generator | None = None,
    progress: Progress | None = None,
) -> Estimate:
    """Log Z from below. base: biases of the base model's visible units, 0 when None (`base_rates(data)` is far better).

    Every kind of visible units has it: for label units Z runs over images with their one-hot labels, for Gaussian ones
    it is an integral and the base has the same deviations. Cost: 2 chains x temperatures x visible x hidden
    multiply-adds (`annealing_seconds` says it in seconds). Raises LikelihoodError for fewer than 1 chain or 2
    temperatures, a base of another size, or an RBM that has no likelihood (`likelihood.definition`).
    """
    path, count = Path(rbm, base), _at_least(temperatures, 2, "temperatures")
    v = path.start(_at_least(chains, 1, "chains"), generator)
    ladder = [step / (count - 1) for step in range(count)]
    return _estimate(path.log_partition_of_base + _walk(path, v, ladder, generator, progress), sign=1)


@torch.no_grad()
def reverse_annealed_importance_sampling(
    rbm: RBM,
    samples: Float[Tensor, "chains sample_units"],
    temperatures: int = 10_000,
    base: Float[Tensor, " base_units"] | None = None,
    generator: torch.Generator | None = None,
    burn_in: int = 1000,
    progress: Progress | None = None,
) -> Estimate:
    """Log Z from above, one chain for each of `samples`.

    samples: states as near to the model's own distribution as can be had (data or persistent chains; of an RBM with
    label units also without their labels, which are then drawn); `burn_in` Gibbs steps of the model are made first. If
    they are not samples of the model the bound need not hold. Raises LikelihoodError as the way up does.
    """
    path, count = Path(rbm, base), _at_least(temperatures, 2, "temperatures")
    _at_least(len(samples), 1, "samples")
    v = samples.to(rbm.W)
    if rbm.n_labels and v.shape[1] == rbm.n_visible - rbm.n_labels:
        v = rbm.visible_units.sample(with_label(rbm, v), generator)
    for _ in range(burn_in):
        v = rbm.sample_v(rbm.sample_h(v, generator)[1], generator)[1]
    ladder = [step / (count - 1) for step in range(count - 1, -1, -1)]
    return _estimate(path.log_partition_of_base - _walk(path, v, ladder, generator, progress), sign=-1)


def _walk(
    path: Path, v: Tensor, ladder: Sequence[float], generator: torch.Generator | None, progress: Progress | None
) -> Tensor:
    """Sum over the ladder of log p*_next(v) - log p*_here(v), (chains,) float64; v is a sample of its first rung.

    One field a rung serves the ratio and the step that follows; the last rung needs no step.
    """
    rbm, rungs = path.rbm, len(ladder) - 1
    weights = torch.zeros(len(v), dtype=torch.float64, device=v.device)
    field, room, change = (torch.empty(len(v), rbm.n_hidden, dtype=v.dtype, device=v.device) for _ in range(3))
    for done, (here, there) in enumerate(itertools.pairwise(ladder), start=1):
        torch.addmm(rbm.h_bias, rbm.visible_units.coupling(v), rbm.W.t(), out=field)
        torch.mul(field, there, out=room)
        mean, h = rbm.hidden_units.draw(room, generator) if done < rungs else (rbm.hidden_units.mean_(room), None)
        weights += path.gain(v).double() * (there - here)
        weights += rbm.hidden_units.scaled_change(field, here, there, mean=mean, out=change).double()
        if h is not None:
            v = path.visible(h, there, generator)
        if progress is not None and (done % max(1, rungs // 100) == 0 or done == rungs):
            progress(done, rungs)
    return weights


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
