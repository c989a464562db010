"""The whole film of a run under one scrubber: where it may stand, and what each layer shows there.

Pure data for `assets/features/timeline.js`. Columns rather than rows, so that a long run stays small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.records import Position, RunInfo, SnapshotInfo
from dbn_core.view import unit_film
from dbn_core.view.feed import rounded
from dbn_core.view.stages import depth_of, whereabouts
from dbn_core.view.words import stage_name

TUNED = ("updown", "finetune")  # stages that change the first layer's units after pretraining


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that a question can be asked about."""

    id: int
    position: Position


@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything that a run has kept to look at."""

    filters: Sequence[SnapshotInfo] = ()
    frames: Sequence[SnapshotInfo] = ()
    projections: Sequence[SnapshotInfo] = ()
    checkpoints: Sequence[Kept] = ()


def timeline(info: RunInfo, recorded: Recorded) -> dict[str, Any]:
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
    stages = config.stages
    found = []
    if config.epochs or "finetune" in stages or "updown" in stages:
        for depth, units in enumerate(config.layers, 1):
            tuned = TUNED if depth == 1 else ()
            found.append(Panel(f"layer{depth}", depth, units, (f"layer{depth}", *tuned)))
    if "vae" in stages:
        found.append(Panel("vae", 0, config.vae.hidden, ("vae",)))
    return tuple(found)


def _positions(config: RunConfig, filters: Sequence[SnapshotInfo]) -> dict[str, list[Any]]:
    """Every moment at which something was drawn, with the stage it belongs to."""
    sources = {source for panel in panels(config) for source in panel.sources}
    moments = {item.position.step: item.position for item in filters if item.position.stage in sources}
    ordered = [moments[step] for step in sorted(moments)]
    return {
        "step": [position.step for position in ordered],
        "epoch": [_epoch(position) for position in ordered],
        "stage": [whereabouts(config, position.stage) for position in ordered],
    }


def _layer(panel: Panel, recorded: Recorded) -> dict[str, Any]:
    pictures = [item for source in panel.sources for item in _of(recorded.filters, source)]
    own = [item for item in pictures if item.position.stage == panel.stage]
    shape = pictures[-1].shape if pictures else (0, 1, 1)
    return {
        "stage": panel.stage,
        "label": stage_name(panel.stage),
        "depth": panel.depth,
        "units": panel.units,
        "shown": shape[0],
        "height": shape[1],
        "width": shape[2],
        "colour": len(shape) == 4,
        "projection": own[-1].projection if own else "",
        "pictures": _columns(pictures)
        | {
            "scale": [rounded(item.scale) for item in pictures],
            "tuned": [_tuned(item) for item in pictures],
        },
        "film": unit_film.chosen([item.position.step for item in pictures]),
        "frames": _columns(_of(recorded.frames, panel.stage)),
        "projections": [
            {
                "id": item.id,
                "step": item.position.step,
                "epoch": _epoch(item.position),
                "projection": item.projection,
                "shown": item.shape[0],
            }
            for item in _of(recorded.projections, panel.stage)
        ],
    }


def _tuned(info: SnapshotInfo) -> str:
    """As in "generative weights, up-down" for a picture from after pretraining; "" for a layer's own."""
    stage = info.position.stage
    if stage not in TUNED:
        return ""
    what = "" if info.projection == "weights" else f"{info.projection}, "
    return f"{what}{stage_name(stage)}"


def _of(items: Sequence[SnapshotInfo], stage: str) -> list[SnapshotInfo]:
    """Of one stage, by step; of two at the same step (a run that went on after a crash) the newer one."""
    by_step = {(item.position.step, item.projection): item for item in items if item.position.stage == stage}
    return sorted(by_step.values(), key=lambda item: item.position.step)


def _columns(items: Sequence[SnapshotInfo]) -> dict[str, list[Any]]:
    return {
        "id": [item.id for item in items],
        "step": [item.position.step for item in items],
        "epoch": [_epoch(item.position) for item in items],
    }


def _checkpoints(checkpoints: Sequence[Kept], layers: int) -> dict[str, list[Any]]:
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
