"""Records to store, distinct in every number so that none can pass for another."""

from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from dbn_core.config import RunConfig
from dbn_core.records import Checkpoint, MetricPoint, Position, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore
from dbn_core.store.schema import metadata


def at(step: int, stage: str = "layer1") -> Position:
    """A position at an update; 17 updates an epoch."""
    return Position(step, step / 17, stage)


def point(step: int, value: float = 0.5, name: str = "recon_mse") -> MetricPoint:
    """A metric at an update."""
    return MetricPoint(name, value, at(step))


def picture(step: int, stage: str = "layer1", kind: Any = "filters") -> Snapshot:
    """A picture of 2 x 3 x 5 pixels, of which the first is the step."""
    pixels = np.arange(30, dtype=np.uint8).reshape(2, 3, 5)
    pixels[0, 0, 0] = step % 256
    return Snapshot(SnapshotInfo(kind, at(step, stage), (2, 3, 5), 0.25 + step, "weights"), pixels)


def checkpoint(step: int, keep: Any = "latest", payload: bytes = b"weights") -> Checkpoint:
    """A checkpoint whose configuration differs from the default one."""
    return Checkpoint(at(step), payload, RunConfig(seed=step), keep)


def steps(items: Any) -> list[int]:
    """The step of each item that has a position."""
    return [item.position.step for item in items]


def row_counts(store: RunStore) -> dict[str, int]:
    """Rows of each table, those with none left out."""
    with store._database.read() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def trained(store: RunStore, name: str, epochs: int, status: RunStatus = RunStatus.DONE, size: int = 1000) -> Run:
    """A run with a number, a picture of 30 bytes and states of `size` bytes: after epochs, of a stage, the latest."""
    run = store.create_run(RunConfig(), name)
    writer = store.claim(run.id, "a worker")
    writer.write(metrics=[point(1)], snapshots=[picture(1)])
    state = np.random.default_rng(1).bytes(size)  # nothing that a database could make smaller
    for epoch in range(1, epochs + 1):
        writer.save_checkpoint(checkpoint(17 * epoch, "epoch", state))
    for keep in ("stage", "latest"):
        writer.save_checkpoint(checkpoint(17 * epochs, keep, state))
    if status.is_finished:
        writer.set_status(status)
    return run


def moved(file: Path, to: Path) -> None:
    """An SQLite database under another name, with what lies beside it."""
    for each in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        if each.exists():
            each.rename(to.with_name(each.name.replace(file.name, to.name)))
