"""The charts of the A/B page: each shows a metric of both runs, and their difference where both were measured."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dbn_core.records import MetricPoint
from dbn_core.view.diagnosis import CardHelp
from dbn_core.view.feed import MOST_POINTS

TEXTS = Path(__file__).parents[2] / "assets" / "texts" / "ab.json"


@dataclass(frozen=True, slots=True)
class Comparison:
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
def comparisons() -> tuple[Comparison, ...]:
    """The charts, from left to right."""
    texts = {key: CardHelp(**text) for key, text in json.loads(TEXTS.read_text("utf-8")).items()}
    return (
        Comparison("error", "heldout_recon_mse", "squared error per pixel", texts["error"]),
        Comparison("activity", "sparsity", "% of units on", texts["activity"], factor=100.0, suffix=" %"),
        Comparison("gap", "free_energy_gap", "nats", texts["gap"]),
        Comparison("dead", "dead_units", "dead units", texts["dead"]),
        Comparison("wrong", "heldout_error", "% wrong", texts["wrong"], suffix=" %", optional=True),
        Comparison(
            "likelihood", "log_likelihood_ais", "nats per image", texts["likelihood"], optional=True, from_zero=False
        ),
    )


def as_data() -> list[dict[str, Any]]:
    """The charts as JSON-ready data for the component."""
    return [asdict(item) for item in comparisons()]


def meeting(points: Sequence[MetricPoint]) -> Sequence[MetricPoint]:
    """Points where another run of the same plan is measured too; all of them while they are few.

    Looks within an epoch come by the clock, so two long runs meet at the ends of epochs only, and thinning each run by
    itself would leave no meeting at all.
    """
    if len(points) <= MOST_POINTS:
        return points
    return [point for point in points if point.position.epoch.is_integer()]
