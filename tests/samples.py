"""Runs in every state, written into a real store as a worker would."""

import json
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import safetensors.numpy

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


def weights(config: RunConfig, value: float = 0.5) -> bytes:
    """A checkpoint of a network with these settings, all weights alike, as a worker would save it at its end."""
    tensors: dict[str, np.ndarray] = {"generator": np.zeros(16, np.uint8)}
    for depth, (below, units) in enumerate(pairwise([784, *config.layers]), 1):
        for name, shape in (("W", (units, below)), ("v_bias", (below,)), ("h_bias", (units,))):
            tensors[f"layer{depth}.{name}"] = np.full(shape, value, np.float32)
    facts = {"cursor": {"step": 6, "stage": 1, "epoch": 0, "batch": 0}, "begun": False, "stage": "layer1"}
    return safetensors.numpy.save(tensors, {"training": json.dumps(facts)})


def frame_arrays(units: int) -> dict[str, np.ndarray]:
    """What a frame of diagnostics holds of a layer."""
    names = ("norm", "bias", "activity", "lifetime_sparsity", "usefulness", "localisation", "scale")
    figures = {f"unit.{name}": np.arange(units, dtype=np.float32) for name in names}
    counts = np.array([3, 8, 2, -0.5, 0.5], np.float32)
    histograms = {f"histogram.{name}": counts for name in ("W", "v_bias", "h_bias", "dW")}
    return {**figures, **histograms, "hidden": np.zeros((4, units), np.uint8)}
