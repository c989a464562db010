"""What annealing will cost on this machine, said before it starts."""

import time

import torch
from torch import Tensor

from dbn_core.likelihood.annealing import annealed_importance_sampling
from dbn_core.models import RBM

TRIAL_SECONDS = 0.05
_LONGEST_TRIAL = 640  # temperatures


def annealing_seconds(rbm: RBM, chains: int, temperatures: int, burn_in: int = 0) -> float:
    """Seconds that one way of annealing would take here and now; both ways with `burn_in` cost
    `annealing_seconds(...) + annealing_seconds(..., burn_in=...)`.

    Measured on `rbm` itself, on its device: a few temperatures, in all at least TRIAL_SECONDS, after a warm-up. Cost
    is linear in temperatures; other work on the machine changes it.
    """
    generator = torch.Generator(device=rbm.W.device).manual_seed(0)
    count, elapsed = 5, _trial(rbm, chains, 5, generator)
    while count < _LONGEST_TRIAL:
        elapsed = _trial(rbm, chains, count, generator)
        if elapsed >= TRIAL_SECONDS:
            break
        count *= 2
    return elapsed / (count - 1) * (temperatures - 1 + burn_in)


def _trial(rbm: RBM, chains: int, temperatures: int, generator: torch.Generator) -> float:
    _wait(rbm.W)
    started = time.perf_counter()
    annealed_importance_sampling(rbm, chains, temperatures, generator=generator)
    _wait(rbm.W)
    return time.perf_counter() - started


def _wait(tensor: Tensor) -> None:
    """Until the device has done what it was given; the CPU always has."""
    if tensor.device.type == "cuda":
        torch.cuda.synchronize(tensor.device)
