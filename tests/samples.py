"""Runs in every state, written into a real store as a worker would."""

from typing import Any, Literal

import numpy as np

from dbn_core.config import RunConfig
from dbn_core.records import MetricPoint, Position, Progress, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore

HERE = Position(200, 1.25, "layer1")


def make_run(
    store: RunStore,
    name: str = "a run",
    status: RunStatus = RunStatus.RUNNING,
    message: str = "",
    settings: dict[str, Any] | None = None,
    executor: Literal["cluster", "foreground"] = "cluster",
) -> Run:
    """A run that has measured, drawn and (unless it is queued) got as far as `HERE`.

    executor: beside a lab at work "foreground", for its cluster takes up whatever it finds queued.
    """
    run = store.create_run(RunConfig.preset("first-look").with_values(settings or {}), name, executor)
    if status is RunStatus.QUEUED:
        return run
    writer = store.claim(run.id, "a test")
    pixels = np.random.default_rng(0).integers(1, 256, (23, 5, 3), np.uint8)
    pairs = np.random.default_rng(1).integers(0, 256, (2, 7, 5, 3), np.uint8)
    values = {"recon_mse": 0.0123, "heldout_recon_mse": 0.0145, "sparsity": 0.12, "dead_units": 2.0, "momentum": 0.9}
    writer.write(
        metrics=[MetricPoint(metric, value, HERE) for metric, value in values.items()],
        snapshots=[
            Snapshot(SnapshotInfo("filters", HERE, pixels.shape, 0.2, "weights"), pixels),
            Snapshot(SnapshotInfo("reconstructions", HERE, pairs.shape), pairs),
        ],
        progress=Progress(HERE, 15, 1, 1, 30_000.0, 12.0, "cpu"),
    )
    if status is not RunStatus.RUNNING or message:
        writer.set_status(status, message)
    return run
