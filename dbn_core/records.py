"""What crosses the process border between trainer, store, pages and command line: frozen data, no behaviour.

Positions. `step` counts parameter updates from 1 over all stages of a run (0 = before the first). `epoch` is the
position in epochs over all stages, a real number: 12.5 is the middle of the thirteenth epoch of the whole run.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import numpy as np

from dbn_core.commands import Command
from dbn_core.config import RunConfig
from dbn_core.projections import Drawn

EVALUATION = "evaluation"  # the stage of figures that were measured on a checkpoint, and not while training


class RunStatus(StrEnum):
    """Life of a run. `queued` -> `running` <-> `paused` -> one of the four ends; a stopped run may be queued again."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"

    @property
    def is_finished(self) -> bool:
        """No worker is, or will be, at work on it."""
        return self in {RunStatus.DONE, RunStatus.STOPPED, RunStatus.DIVERGED, RunStatus.FAILED}


@dataclass(frozen=True, slots=True)
class Position:
    """Where training stands; see the module docstring for `step` and `epoch`."""

    step: int = 0
    epoch: float = 0.0
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the status line shows, overwritten with every heartbeat."""

    position: Position = Position()
    epochs: float = 0.0  # of the whole run
    stage_index: int = 0  # 1 for the first stage
    stage_count: int = 0
    images_per_second: float | None = None  # training only, pauses and measuring excluded
    seconds_left: float | None = None  # an estimate; None while unknown or in slow motion
    device: str = ""
    paused: bool = False  # waiting for a person


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One row of the run list."""

    id: str
    name: str
    note: str
    status: RunStatus
    message: str  # why it ended, or what it waits for; "" when there is nothing to say
    config: RunConfig  # as it was started; live changes are in the commands
    created_at: datetime  # UTC, the database's clock, as every time here
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_age: float | None  # seconds since the writer last wrote, by the database's clock
    executor: Literal["cluster", "foreground"]
    attempt: int  # 1 for the first time it was queued; each restart adds one
    progress: Progress
    parent: str = ""  # id of the run this one was branched from
    branched_at: Position = Position()  # where in the parent
    revision: int = 0  # grows with every change that a view of the run shows
    is_example: bool = False  # it comes with the lab, and nobody changes it


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One number: `name` is a metric's (`recon_mse`, ...); `value` may be nan or infinite. `id` 0 = not stored yet."""

    name: str
    value: float
    position: Position
    id: int = 0


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A picture kept of the run, without its pixels.

    kind `filters`: (units, height, width[, 3]) uint8; weight = (pixel - 128) / 127 * scale: 128 is zero. `projection`
    says how units reached pixel space (`weights`, `response_average`, see `dbn_core.projections`).
    kind `reconstructions`: (2, cases, height, width[, 3]) uint8, originals first; intensity in [0, 1] = pixel / 255.
    kind `projection`: units of a layer by another projection, asked for by a person or recorded beside its filters;
    signed as filters are or, of those in `projections.INK`, intensities.
    kind `diagnostics`: the bytes of a packed `Frame`. kind `evaluation`: those of a packed `Finding`.
    """

    kind: Literal["filters", "reconstructions", "projection", "diagnostics", "evaluation"]
    position: Position
    shape: tuple[int, ...]
    scale: float = 1.0
    projection: Drawn = ""
    id: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A picture with its pixels (uint8, of `info.shape`)."""

    info: SnapshotInfo
    pixels: np.ndarray


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything needed to go on: `payload` is one safetensors blob; `config` is the configuration in force there.

    keep `latest`: replaced by the next one. keep `epoch`: kept as the state at the end of an epoch. keep `stage`:
    kept as the state at the end of a stage.
    """

    position: Position
    payload: bytes = field(repr=False)
    config: RunConfig = field(repr=False)
    keep: Literal["latest", "epoch", "stage"] = "latest"
    id: int = 0


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """A command as sent; `position` is None until the worker says where it took effect; `problem`: why it refused."""

    id: int
    command: Command
    sent_at: datetime
    position: Position | None
    problem: str = ""


JsonObject = dict[str, Any]
