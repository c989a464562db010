"""Runs with a film, written straight into the store: the browser tests of the Features page need no training."""

import numpy as np

from dbn_core.config import RunConfig
from dbn_core.frames import Frame
from dbn_core.records import MetricPoint, Position, Progress, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore, RunWriter

PER_EPOCH = 50  # updates
SHOWN = 36


def write_epoch(writer: RunWriter, epoch: int, stage: str = "layer1", units: int = 53, epochs: int = 100) -> None:
    """What a worker writes at the end of an epoch: numbers, filters that grow, and a frame."""
    where = Position(epoch * PER_EPOCH, float(epoch), stage)
    chance = np.random.default_rng(epoch)
    shown = min(units, SHOWN)
    pixels = chance.integers(60, 196, (shown, 28, 28), np.uint8)
    figures = chance.random(units).astype(np.float32)
    counts = np.append(chance.integers(0, 90, 41), [-1, 1]).astype(np.float32)
    arrays = {f"unit.{name}": figures for name in ("norm", "bias", "activity", "usefulness")}
    arrays |= {f"histogram.{name}": counts for name in ("W", "v_bias", "h_bias")}
    values = {"recon_mse": 0.1 / (1 + epoch), "sparsity": 0.2, "localisation": 0.3, "spatial_scale": 5.0}
    writer.write(
        metrics=[MetricPoint(name, value, where) for name, value in values.items()],
        snapshots=[
            Snapshot(SnapshotInfo("filters", where, pixels.shape, 0.01 * (1 + epoch), "weights"), pixels),
            Frame(where, arrays).to_snapshot(),
        ],
        progress=Progress(where, epochs, 1, 1, None, None, "cpu"),
    )


def begin(store: RunStore, epochs: int, units: int = 53, name: str = "a film") -> tuple[Run, RunWriter]:
    """A run of one layer that a writer holds."""
    config = RunConfig().with_values({"layers": [units], "epochs": epochs})
    run = store.create_run(config, name, executor="foreground")
    return run, store.claim(run.id, "a test")


def finished(store: RunStore, epochs: int, units: int = 53, every: int = 1) -> Run:
    """A run that is over, with pictures of every so many epochs."""
    run, writer = begin(store, epochs, units)
    for epoch in range(0, epochs + 1, every):
        write_epoch(writer, epoch, units=units, epochs=epochs)
    writer.set_status(RunStatus.DONE)
    return run
