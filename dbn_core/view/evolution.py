"""Edges to parts as numbers: the curves of the Features page, and the source article's table beside a run's own."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

from dbn_core.config.stages import layer_stage
from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint, Position, SnapshotInfo
from dbn_core.view import curves
from dbn_core.view.curves import Chart
from dbn_core.view.feed import Curves, rounded
from dbn_core.view.texts import texts

MEASURES = ("localisation", "spatial_scale")
FIRST = layer_stage(1)
NEAR = 0.5  # epochs within which a number counts as taken at an epoch


@dataclass(frozen=True, slots=True)
class Milestone:
    """One column of the source article's table: a 500-unit RBM on MNIST. It names no unit for its error."""

    epoch: int
    error: float
    seen: str


class OwnColumn(TypedDict):
    """A run's first layer at an epoch of the article.

    Errors: `mse` squared error per pixel, `root` its square root, `cross_entropy` nats per pixel; `localisation` the
    share of the image in per cent; `scale` pixels; both of the picture, which is None where none was kept.
    """

    picture: int | None
    epoch: float
    mse: float | None
    root: float | None
    cross_entropy: float | None
    localisation: float | None
    scale: float | None


class ArticleColumn(TypedDict):
    """A milestone with this run beside it; `run` is None where the run has not come so far."""

    epoch: int
    error: float
    seen: str
    run: OwnColumn | None


ARTICLE = (Milestone(1, 0.235, "edges"), Milestone(10, 0.128, "strokes"), Milestone(30, 0.082, "digit parts"))
ERRORS = ("recon_mse", "recon_ce")


@cache
def charts() -> tuple[Chart, ...]:
    """The curves under the scrubber: error and activity as on the Train page, then what the filters are like."""
    shared = [chart for chart in curves.charts() if chart.key in {"error", "activity"}]
    own = (
        curves.chart(key, curves.series(metric, "mean over the units drawn"), page="features")
        for key, metric in zip(("localisation", "scale"), MEASURES, strict=True)
    )
    return (*shared, *own)


def page_texts() -> dict[str, Any]:
    """The words of the page; those of the article's table with the heads of its rows."""
    words = texts("features")
    heads = {
        "mse": metric_of("recon_mse").unit,
        "root": f"its root, {metric_of('recon_mse').sign}",
        "cross_entropy": f"cross-entropy, {metric_of('recon_ce').unit}",
        "localisation": f"localisation, {metric_of('localisation').unit}",
        "scale": f"spatial scale, {metric_of('spatial_scale').unit}",
    }
    return words | {"article": words["article"] | {"rows": list(heads.items())}}


def measured(rows: Sequence[tuple[Position, tuple[float, float]]]) -> Curves:
    """Curves of the `MEASURES`, in the form of a live feed.

    rows: moments with the (localisation, spatial scale) of the filters drawn there.
    """
    columns: Curves = {}
    for position, values in rows:
        for name, value in zip(MEASURES, values, strict=True):
            epochs, numbers = columns.setdefault(f"{name}/{position.stage}", ([], []))
            epochs.append(round(position.epoch, 4))
            numbers.append(rounded(value))
    return columns


def pictured(filters: Sequence[SnapshotInfo]) -> list[SnapshotInfo | None]:
    """For each of the article's epochs the first layer's nearest picture, None where there is none within `NEAR`."""
    own = [item for item in filters if item.position.stage == FIRST]
    nearest = [min(own, key=lambda item: abs(item.position.epoch - at.epoch), default=None) for at in ARTICLE]
    return [
        item if item is not None and abs(item.position.epoch - at.epoch) <= NEAR else None
        for at, item in zip(ARTICLE, nearest, strict=True)
    ]


def milestones(
    points: Sequence[MetricPoint],
    pictures: Sequence[SnapshotInfo | None],
    measures: Mapping[int, tuple[float, float]],
) -> list[ArticleColumn]:
    """The article's table with this run's first layer beside it: one entry for each of its epochs.

    pictures: of each epoch, from `pictured`; measures: their (localisation, spatial scale in pixels) by id.
    """
    return [
        {
            "epoch": milestone.epoch,
            "error": milestone.error,
            "seen": milestone.seen,
            "run": _at(milestone.epoch, points, picture, measures),
        }
        for milestone, picture in zip(ARTICLE, pictures, strict=True)
    ]


def _at(
    epoch: int, points: Sequence[MetricPoint], picture: SnapshotInfo | None, measures: Mapping[int, tuple[float, float]]
) -> OwnColumn | None:
    values = {name: _nearest(epoch, [point for point in points if point.name == name]) for name in ERRORS}
    mse = values["recon_mse"]
    if picture is None and all(value is None for value in values.values()):
        return None
    local, scale = (None, None) if picture is None else measures[picture.id]
    return {
        "picture": None if picture is None else picture.id,
        "epoch": float(epoch) if picture is None else round(picture.position.epoch, 2),
        "mse": _plain(mse),
        "root": _plain(math.sqrt(mse)) if mse is not None and mse >= 0 else None,
        "cross_entropy": _plain(values["recon_ce"]),
        "localisation": None if local is None else rounded(local * metric_of("localisation").factor),
        "scale": None if scale is None else rounded(scale),
    }


def _nearest(epoch: int, points: Sequence[MetricPoint]) -> float | None:
    own = [point for point in points if point.position.stage == FIRST]
    nearest = min(own, key=lambda point: abs(point.position.epoch - epoch), default=None)
    return None if nearest is None or abs(nearest.position.epoch - epoch) > NEAR else nearest.value


def _plain(value: float | None) -> float | None:
    return None if value is None else rounded(value)
