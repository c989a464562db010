"""A run with a film: filters, frames and checkpoints of two layers, written as a worker would."""

import numpy as np

from dbn_core.config import RunConfig
from dbn_core.frames import Frame
from dbn_core.records import Checkpoint, MetricPoint, Position, Progress, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore

LAYERS = (29, 13)
SHOWN = 11  # units with pictures
STEPS = {"layer1": (0, 10, 20, 30), "layer2": (31, 45, 60)}


def filters(step: int, stage: str) -> Snapshot:
    """Noise, but for unit 3, which is all of one strength."""
    where = Position(step, step / 30, stage)
    pixels = np.random.default_rng(step).integers(100, 156, (SHOWN, 7, 5), np.uint8)
    pixels[3] = 255
    way = "weights" if stage == "layer1" else "linear_combination"
    return Snapshot(SnapshotInfo("filters", where, pixels.shape, 0.1 + step / 100, way), pixels)


def frame(step: int, stage: str) -> Snapshot:
    """Unit 3 has the largest norm, unit 5 is the busiest; the norm of unit 2 is the step."""
    units = LAYERS[0] if stage == "layer1" else LAYERS[1]
    norm, activity = np.ones(units, np.float32), np.full(units, 0.1, np.float32)
    norm[3], norm[2], activity[5] = 1000, step, 0.9
    counts = np.array([3, 8, 2, -0.5, 0.5], np.float32)
    arrays = {
        "unit.norm": norm,
        "unit.bias": -norm,
        "unit.activity": activity,
        "unit.usefulness": norm * activity,
        "histogram.W": counts,
        "histogram.v_bias": counts,
        "histogram.h_bias": counts,
        "hidden": np.zeros((4, units), np.uint8),
    }
    return Frame(Position(step, step / 30, stage), arrays).to_snapshot()


def make_film(store: RunStore, name: str = "a film", status: RunStatus = RunStatus.DONE) -> Run:
    """The run, finished unless another status is asked for."""
    config = RunConfig().with_values({"layers": list(LAYERS), "epochs": 1})
    run = store.create_run(config, name)
    writer = store.claim(run.id, "a test")
    for stage, steps in STEPS.items():
        for step in steps:
            where = Position(step, step / 30, stage)
            values = {"recon_mse": 0.5 / (1 + step), "localisation": 0.2, "spatial_scale": 4.0, "sparsity": 0.1}
            writer.write(
                metrics=[MetricPoint(metric, value, where) for metric, value in values.items()],
                snapshots=[filters(step, stage), frame(step, stage)],
                progress=Progress(where, 2, 1, 2, None, None, "cpu"),
            )
    for step, stage in ((30, "layer1"), (60, "layer2")):
        writer.save_checkpoint(Checkpoint(Position(step, step / 30, stage), b"not looked at", config, "stage"))
    if status is not RunStatus.RUNNING:
        writer.set_status(status)
    return run
