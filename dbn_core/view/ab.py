"""The charts of the A/B page: each shows a metric of both runs, and their difference where both were measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint
from dbn_core.view.diagnosis import CardHelp
from dbn_core.view.feed import MOST_POINTS
from dbn_core.view.texts import texts


@dataclass(frozen=True, slots=True)
class AbChart:
    """One metric of two runs. `factor` turns the stored number into the unit of the axis.

    optional: not shown where neither run has it. from_zero: the axis begins at 0.
    """

    key: str
    metric: str
    axis: str
    help: CardHelp
    factor: float = 1.0
    suffix: str = ""
    optional: bool = False
    from_zero: bool = True


@cache
def charts() -> tuple[AbChart, ...]:
    """The charts, from left to right."""
    return (
        _chart("error", "heldout_recon_mse"),
        _chart("activity", "sparsity"),
        _chart("gap", "free_energy_gap"),
        _chart("dead", "dead_units"),
        _chart("wrong", "heldout_error", optional=True),
        _chart("likelihood", "log_likelihood_ais", optional=True, from_zero=False),
    )


def _chart(key: str, metric: str, **options: bool) -> AbChart:
    row = metric_of(metric)
    return AbChart(key, metric, row.axis_title, CardHelp(**texts("ab")[key]), row.factor, row.on_ticks, **options)


def meeting(points: Sequence[MetricPoint]) -> Sequence[MetricPoint]:
    """Points where another run of the same plan is measured too; all of them while they are few.

    Looks within an epoch come by the clock, so two long runs meet at the ends of epochs only, and thinning each run by
    itself would leave no meeting at all.
    """
    if len(points) <= MOST_POINTS:
        return points
    return [point for point in points if point.position.epoch.is_integer()]
