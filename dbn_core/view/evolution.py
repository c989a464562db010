"""Edges to parts as numbers: the curves of the Features page, and the source article's table beside a run's own."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dbn_core.records import MetricPoint, Position, SnapshotInfo
from dbn_core.view import curves
from dbn_core.view.curves import Chart, Help, Series
from dbn_core.view.feed import rounded

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
ERRORS = ("recon_mse", "recon_ce")


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
            series=(Series("localisation", "mean over the units drawn", factor=100.0),),
            help=Help(**texts()["localisation"]),
            weight=1.0,
            hover=" % of the image",
            suffix=" %",
        ),
        Chart(
            key="scale",
            axis="pixels",
            series=(Series("spatial_scale", "mean over the units drawn"),),
            help=Help(**texts()["scale"]),
            weight=1.0,
            hover=" pixels",
            suffix=" px",
        ),
    )


def charts_as_data() -> list[dict[str, Any]]:
    """The charts as JSON-ready data for the component."""
    return [asdict(chart) for chart in charts()]


def measured(rows: Sequence[tuple[Position, tuple[float, float]]]) -> dict[str, list[list[float | None]]]:
    """`metric/stage` -> [epochs, values] of the `MEASURES`, in the form of a live feed.

    rows: moments with the (localisation, spatial scale) of the filters drawn there.
    """
    found: dict[str, list[list[float | None]]] = {}
    for position, values in rows:
        for name, value in zip(MEASURES, values, strict=True):
            epochs, numbers = found.setdefault(f"{name}/{position.stage}", [[], []])
            epochs.append(round(position.epoch, 4))
            numbers.append(rounded(value))
    return found


def pictured(filters: Sequence[SnapshotInfo]) -> list[SnapshotInfo | None]:
    """For each of the article's epochs the first layer's nearest picture, None where there is none within `NEAR`."""
    own = [item for item in filters if item.position.stage == "layer1"]
    nearest = [min(own, key=lambda item: abs(item.position.epoch - at.epoch), default=None) for at in ARTICLE]
    return [
        found if found is not None and abs(found.position.epoch - at.epoch) <= NEAR else None
        for at, found in zip(ARTICLE, nearest, strict=True)
    ]


def milestones(
    points: Sequence[MetricPoint],
    pictures: Sequence[SnapshotInfo | None],
    measures: Mapping[int, tuple[float, float]],
) -> list[dict[str, Any]]:
    """The article's table with this run's first layer beside it: one entry for each of its epochs.

    pictures: of each epoch, from `pictured`; measures: their (localisation, spatial scale in pixels) by id.
    `run` is None where there is no picture. Errors of the run: `mse` squared error per pixel, `root` its square root,
    `cross_entropy` nats per pixel; `localisation` the share of the image in per cent; `scale` pixels.
    """
    return [
        asdict(milestone) | {"run": None if picture is None else _at(milestone.epoch, points, picture, measures)}
        for milestone, picture in zip(ARTICLE, pictures, strict=True)
    ]


def _at(
    epoch: int, points: Sequence[MetricPoint], picture: SnapshotInfo, measures: Mapping[int, tuple[float, float]]
) -> dict[str, Any]:
    values = {name: _nearest(epoch, [point for point in points if point.name == name]) for name in ERRORS}
    mse = values["recon_mse"]
    local, scale = measures[picture.id]
    return {
        "picture": picture.id,
        "epoch": round(picture.position.epoch, 2),
        "mse": _plain(mse),
        "root": _plain(math.sqrt(mse)) if mse is not None and mse >= 0 else None,
        "cross_entropy": _plain(values["recon_ce"]),
        "localisation": rounded(100 * local),
        "scale": rounded(scale),
    }


def _nearest(epoch: int, points: Sequence[MetricPoint]) -> float | None:
    own = [point for point in points if point.position.stage == "layer1"]
    nearest = min(own, key=lambda point: abs(point.position.epoch - epoch), default=None)
    return None if nearest is None or abs(nearest.position.epoch - epoch) > NEAR else nearest.value


def _plain(value: float | None) -> float | None:
    return None if value is None else rounded(value)
