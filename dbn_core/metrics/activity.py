"""How much the hidden units do."""

from jaxtyping import Float
from torch import Tensor

DEAD_BELOW = 0.005  # mean activity under which a unit counts as dead


def mean_activity(hidden: Float[Tensor, "cases hidden"]) -> float:
    """Mean hidden probability over cases and units, in [0, 1]; 0.05 to 0.15 is the healthy band of sparse features."""
    return hidden.mean().item()


def dead_units(hidden: Float[Tensor, "cases hidden"]) -> int:
    """Units whose mean probability over the cases is below 0.5 %."""
    return int((hidden.mean(0) < DEAD_BELOW).sum())
