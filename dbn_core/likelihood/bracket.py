"""Whether AIS and its reverse, together, can be believed, and if not, what to try."""

import math

from dbn_core.likelihood.annealing import Estimate
from dbn_core.metric_table import metric_of

CLOSE = 1.0  # nats between the two estimates
_SCATTER = 1.0  # nats between the mean log weights of the two ways at which log mean exp is reliable
LOG_Z = metric_of("log_partition_ais")
_HOPELESS = 1_000_000  # temperatures


def bracket_warning(below: Estimate, above: Estimate, temperatures: int) -> str:
    """One sentence when log Z from below (AIS) and from above (reverse AIS) cannot be believed; empty when they can.

    Apart: too few temperatures. The mean log weights bound log Z from both sides, and the distance between them
    shrinks as 1 / temperatures once annealing is slow, which tells how many to try (a rule of thumb: further away it
    shrinks more slowly, and one may have to ask again). Crossed: the reverse way did not start at samples
    of the model. Together but without an end of the error bar: one chain carries the mean.
    """
    gap = above.log_partition - below.log_partition
    if gap < -CLOSE:
        return (
            f"The estimate of log Z from above lies {LOG_Z.said(-gap)} below the one from below, so neither can be "
            f"believed: the reverse way did not start at samples of the model; give it a longer burn-in, or persistent "
            f"chains to start from."
        )
    spread = (above.weights.mean() - below.weights.mean()).item()
    if gap > CLOSE:
        return (
            f"The estimates of log Z from below and from above are {LOG_Z.said(gap)} apart with {temperatures:,} "
            f"temperatures, so neither can be believed; {_advice(spread, temperatures)}."
        )
    if math.isinf(below.low) or math.isinf(above.high):
        return (
            f"The weights of {len(below.weights)} chains at {temperatures:,} temperatures scatter too much for an "
            f"error bar; {_advice(spread, temperatures)}."
        )
    return ""


def _advice(spread: float, temperatures: int) -> str:
    wanted = _rounded_up(max(2.0, spread / _SCATTER) * temperatures)
    if wanted > _HOPELESS:
        return f"not even {_HOPELESS:,} temperatures would do at this rate: the chains do not mix"
    return f"try {wanted:,} temperatures"


def _rounded_up(count: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50, ... from `count`."""
    power = 10 ** math.floor(math.log10(count))
    return next(int(step * power) for step in (1, 2, 5, 10) if step * power >= count)
