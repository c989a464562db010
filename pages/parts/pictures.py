"""Pictures and frames of runs from the store, the last few kept in memory: ids mean something within one store only."""

from functools import lru_cache

import numpy as np
from starlette.exceptions import HTTPException

from dbn_core.frames import Frame
from dbn_core.records import Snapshot
from dbn_core.view.filter_measures import picture_measures
from pages.parts import lab


@lru_cache(maxsize=128)
def snapshot(store_url: str, run_id: str, snapshot_id: int) -> Snapshot:
    """A picture. Raises StoreError when it is not there (any more)."""
    del store_url
    return lab.store().run(run_id).snapshot(snapshot_id)


def pixels(store_url: str, run_id: str, snapshot_id: int, kind: str) -> np.ndarray:
    """The pixels of a picture of this kind; 404 for one of another kind."""
    found = snapshot(store_url, run_id, snapshot_id)
    if found.info.kind != kind:
        raise HTTPException(404)
    return found.pixels


@lru_cache(maxsize=512)
def frame(store_url: str, run_id: str, frame_id: int) -> Frame:
    """The figures of units and the histograms of a frame of diagnostics; 404 for anything else."""
    del store_url
    found = lab.store().run(run_id).snapshot(frame_id)
    if found.info.kind != "diagnostics":
        raise HTTPException(404)
    whole = Frame.from_snapshot(found)
    # What nobody draws here is large: five hundred frames of it would be too much to keep.
    drawn = {name: array for name, array in whole.arrays.items() if name.startswith(("unit.", "histogram."))}
    return Frame(whole.position, drawn)


@lru_cache(maxsize=8192)
def measures(store_url: str, run_id: str, snapshot_id: int) -> tuple[float, float]:
    """(localisation, spatial scale) of a picture of filters."""
    # Not through the cache of pictures: a walk through all of them would sweep out those on the screen.
    del store_url
    return picture_measures(lab.store().run(run_id).snapshot(snapshot_id).pixels)
