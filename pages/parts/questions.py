"""What the Features page asks a worker: projections of deep units, and what excites a unit. One question at a time.

Answers are kept, projections in the store and the rest in memory, so that thirty viewers cost one computation.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np

from dbn_core.errors import StoreError
from dbn_core.records import Position, Snapshot, SnapshotInfo
from dbn_core.store import Run
from pages.parts import lab

PATIENCE = 120.0  # seconds: a deep layer sampled down while both cores train
SHOWN = 100  # units projected at once, as many as a picture of filters has
PROJECTIONS = ("activation maximisation", "clamp and sample down")  # linear combinations are recorded while training

# Questions of all viewers wait here in line; whoever asks the same as the one before finds it answered.
turn = ThreadPoolExecutor(1, "questions")


def projection(run_id: str, checkpoint_id: int, layer: int, kind: str) -> SnapshotInfo:
    """The picture of a layer's units at a checkpoint, from the store or, the first time, from a worker.

    Raises StoreError for a layer or checkpoint that is not there, JobError when no worker answers.
    """
    run = lab.store().run(run_id)
    step = _checkpoint_step(run, checkpoint_id)
    stage = f"layer{layer}"
    for info in run.snapshots(stage=stage, kind="projection"):
        if (info.position.step, info.projection) == (step, kind):
            return info
    answer = lab.cluster().ask(
        "dbn_core.inference:project", lab.store().url, run_id, checkpoint_id, layer, kind, 0, SHOWN, timeout=PATIENCE
    )
    pixels = np.asarray(answer["pixels"], np.uint8)
    at: Position = answer["position"]
    # Kept under the layer that it shows, which need not be the one in training there.
    where = Position(at.step, at.epoch, stage)
    info = SnapshotInfo("projection", where, pixels.shape, float(answer["scale"]), kind)
    run.keep_projection(Snapshot(info, pixels))
    newest = run.latest_snapshot("projection", stage)
    assert newest is not None
    return newest


@lru_cache(maxsize=256)
def life(store_url: str, run_id: str, checkpoint_id: int, layer: int, unit: int) -> dict[str, Any]:
    """What excites a unit at a checkpoint, and what it is made of; see `dbn_core.inference.unit_life`."""
    return lab.cluster().ask(
        "dbn_core.inference:unit_life", store_url, run_id, checkpoint_id, layer, unit, timeout=PATIENCE
    )


def _checkpoint_step(run: Run, checkpoint_id: int) -> int:
    for info in run.checkpoints():
        if info.id == checkpoint_id:
            return info.position.step
    raise StoreError(f"Checkpoint {checkpoint_id} of this run is no longer kept; choose another epoch.")
