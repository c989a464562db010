"""Edges to parts as numbers: the curves of the Features page, and the source article's table beside a run's own."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dbn_core.records import MetricPoint, SnapshotInfo
from dbn_core.view import curves
from dbn_core.view.curves import Chart, Help, Series
from dbn_core.view.feed import rounded, thinned

TEXTS = Path(__file__).parents[2] / "assets" / "texts" / "features.json"
MEASURES = ("localisation", "spatial_scale")
NEAR = 0.5  # epochs within which a number counts as taken at an epoch


@dataclass(frozen=True, slots=True)
class Milestone:
    """One column of the source article's table: a 500-unit RBM on MNIST. It names no unit for its error."""

    epoch: int
    error: float
    seen: str


ARTICLE = (Milestone(1, 0.235, "edges"), Milestone(10, 0.128, "strokes"), Milestone(30, 0.082, "digit parts"))
TABLE_METRICS = ("recon_mse", "recon_ce", *MEASURES)


@cache
def texts() -> dict[str, Any]:
    """Words of the Features page, by part."""
    return json.loads(TEXTS.read_text("utf-8"))


@cache
def charts() -> tuple[Chart, ...]:
    """The curves under the scrubber: error and activity as on the Train page, then what the filters are like."""
    shared = [chart for chart in curves.charts() if chart.key in {"error", "activity"}]
    return (
        *shared,
        Chart(
            key="localisation",
            axis="% of the image",
            series=(Series("localisation", "mean over units", factor=100.0),),
            help=Help(**texts()["localisation"]),
            weight=1.0,
            suffix=" %",
        ),
        Chart(
            key="scale",
            axis="pixels",
            series=(Series("spatial_scale", "mean over units"),),
            help=Help(**texts()["scale"]),
            weight=1.0,
            suffix=" px",
        ),
    )


def charts_as_data() -> list[dict[str, Any]]:
    """The charts as JSON-ready data for the component."""
    return [asdict(chart) for chart in charts()]


def measured(points: Sequence[MetricPoint], first: bool) -> dict[str, list[list[float | None]]]:
    """`metric/stage` -> [epochs, values] of the `MEASURES`, as in a live feed; thinned at `first` sight."""
    found: dict[str, list[MetricPoint]] = {}
    for point in points:
        if point.name in MEASURES:
            found.setdefault(f"{point.name}/{point.position.stage}", []).append(point)
    kept = {key: thinned(column) if first else column for key, column in found.items()}
    return {
        key: [[round(point.position.epoch, 4) for point in column], [rounded(point.value) for point in column]]
        for key, column in kept.items()
    }


def milestones(points: Sequence[MetricPoint], filters: Sequence[SnapshotInfo]) -> list[dict[str, Any]]:
    """The article's table with this run's first layer beside it: one entry for each of its epochs.

    `run` is None where the first layer has nothing from within half an epoch. Errors of the run: `mse` squared error
    per pixel, `root` its square root, `cross_entropy` nats per pixel; `localisation` the share of the image in per
    cent; `scale` pixels; `picture` the id of the nearest picture of filters.
    """
    return [asdict(milestone) | {"run": _at(milestone.epoch, points, filters)} for milestone in ARTICLE]


def _at(epoch: int, points: Sequence[MetricPoint], filters: Sequence[SnapshotInfo]) -> dict[str, Any] | None:
    values = {name: _nearest(epoch, [point for point in points if point.name == name]) for name in TABLE_METRICS}
    pictures = [item for item in filters if item.position.stage == "layer1"]
    picture = min(pictures, key=lambda item: abs(item.position.epoch - epoch), default=None)
    if picture is None or abs(picture.position.epoch - epoch) > NEAR:
        return None
    mse = values["recon_mse"]
    local = values["localisation"]
    return {
        "picture": picture.id,
        "scale_of_weights": rounded(picture.scale),
        "epoch": round(picture.position.epoch, 2),
        "mse": _plain(mse),
        "root": _plain(math.sqrt(mse)) if mse is not None and mse >= 0 else None,
        "cross_entropy": _plain(values["recon_ce"]),
        "localisation": None if local is None else rounded(100 * local),
        "scale": _plain(values["spatial_scale"]),
    }


def _nearest(epoch: int, points: Sequence[MetricPoint]) -> float | None:
    own = [point for point in points if point.position.stage == "layer1"]
    nearest = min(own, key=lambda point: abs(point.position.epoch - epoch), default=None)
    return None if nearest is None or abs(nearest.position.epoch - epoch) > NEAR else nearest.value


def _plain(value: float | None) -> float | None:
    return None if value is None else rounded(value)
