"""Runs with a film, written straight into the store: the browser tests of the Features page need no training."""

from collections.abc import Sequence

import numpy as np

from dbn_core.config import RunConfig
from dbn_core.frames import Frame
from dbn_core.records import MetricPoint, Position, Progress, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore, RunWriter

PER_EPOCH = 50  # updates
SHOWN = 36


def write_epoch(
    writer: RunWriter, epoch: int, stage: str = "layer1", units: int = 53, epochs: int = 100, dead: Sequence[int] = ()
) -> None:
    """What a worker writes at the end of an epoch: numbers, filters that grow, responses beside them, and a frame.

    dead: units that are never on there; all others are now and then.
    """
    where = Position(epoch * PER_EPOCH, float(epoch), stage)
    chance = np.random.default_rng(epoch)
    shown = min(units, SHOWN)
    pixels = chance.integers(60, 196, (shown, 28, 28), np.uint8)
    figures = chance.random(units).astype(np.float32) / 2 + 0.25
    counts = np.append(chance.integers(0, 90, 41), [-1, 1]).astype(np.float32)
    arrays: dict[str, np.ndarray] = {f"unit.{name}": figures for name in ("norm", "bias", "usefulness")}
    arrays["unit.activity"] = np.where(np.isin(np.arange(units), dead), 0, figures).astype(np.float32)
    arrays |= {f"histogram.{name}": counts for name in ("W", "v_bias", "h_bias")}
    values = {"recon_mse": 0.1 / (1 + epoch), "sparsity": 0.2, "localisation": 0.3, "spatial_scale": 5.0}
    writer.write(
        metrics=[MetricPoint(name, value, where) for name, value in values.items()],
        snapshots=[
            Snapshot(SnapshotInfo("filters", where, pixels.shape, 0.01 * (1 + epoch), "weights"), pixels),
            Snapshot(SnapshotInfo("projection", where, pixels.shape, 0.5, "response_average"), 255 - pixels),
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
