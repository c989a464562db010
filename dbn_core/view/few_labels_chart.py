"""The few-labels experiment as JSON-ready data for its chart."""

from collections.abc import Iterable
from typing import TypedDict

from dbn_core.config import RunConfig
from dbn_core.config.groups import FEW_LABELS_METHODS
from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint
from dbn_core.view.few_labels import TITLES, few_labels_points, few_labels_progress


class FewLabelsPoint(TypedDict):
    """The errors of one method with so many labels, in % by seed."""

    labels: int
    mean: float
    spread: float
    errors: list[float]


class FewLabelsLine(TypedDict):
    """One method."""

    method: str
    title: str
    points: list[FewLabelsPoint]


class FewLabels(TypedDict):
    """The experiment so far: how many trainings are done, of all."""

    done: int
    all: int
    axis: str
    sign: str
    methods: list[FewLabelsLine]


def few_labels_data(metrics: Iterable[MetricPoint], config: RunConfig) -> FewLabels:
    """A line a method, each point with mean, spread and the errors (%) by seed; how many trainings are done, of all."""
    points = few_labels_points(metrics)
    done, trainings = few_labels_progress(points, config)
    return {
        "done": done,
        "all": trainings,
        "axis": metric_of("test_error").axis_title,
        "sign": metric_of("test_error").sign,
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
