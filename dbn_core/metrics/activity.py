"""How much the hidden units do, and for how many cases."""

import torch
from jaxtyping import Float
from torch import Tensor

DEAD_BELOW = 0.005  # mean activity under which a unit counts as dead
ALWAYS_ON_ABOVE = 0.995


def mean_activity(hidden: Float[Tensor, "cases hidden"]) -> float:
    """Mean hidden probability over cases and units, in [0, 1]; 0.05 to 0.15 is the healthy band of sparse features."""
    return hidden.mean().item()


def dead_units(hidden: Float[Tensor, "cases hidden"]) -> int:
    """Units whose mean probability over the cases is below 0.5 %."""
    return int((hidden.mean(0) < DEAD_BELOW).sum())


def always_on_units(hidden: Float[Tensor, "cases hidden"]) -> int:
    """Units whose mean probability over the cases is above 99.5 %."""
    return int((hidden.mean(0) > ALWAYS_ON_ABOVE).sum())


def lifetime_sparsity(hidden: Float[Tensor, "cases hidden"]) -> Float[Tensor, " hidden"]:
    """For each unit (1 - mean(h)^2 / mean(h^2)) / (1 - 1 / cases): 0 answers every case alike, 1 answers only one.

    Vinje & Gallant 2000. A unit that is always silent has 0.
    """
    return _selectivity(hidden.t())


def population_sparsity(hidden: Float[Tensor, "cases hidden"]) -> float:
    """Mean over cases of the same measure across the units: 0 all units alike, 1 a single unit speaks for the case."""
    return _selectivity(hidden).mean().item()


def _selectivity(answers: Tensor) -> Tensor:
    """The measure along the last dimension."""
    count = answers.shape[-1]
    squares = answers.square().mean(-1)
    ratio = torch.where(squares > 0, answers.mean(-1).square() / squares, torch.ones_like(squares))
    return (1 - ratio) / (1 - 1 / count) if count > 1 else torch.zeros_like(ratio)
