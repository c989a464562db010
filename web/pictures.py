"""Pictures and frames of runs from the store, the last few kept in memory."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from starlette.exceptions import HTTPException

from dbn_core.frames import Frame
from dbn_core.projections import INK
from dbn_core.records import Snapshot, SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import mosaic, reconstructions
from dbn_core.view.filter_measures import picture_measures
from dbn_core.view.mosaic import Contrast, MosaicOptions
from dbn_core.view.palette import Scheme, Theme
from dbn_core.view.unit_states import UnitStates, unit_states
from web import lab
from web.answers import one_of
from web.kept import keep

NEWEST = 32  # pictures kept of each kind, 70 KB at most: whoever looks on sees the last one, and browsers keep the rest


@keep(128)
def snapshot(run_id: str, snapshot_id: int) -> Snapshot:
    """A picture. Raises NotKeptError when it is not there (any more)."""
    return lab.store().run(run_id).snapshot(snapshot_id)


def signed(run_id: str, snapshot_id: int) -> np.ndarray:
    """The pixels of units around zero: filters, or a projection that is signed as they are; 404 for anything else."""
    kept = snapshot(run_id, snapshot_id)
    if kept.info.kind != "filters":
        _checked(kept, "projection")
        if kept.info.projection in INK:
            raise HTTPException(404)
    return kept.pixels


def ink(run_id: str, snapshot_id: int) -> np.ndarray:
    """The pixels of a projection that is an image; 404 for anything else."""
    kept = _checked(snapshot(run_id, snapshot_id), "projection")
    if kept.info.projection not in INK:
        raise HTTPException(404)
    return kept.pixels


@keep(128)
def frame(run_id: str, frame_id: int) -> Frame:
    """A frame of diagnostics; 404 for anything else."""
    return _read_frame(run_id, frame_id)


@keep(512)
def unit_frame(run_id: str, frame_id: int) -> Frame:
    """Its figures of units and histograms only, for what draws many frames at once."""
    whole = _read_frame(run_id, frame_id)
    drawn = {name: array for name, array in whole.arrays.items() if name.startswith(("unit.", "histogram."))}
    return Frame(whole.position, drawn)


def states_of(run: Run, pictures: Iterable[SnapshotInfo | None]) -> dict[str, UnitStates]:
    """Which of the units drawn take no part, as last diagnosed, by the stage of the picture; none for one without."""
    states: dict[str, UnitStates] = {}
    for picture in pictures:
        stage = picture.position.stage if picture else ""
        diagnosed = run.latest_snapshot("diagnostics", stage) if stage else None
        if picture and diagnosed:
            states[stage] = unit_states(unit_frame(run.id, diagnosed.id).arrays, picture.shape[0])
    return states


def states_at(run: Run, drawn: Iterable[SnapshotInfo]) -> dict[int, UnitStates]:
    """The same at the moment of each picture, by its id: as last diagnosed before it in its stage."""
    frames: dict[str, list[tuple[int, int]]] = {}  # (step, id), in order
    for step, frame_id, stage in sorted(
        (it.position.step, it.id, it.position.stage) for it in run.snapshots(kind="diagnostics")
    ):
        frames.setdefault(stage, []).append((step, frame_id))
    states: dict[int, UnitStates] = {}
    for item in drawn:
        of_stage = frames.get(item.position.stage, [])
        place = bisect_right(of_stage, item.position.step, key=lambda each: each[0])
        if place:
            states[item.id] = _states_in(run.id, of_stage[place - 1][1], item.shape[0])
    return states


@keep(8192)
def _states_in(run_id: str, frame_id: int, shown: int) -> UnitStates:
    # Not through the cache of frames: a walk through all of them would sweep out those on the screen.
    return unit_states(_read_frame(run_id, frame_id).arrays, shown)


@keep(8192)
def measures(run_id: str, snapshot_id: int) -> tuple[float, float]:
    """(localisation, spatial scale) of a picture of filters."""
    # Not through the cache of pictures: a walk through all of them would sweep out those on the screen.
    return picture_measures(lab.store().run(run_id).snapshot(snapshot_id).pixels)


def mosaic_options(params: Mapping[str, Any], columns: int, rows: int) -> MosaicOptions:
    """How a mosaic is drawn, by the parts of its address; 404 for a choice, 400 for a size that there is not."""
    try:
        return MosaicOptions(
            columns=columns,
            rows=rows,
            theme=one_of(params["theme"], Theme),
            scheme=one_of(params["scheme"], Scheme),
            contrast=one_of(params["contrast"], Contrast),
            scale=params["scale"],
        )
    except ValueError as error:
        raise HTTPException(400, str(error)) from error


# -- of a live page ---------------------------------------------------------------------------------------------------


@keep(NEWEST)
def filters(run_id: str, snapshot_id: int, options: MosaicOptions) -> bytes:
    """A mosaic of filters as PNG."""
    return mosaic.mosaic(_read(run_id, snapshot_id, "filters").pixels, options)


@keep(NEWEST)
def strip(run_id: str, snapshot_id: int, cases: int, theme: Theme, scale: int) -> bytes:
    """Originals above reconstructions as PNG."""
    return reconstructions.strip(_read(run_id, snapshot_id, "reconstructions").pixels, cases, theme, scale)


def _read(run_id: str, snapshot_id: int, kind: str) -> Snapshot:
    return _checked(lab.store().run(run_id).snapshot(snapshot_id), kind)


def _read_frame(run_id: str, frame_id: int) -> Frame:
    return Frame.from_snapshot(_read(run_id, frame_id, "diagnostics"))


def _checked(snapshot: Snapshot, kind: str) -> Snapshot:
    if snapshot.info.kind != kind:
        raise HTTPException(404)
    return snapshot
