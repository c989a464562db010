"""One answer to a live page: what has changed in a run since the page last asked, as small JSON-ready data.

The page keeps the cursors, so a point is sent once and never lost. Numbers are rounded to what can be seen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.records import CommandRecord, MetricPoint, RunInfo, SnapshotInfo
from dbn_core.view.stages import drawn_units, in_training
from dbn_core.view.status import status_line
from dbn_core.view.words import command_text, stage_name

MOST_POINTS = 1200  # a curve at first sight; a screen is not wider. Later points are all sent.


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a page has already: the last metric, acknowledged command and metric of a parent, by id; 0 for none."""

    metric: int = 0
    command: int = 0
    ghost: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """What the store holds beyond a cursor."""

    info: RunInfo
    points: Sequence[MetricPoint] = ()
    commands: Sequence[CommandRecord] = ()
    filters: SnapshotInfo | None = None
    reconstructions: SnapshotInfo | None = None
    drawn: frozenset[str] = field(default_factory=frozenset)  # metrics worth sending
    ghosts: Sequence[MetricPoint] = ()  # of the run that this one was branched from
    layers: Sequence[SnapshotInfo] = ()  # the newest filters of every layer, where all are in training at once


def feed(revision: str, cursor: Cursor, news: News) -> dict[str, Any]:
    """The answer; see `assets/live/feed.js` for its reader."""
    done = [record for record in news.commands if record.position is not None or record.problem]
    waiting = [record for record in news.commands if record.position is None and not record.problem]
    return {
        "revision": revision,
        "cursor": {
            "metric": max((point.id for point in news.points), default=cursor.metric),
            "command": max((record.id for record in done), default=cursor.command),
            "ghost": max((point.id for point in news.ghosts), default=cursor.ghost),
        },
        "status": _status(news.info),
        "points": _curves(news.points, news.drawn, first=cursor.metric == 0),
        "ghosts": _curves(news.ghosts, news.drawn, first=cursor.ghost == 0),
        "marks": [_mark(record) for record in done],
        "waiting": [command_text(record.command) for record in waiting],
        "filters": None if news.filters is None else _filters(news.filters, news.info.config),
        "layers": [_filters(layer, news.info.config) for layer in news.layers],
        "strip": None if news.reconstructions is None else _strip(news.reconstructions),
    }


def _status(info: RunInfo) -> dict[str, Any]:
    line = status_line(info)
    return {
        "state": line.state,
        "tone": line.tone,
        "headline": line.headline,
        "facts": list(line.facts),
        "explanation": line.explanation,
        "share": round(line.share, 4),
        "alive": line.is_alive,
        "epoch": round(info.progress.position.epoch, 4),
        "step": info.progress.position.step,
        "epochs": info.progress.epochs,
        "stages": list(in_training(info.config, info.progress.position.stage)),
    }


def _curves(
    all_points: Sequence[MetricPoint], drawn: frozenset[str], first: bool
) -> dict[str, list[list[float | None]]]:
    """`metric/stage` -> [epochs, values]; a value that is not finite becomes a hole in the line."""
    found: dict[str, list[MetricPoint]] = {}
    for point in all_points:
        if point.name in drawn:
            found.setdefault(f"{point.name}/{point.position.stage}", []).append(point)
    return {key: _columns(thinned(points) if first else points) for key, points in found.items()}


def _columns(points: Sequence[MetricPoint]) -> list[list[float | None]]:
    return [[round(point.position.epoch, 4) for point in points], [rounded(point.value) for point in points]]


def rounded(value: float) -> float | None:
    """Four significant digits, more than a screen shows; None where there is no number."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


def thinned(points: Sequence[MetricPoint], most: int = MOST_POINTS) -> Sequence[MetricPoint]:
    """At most `most` points, evenly spaced in order, the first and the last among them."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(index * step)] for index in range(most)]


def _mark(record: CommandRecord) -> dict[str, Any]:
    position = record.position
    return {
        "epoch": None if position is None else round(position.epoch, 4),
        "step": None if position is None else position.step,
        "text": command_text(record.command),
        "problem": record.problem,
    }


def _filters(info: SnapshotInfo, config: RunConfig) -> dict[str, Any]:
    stage = info.position.stage
    what, units = drawn_units(stage, info.projection, config)
    return {
        "id": info.id,
        "stage": stage_name(stage),
        "what": what,
        "epoch": round(info.position.epoch, 2),
        "units": info.shape[0],
        "of": units,
        "height": info.shape[1],
        "width": info.shape[2],
        "colour": len(info.shape) == 4,
        "scale": rounded(info.scale),
        "projection": info.projection,
    }


def _strip(info: SnapshotInfo) -> dict[str, Any]:
    stage = info.position.stage
    through = {"updown": "all layers, tuned by up-down,", "vae": "the VAE"}.get(stage, stage_name(stage))
    return {
        "id": info.id,
        "epoch": round(info.position.epoch, 2),
        "depth": through,
        "cases": info.shape[1],
        "height": info.shape[2],
        "width": info.shape[3],
    }
