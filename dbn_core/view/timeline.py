"""The whole film of a run under one scrubber: where it may stand, and what each layer shows there.

Pure data for `assets/features/timeline.js`. Columns rather than rows, so that a long run stays small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from dbn_core.config import RunConfig
from dbn_core.config.stages import LATER, depth_of, kind_of, layer_stage, stage_name
from dbn_core.projections import INK, LABELS, ON_REQUEST, RECORDED, Drawn, first_of
from dbn_core.records import Position, RunInfo, SnapshotInfo
from dbn_core.view import unit_film
from dbn_core.view.feed import rounded
from dbn_core.view.stages import whereabouts

TUNED = tuple(kind.name for kind in LATER if kind.tunes_first_layer)  # their pictures go on with its film


@dataclass(frozen=True, slots=True)
class Askable:
    """A checkpoint that a question can be asked about."""

    id: int
    position: Position


@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything that a run has kept to look at."""

    filters: Sequence[SnapshotInfo] = ()
    frames: Sequence[SnapshotInfo] = ()
    projections: Sequence[SnapshotInfo] = ()
    checkpoints: Sequence[Askable] = ()


# -- what a page is told: columns rather than rows, each list as long as the others ------------------------------------


class Positions(TypedDict):
    """Every moment at which something was drawn; `stage` in words; `tuning`: it tunes what pretraining left."""

    step: list[int]
    epoch: list[float]
    stage: list[str]
    tuning: list[bool]


class Columns(TypedDict):
    """Things that were kept, by rising step."""

    id: list[int]
    step: list[int]
    epoch: list[float]


class Pictures(Columns):
    """Pictures of filters. `scale`: of the weights; `tuned`: how those from after pretraining came about, else ""."""

    scale: list[float | None]
    tuned: list[str]


class Checkpoints(Columns):
    """`depth`: how many layers have begun to learn there."""

    depth: list[int]


class KeptProjection(TypedDict):
    """A picture of units by another way, made by a worker or recorded beside the film. `scale`: as of a film."""

    id: int
    step: int
    epoch: float
    projection: Drawn
    signed: bool
    scale: float | None
    shown: int


class LayerFilm(TypedDict):
    """One film. `shown`: units that have pictures; `projection`: what they show, `drawn` in words; `filmed`: the other
    projections that were recorded from the layer's beginning; `film`: a few places of `pictures`.
    """

    stage: str
    label: str
    depth: int
    units: int
    shown: int
    height: int
    width: int
    colour: bool
    projection: Drawn
    drawn: str
    filmed: list[Drawn]
    pictures: Pictures
    film: list[int]
    frames: Columns
    projections: list[KeptProjection]


class Timeline(TypedDict):
    """Where the scrubber may stand and what each layer shows there."""

    positions: Positions
    layers: list[LayerFilm]
    checkpoints: Checkpoints


def timeline(info: RunInfo, recorded: Recorded) -> Timeline:
    """Positions of the scrubber and, for each panel, its pictures, frames and projections, by rising step."""
    layers = [_layer(panel, recorded) for panel in panels(info.config)]
    return {
        "positions": _positions(info.config, recorded.filters),
        "layers": layers,
        "checkpoints": _checkpoints(recorded.checkpoints, len(info.config.layers)),
    }


@dataclass(frozen=True, slots=True)
class Panel:
    """One film beside the others: a layer of the DBN, or the decoder of a VAE.

    sources: the stages whose pictures it shows. Up-down and the classifier go on with the first layer's units, each at
    its place, so their pictures go on with its film.
    """

    stage: str
    depth: int  # 0 for one that is no layer of the DBN: nobody can be asked about its units
    units: int
    sources: tuple[str, ...]


def panels(config: RunConfig) -> tuple[Panel, ...]:
    """What the Features page shows side by side."""
    drawn = config.epochs or not config.stages.keys().isdisjoint(TUNED)
    layers = [_of_layer(depth, units) for depth, units in enumerate(config.layers, 1)] if drawn else []
    others = [
        Panel(kind.name, 0, config.value(kind.pictures.size), (kind.name,))
        for kind in map(kind_of, config.stages)
        if kind.pictures is not None and kind.pictures.size
    ]
    return (*layers, *others)


class ProjectionChoice(TypedDict):
    """A way to draw units, and its words."""

    id: Drawn
    label: str


