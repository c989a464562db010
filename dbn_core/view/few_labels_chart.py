"""The few-labels experiment as JSON-ready data for its chart."""

from collections.abc import Iterable
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.config.stages import FEW_LABELS_METHODS
from dbn_core.records import MetricPoint
from dbn_core.view.few_labels import TITLES, few_labels_points, few_labels_progress


def few_labels_data(metrics: Iterable[MetricPoint], config: RunConfig) -> dict[str, Any]:
    """A line a method, each point with mean, spread and the errors (%) by seed; how many trainings are done, of all."""
    points = few_labels_points(metrics)
    done, trainings = few_labels_progress(points, config)
    return {
        "done": done,
        "all": trainings,
        "methods": [
            {
                "method": method,
                "title": TITLES[method],
                "points": [
                    {
                        "labels": point.labels,
                        "mean": round(point.mean, 4),
                        "spread": round(point.spread, 4),
                        "errors": [round(error, 4) for error in point.errors],
                    }
                    for point in points
                    if point.method == method
                ],
            }
            for method in FEW_LABELS_METHODS
        ],
    }
