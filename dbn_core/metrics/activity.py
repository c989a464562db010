"""How much the hidden units do, and for how many cases."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

DEAD_BELOW = 0.005  # mean activity under which a unit counts as dead
ALWAYS_ON_ABOVE = 0.995
CONSTANT_BELOW = 0.01  # deviation over the cases under which a unit tells none of them apart
COMPARED = 250  # units of a layer that are compared with one another


def mean_activity(hidden: Float[Tensor, "cases hidden"]) -> float:
    """Mean hidden probability over cases and units, in [0, 1]; 0.05 to 0.15 is the healthy band of sparse features."""
    return hidden.mean().item()


def dead_units(hidden: Float[Tensor, "cases hidden"]) -> int:
    """Units whose mean probability over the cases is below 0.5 %."""
    return int(is_dead(hidden).sum())


def always_on_units(hidden: Float[Tensor, "cases hidden"]) -> int:
    """Units whose mean probability over the cases is above 99.5 %."""
    return int((hidden.mean(0) > ALWAYS_ON_ABOVE).sum())


def is_constant(hidden: Float[Tensor, "cases hidden"]) -> Bool[Tensor, " hidden"]:
    """Units whose probability deviates by less than 0.01 over the cases, at whatever mean: they answer all alike."""
    # Many times faster than `std`, which walks down the columns.
    return (hidden - hidden.mean(0)).square_().mean(0).sqrt_() < CONSTANT_BELOW


def is_dead(hidden: Float[Tensor, "cases hidden"]) -> Bool[Tensor, " hidden"]:
    """Units whose mean probability over the cases is below 0.5 %."""
    return hidden.mean(0) < DEAD_BELOW


def constant_units(hidden: Float[Tensor, "cases hidden"]) -> int:
    """How many units are constant: a unit that never changes is as dead as one that is never on."""
    return int(is_constant(hidden).sum())


def quietest_tenth(hidden: Float[Tensor, "cases hidden"]) -> float:
    """Mean activity of the unit that a tenth of the units lie below, or at: it falls long before they are dead."""
    means = hidden.mean(0)
    return means.kthvalue(max(1, math.ceil(len(means) / 10))).values.item()


def likeness(hidden: Float[Tensor, "cases hidden"]) -> float:
    """Mean absolute correlation of two different units over the cases: 1 where all are copies of one another.

    Of `COMPARED` units, evenly spread, less those that are constant: they correlate with nothing. 0 for fewer than two.
    """
    some = hidden[:, :: max(1, math.ceil(hidden.shape[1] / COMPARED))]
    centred = some - some.mean(0)
    spread = centred.square().mean(0).sqrt_()
    kept = spread >= CONSTANT_BELOW
    count = int(kept.sum())
    if count < 2:
        return 0.0
    scaled = centred[:, kept] / spread[kept]
    alike = (scaled.t() @ scaled / len(scaled)).abs_().sum().item()
    return (alike - count) / (count * (count - 1))


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