def choices(panel: Panel) -> list[ProjectionChoice]:
    """Ways to draw a panel's units that a person may choose from, the first of them first; none for a VAE's."""
    if not panel.depth:
        return []
    ways: list[Drawn] = [first_of(panel.depth), RECORDED, *ON_REQUEST]
    if panel.depth == 1:
        ways.remove("linear_combination")  # its weights
    ways = list(dict.fromkeys(ways))
    return [{"id": way, "label": LABELS[way]} for way in ways]


def _of_layer(depth: int, units: int) -> Panel:
    own = layer_stage(depth)
    return Panel(own, depth, units, (own, *TUNED) if depth == 1 else (own,))


def _positions(config: RunConfig, filters: Sequence[SnapshotInfo]) -> Positions:
    """Every moment at which something was drawn, with the stage it belongs to."""
    sources = {source for panel in panels(config) for source in panel.sources}
    moments = {item.position.step: item.position for item in filters if item.position.stage in sources}
    ordered = [moments[step] for step in sorted(moments)]
    return {
        "step": [position.step for position in ordered],
        "epoch": [_epoch(position) for position in ordered],
        "stage": [whereabouts(config, position.stage) for position in ordered],
        "tuning": [position.stage in TUNED for position in ordered],
    }


def _layer(panel: Panel, recorded: Recorded) -> LayerFilm:
    pictures = [item for source in panel.sources for item in _of(recorded.filters, source)]
    own = [item for item in pictures if item.position.stage == panel.stage]
    shown = own[-1].projection if own else ""
    # A run that began when layers were drawn in another way has pictures of both: one way is the film.
    film = [item for item in pictures if item.position.stage != panel.stage or item.projection == shown]
    kept = [item for item in (*own, *_of(recorded.projections, panel.stage)) if item not in film]
    shape = film[-1].shape if film else (0, 1, 1)
    return {
        "stage": panel.stage,
        "label": stage_name(panel.stage),
        "depth": panel.depth,
        "units": panel.units,
        "shown": shape[0],
        "height": shape[1],
        "width": shape[2],
        "colour": len(shape) == 4,
        "projection": shown,
        "drawn": LABELS[shown],
        "filmed": _filmed(own, kept),
        "pictures": {
            **_columns(film),
            "scale": [rounded(item.scale) for item in film],
            "tuned": [_tuned(item) for item in film],
        },
        "film": unit_film.chosen([item.position.step for item in film]),
        "frames": _columns(_of(recorded.frames, panel.stage)),
        "projections": [_kept(item) for item in sorted(kept, key=lambda item: item.position.step)],
    }


def _filmed(own: Sequence[SnapshotInfo], kept: Sequence[SnapshotInfo]) -> list[Drawn]:
    """A worker that is asked answers from checkpoints, of which there is none at the beginning."""
    return list({item.projection: None for item in kept if item.position.step == own[0].position.step}) if own else []


def _kept(item: SnapshotInfo) -> KeptProjection:
    return {
        "id": item.id,
        "step": item.position.step,
        "epoch": _epoch(item.position),
        "projection": item.projection,
        "signed": item.projection not in INK,
        "scale": rounded(item.scale),
        "shown": item.shape[0],
    }


def _tuned(info: SnapshotInfo) -> str:
    """As in "generative weights, up-down" for a picture from after pretraining; "" for a layer's own."""
    stage = info.position.stage
    if stage not in TUNED:
        return ""
    what = "" if info.projection == "weights" else f"{LABELS[info.projection]}, "
    return f"{what}{stage_name(stage)}"


def _of(items: Sequence[SnapshotInfo], stage: str) -> list[SnapshotInfo]:
    """Of one stage, by step; of two at the same step (a run that went on after a crash) the newer one."""
    by_step = {(item.position.step, item.projection): item for item in items if item.position.stage == stage}
    return sorted(by_step.values(), key=lambda item: item.position.step)


def _columns(items: Sequence[SnapshotInfo]) -> Columns:
    return {
        "id": [item.id for item in items],
        "step": [item.position.step for item in items],
        "epoch": [_epoch(item.position) for item in items],
    }


def _checkpoints(checkpoints: Sequence[Askable], layers: int) -> Checkpoints:
    """With the number of layers that have begun to learn there: all of them in a stage that is no layer's own."""
    ordered = sorted(checkpoints, key=lambda kept: kept.position.step)
    return {
        "id": [kept.id for kept in ordered],
        "step": [kept.position.step for kept in ordered],
        "epoch": [_epoch(kept.position) for kept in ordered],
        "depth": [depth_of(kept.position.stage) or layers for kept in ordered],
    }


def _epoch(position: Position) -> float:
    return round(position.epoch, 4)
