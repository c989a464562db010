"""The whole film of a run under one scrubber: where it may stand, and what each layer shows there.

Pure data for `assets/features/timeline.js`. Columns rather than rows, so that a long run stays small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dbn_core.records import Position, RunInfo, SnapshotInfo
from dbn_core.view import unit_film
from dbn_core.view.feed import rounded
from dbn_core.view.words import stage_name


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


def depth_of(stage: str) -> int:
    """`layer3` -> 3; 0 for a stage that is no layer's own."""
    number = stage.removeprefix("layer")
    return int(number) if number != stage and number.isdecimal() else 0


def timeline(info: RunInfo, recorded: Recorded) -> dict[str, Any]:
    """Positions of the scrubber and, for each layer, its pictures, frames and projections, by rising step."""
    layers = [_layer(depth, units, recorded) for depth, units in enumerate(info.config.layers, 1)]
    return {
        "positions": _positions(recorded.filters),
        "layers": layers,
        "checkpoints": _checkpoints(recorded.checkpoints, len(layers)),
    }


def _positions(filters: Sequence[SnapshotInfo]) -> dict[str, list[Any]]:
    """Every moment at which some layer was drawn."""
    moments = {item.position.step: item.position for item in filters if depth_of(item.position.stage)}
    ordered = [moments[step] for step in sorted(moments)]
    return {
        "step": [position.step for position in ordered],
        "epoch": [_epoch(position) for position in ordered],
        "depth": [depth_of(position.stage) for position in ordered],
    }


def _layer(depth: int, units: int, recorded: Recorded) -> dict[str, Any]:
    stage = f"layer{depth}"
    pictures = _of(recorded.filters, stage)
    shape = pictures[-1].shape if pictures else (0, 1, 1)
    return {
        "stage": stage,
        "label": stage_name(stage),
        "depth": depth,
        "units": units,
        "shown": shape[0],
        "height": shape[1],
        "width": shape[2],
        "projection": pictures[-1].projection if pictures else "",
        "pictures": _columns(pictures) | {"scale": [rounded(item.scale) for item in pictures]},
        "film": unit_film.chosen([item.position.step for item in pictures]),
        "frames": _columns(_of(recorded.frames, stage)),
        "projections": [
            {
                "id": item.id,
                "step": item.position.step,
                "epoch": _epoch(item.position),
                "projection": item.projection,
                "shown": item.shape[0],
            }
            for item in _of(recorded.projections, stage)
        ],
    }


def _of(items: Sequence[SnapshotInfo], stage: str) -> list[SnapshotInfo]:
    """Of one layer, by step; of two at the same step (a run that went on after a crash) the newer one."""
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
