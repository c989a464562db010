"""One answer to a live page: what has changed in a run since the page last asked, as small JSON-ready data.

The page keeps the cursors, so a point is sent once and never lost. Numbers are rounded to what can be seen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NotRequired, TypedDict

from dbn_core.config import RunConfig
from dbn_core.config.stages import depth_of, kind_of, stage_name
from dbn_core.projections import RECORDED
from dbn_core.records import CommandRecord, MetricPoint, RunInfo, SnapshotInfo
from dbn_core.view.stages import drawn_units, in_training
from dbn_core.view.status import Tone, status_line
from dbn_core.view.unit_states import UnitStates
from dbn_core.view.words import command_text

MOST_POINTS = 1200  # a curve at first sight; a screen is not wider. Later points are all sent.


@dataclass(frozen=True, slots=True)
class Known:
    """What a page has already: the last metric, acknowledged command and metric of a parent, by id; 0 for none."""

    metric: int = 0
    command: int = 0
    ghost: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """What the store holds beyond a known."""

    info: RunInfo
    points: Sequence[MetricPoint] = ()
    commands: Sequence[CommandRecord] = ()
    filters: SnapshotInfo | None = None
    reconstructions: SnapshotInfo | None = None
    drawn: frozenset[str] = field(default_factory=frozenset)  # metrics worth sending
    ghosts: Sequence[MetricPoint] = ()  # of the run that this one was branched from
    layers: Sequence[SnapshotInfo] = ()  # the newest filters of every layer, where all are in training at once
    states: Mapping[str, UnitStates] = field(default_factory=dict)  # of the units of a stage, where they are known


# -- what a page is told -----------------------------------------------------------------------------------------------

# `metric/stage` -> (epochs, values); a value that is not finite becomes a hole in the line.
Curves = dict[str, tuple[list[float], list[float | None]]]


class LiveCursor(TypedDict):
    """Ids of the last rows that a page has, of each kind: what it sends back with its next question."""

    metric: int
    command: int
    ghost: int
    frame: NotRequired[int]


class Status(TypedDict):
    """What a run is doing. `share`: the finished part of it, 0 to 1; `stages`: keys of those in training."""

    state: str
    tone: Tone
    headline: str
    facts: list[str]
    explanation: str
    share: float
    alive: bool
    epoch: float
    step: int
    epochs: float
    stages: list[str]


class Mark(TypedDict):
    """A command that was obeyed, and where it took effect; `problem` says why it was not."""

    epoch: float | None
    step: int | None
    text: str
    problem: str


class Filters(TypedDict):
    """A picture of filters.

    stage: its key; label: the stage in words. depth: of the layer, 0 where it is none. what: whose units, in words;
    of: how many units there are. responds: it shows what they respond to, else weights. scale: of the weights, or of
    the ink above and below the mean image. states: of units that take no part, as last diagnosed.
    """

    id: int
    stage: str
    label: str
    depth: int
    what: str
    epoch: float
    units: int
    of: int
    height: int
    width: int
    colour: bool
    scale: float | None
    responds: bool
    states: UnitStates | None


class Strip(TypedDict):
    """Originals above reconstructions. `depth`: through what, in words."""

    id: int
    epoch: float
    depth: str
    cases: int
    height: int
    width: int


class Live(TypedDict):
    """What has changed in a run. `ghosts`: curves of its parent; `waiting`: commands not yet obeyed, in words."""

    revision: str
    cursor: LiveCursor
    status: Status
    points: Curves
    ghosts: Curves
    marks: list[Mark]
    waiting: list[str]
    filters: Filters | None
    layers: list[Filters]
    strip: Strip | None


def feed(revision: str, known: Known, news: News) -> Live:
    """The answer; see `assets/shared/feed.js` for its reader."""
    done = [record for record in news.commands if record.position is not None or record.problem]
    waiting = [record for record in news.commands if record.position is None and not record.problem]
    return {
        "revision": revision,
        "cursor": {
            "metric": max((point.id for point in news.points), default=known.metric),
            "command": max((record.id for record in done), default=known.command),
            "ghost": max((point.id for point in news.ghosts), default=known.ghost),
        },
        "status": _status(news.info),
        "points": _curves(news.points, news.drawn, first=known.metric == 0),
        "ghosts": _curves(news.ghosts, news.drawn, first=known.ghost == 0),
        "marks": [_mark(record) for record in done],
        "waiting": [command_text(record.command) for record in waiting],
        "filters": None if news.filters is None else filters_of(news.filters, news.info.config, news.states),
        "layers": [filters_of(layer, news.info.config, news.states) for layer in news.layers],
        "strip": None if news.reconstructions is None else _strip(news.reconstructions),
    }


def _status(info: RunInfo) -> Status:
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


def _curves(all_points: Sequence[MetricPoint], drawn: frozenset[str], first: bool) -> Curves:
    curves: dict[str, list[MetricPoint]] = {}
    for point in all_points:
        if point.name in drawn:
            curves.setdefault(f"{point.name}/{point.position.stage}", []).append(point)
    return {key: _columns(thinned(points) if first else points) for key, points in curves.items()}


def _columns(points: Sequence[MetricPoint]) -> tuple[list[float], list[float | None]]:
    return [round(point.position.epoch, 4) for point in points], [rounded(point.value) for point in points]


def rounded(value: float) -> float | None:
    """Four significant digits, more than a screen shows; None where there is no number."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


def thinned(points: Sequence[MetricPoint], most: int = MOST_POINTS) -> Sequence[MetricPoint]:
    """At most `most` points, evenly spaced in order, the first and the last among them."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(index * step)] for index in range(most)]


def _mark(record: CommandRecord) -> Mark:
    position = record.position
    return {
        "epoch": None if position is None else round(position.epoch, 4),
        "step": None if position is None else position.step,
        "text": command_text(record.command),
        "problem": record.problem,
    }


def filters_of(
    info: SnapshotInfo, config: RunConfig, states: Mapping[str, UnitStates] = MappingProxyType({})
) -> Filters:
    """A picture of filters, as the mosaic draws it. states: of the units of a stage, where they are known."""
    stage = info.position.stage
    what, units = drawn_units(stage, info.projection, config)
    return {
        "id": info.id,
        "stage": stage,
        "label": stage_name(stage),
        "depth": depth_of(stage),
        "what": what,
        "epoch": round(info.position.epoch, 4),
        "units": info.shape[0],
        "of": units,
        "height": info.shape[1],
        "width": info.shape[2],
        "colour": len(info.shape) == 4,
        "scale": rounded(info.scale),
        "responds": info.projection == RECORDED,
        "states": states.get(stage),
    }


def _strip(info: SnapshotInfo) -> Strip:
    stage = info.position.stage
    through = kind_of(stage).through or stage_name(stage)
    return {
        "id": info.id,
        "epoch": round(info.position.epoch, 2),
        "depth": through,
        "cases": info.shape[1],
        "height": info.shape[2],
        "width": info.shape[3],
    }
