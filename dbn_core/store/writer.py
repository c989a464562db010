"""`RunWriter`: the one who records a run, for as long as nobody else has claimed it."""

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update, bindparam, case, delete, func, insert, null, select, update

from dbn_core.errors import LeaseLostError, RunNotFoundError, StoreError
from dbn_core.records import Checkpoint, CommandRecord, MetricPoint, Position, Progress, RunStatus, Snapshot
from dbn_core.store import rows
from dbn_core.store.clock import database_now
from dbn_core.store.database import Database
from dbn_core.store.reader import FINISHED
from dbn_core.store.run import Run
from dbn_core.store.schema import checkpoint_blobs, checkpoints, commands, metrics, runs, snapshot_blobs, snapshots
from dbn_core.store.texts import clean_message
from dbn_core.store.thinning import Bound, Kept, surplus

SNAPSHOT_BOUND = Bound(count=400, size=128 * 2**20, first=32)
"""Pictures of one kind and stage: at most 400 and 128 MiB; the first 32 are spared."""

CHECKPOINT_BOUND = Bound(count=10_000, size=256 * 2**20, first=1)
"""`epoch` checkpoints of one run: at most 256 MiB; the first one is spared."""

_PART = 16 * 2**20  # bytes of a checkpoint in one row

_RUN = bindparam("at_run")
_TOUCH = (
    update(runs)
    .where(runs.c.key == _RUN, runs.c.lease == bindparam("at_lease"))
    .values(heartbeat_at=database_now(), revision=runs.c.revision + bindparam("changes"))
)
_TOUCH_PROGRESS = _TOUCH.values(progress=bindparam("new_progress"))
_TOUCH_STATUS = _TOUCH.values(
    status=bindparam("new_status"),
    message=bindparam("new_message"),
    finished_at=case((bindparam("new_status").in_(FINISHED), database_now()), else_=null()),
)
_BACKDATE = _TOUCH.values(
    created_at=bindparam("new_created"), started_at=bindparam("new_started"), finished_at=bindparam("new_finished")
)
_HOLDER = select(runs.c.name, runs.c.owner, runs.c.status).where(runs.c.key == _RUN)
_PROGRESS = select(runs.c.progress).where(runs.c.key == _RUN)

_ADD_METRIC = insert(metrics)
_ADD_SNAPSHOT = insert(snapshots).returning(snapshots.c.id)
_ADD_PIXELS = insert(snapshot_blobs)
_TALLIES = (
    select(snapshots.c.kind, snapshots.c.stage, func.count(), func.sum(snapshots.c.size))
    .where(snapshots.c.run == _RUN)
    .group_by(snapshots.c.kind, snapshots.c.stage)
)
_SNAPSHOTS_OF = (
    select(snapshots.c.id, snapshots.c.step, snapshots.c.size)
    .where(snapshots.c.run == _RUN, snapshots.c.kind == bindparam("kind"), snapshots.c.stage == bindparam("stage"))
    .order_by(snapshots.c.step, snapshots.c.id)
)
_DROP_SNAPSHOTS = delete(snapshots).where(snapshots.c.id.in_(bindparam("ids", expanding=True)))

_ADD_CHECKPOINT = insert(checkpoints).values(created_at=database_now()).returning(checkpoints.c.id)
_ADD_PART = insert(checkpoint_blobs)
_DROP_OLDER_LATEST = delete(checkpoints).where(
    checkpoints.c.run == _RUN, checkpoints.c.keep == "latest", checkpoints.c.id != bindparam("new_id")
)
_EPOCH_CHECKPOINTS = (
    select(checkpoints.c.id, checkpoints.c.step, checkpoints.c.size)
    .where(checkpoints.c.run == _RUN, checkpoints.c.keep == "epoch")
    .order_by(checkpoints.c.step, checkpoints.c.id)
)
_DROP_CHECKPOINTS = delete(checkpoints).where(checkpoints.c.id.in_(bindparam("ids", expanding=True)))

_PENDING = select(commands).where(commands.c.run == _RUN, commands.c.step.is_(None)).order_by(commands.c.id)
_ACKNOWLEDGED = (
    select(commands)
    .where(commands.c.run == _RUN, commands.c.step >= bindparam("from_step"), commands.c.problem == "")
    .order_by(commands.c.step, commands.c.id)
)
_SETTLE: Update = update(commands).values(
    step=bindparam("new_step"),
    epoch=bindparam("new_epoch"),
    stage=bindparam("new_stage"),
    problem=bindparam("new_problem"),
)
_ACKNOWLEDGE = _SETTLE.where(commands.c.run == _RUN, commands.c.id == bindparam("at_id"))
_REFUSE_PENDING = _SETTLE.where(commands.c.run == _RUN, commands.c.step.is_(None))
_RECORDED = (
    select(metrics.c.step, metrics.c.stage)
    .where(
        metrics.c.run == _RUN,
        metrics.c.step
        == select(func.max(metrics.c.step)).where(metrics.c.run == _RUN).correlate(None).scalar_subquery(),
    )
    .distinct()
)

_Tallies = dict[tuple[str, str], tuple[int, int]]


class RunWriter:
    """The one writer of a run, made by `RunStore.claim`. Every method that writes is one transaction, with a heartbeat.

    May be used from several threads.

    Raises:
        LeaseLostError: somebody has claimed or queued the run since; nothing was stored, and this writer must stop.
        RunNotFoundError: the run was deleted; nothing was stored.
        StoreError: the database fails; nothing was stored.

    """

    def __init__(self, database: Database, run: Run, key: int, lease: int, owner: str) -> None:
        self._database = database
        self._key = key
        self._lease = lease
        self._lock = threading.Lock()  # of the two below, which mirror what is stored
        self._tallies: _Tallies | None = None  # pictures by kind and stage: how many, how many bytes
        self._progress = ""
        self.run = run
        self.owner = owner

    # -- recording ------------------------------------------------------------------------------------------------

    def write(
        self,
        metrics: Sequence[MetricPoint] = (),
        snapshots: Sequence[Snapshot] = (),
        progress: Progress | None = None,
    ) -> None:
        """Stores metrics and pictures and replaces the progress; with nothing to store, a heartbeat.

        When pictures of a kind and stage exceed `SNAPSHOT_BOUND`, about half of them go: see `thinning`.
        """
        points = [rows.metric_columns(self._key, point) for point in metrics]
        pictures = [rows.snapshot_columns(self._key, snapshot) for snapshot in snapshots]
        told = None if progress is None else rows.progress_text(progress)
        with self._lock:
            if told is None or told == self._progress:
                transaction = self._holding(_TOUCH, {"changes": int(bool(points or pictures))})
            else:
                transaction = self._holding(_TOUCH_PROGRESS, {"new_progress": told})
            with transaction as connection:
                if points:
                    connection.execute(_ADD_METRIC, points)
                tallies = self._add_snapshots(connection, pictures, snapshots) if pictures else self._tallies
            self._tallies = tallies
            self._progress = told or self._progress

    def save_checkpoint(self, checkpoint: Checkpoint) -> int:
        """Stores a checkpoint and returns its id.

        `latest` replaces the previous `latest`. `stage` is kept. Of `epoch`, about half go when all of them exceed
        `CHECKPOINT_BOUND`: see `thinning`.
        """
        values = {
            "run": self._key,
            "keep": checkpoint.keep,
            "config": rows.config_text(checkpoint.config),
            "size": len(checkpoint.payload),
            **rows.position_columns(checkpoint.position),
        }
        with self._holding() as connection:
            new_id = connection.execute(_ADD_CHECKPOINT, values).scalar_one()
            for part, start in enumerate(range(0, len(checkpoint.payload) or 1, _PART)):
                data = checkpoint.payload[start : start + _PART]
                connection.execute(_ADD_PART, {"checkpoint": new_id, "part": part, "data": data})
            if checkpoint.keep == "latest":
                connection.execute(_DROP_OLDER_LATEST, {"at_run": self._key, "new_id": new_id})
            elif checkpoint.keep == "epoch":
                self._thin_checkpoints(connection)
        return new_id

    def set_status(self, status: RunStatus, message: str = "") -> None:
        """Tells how the run is; an end sets the time of its end and refuses the commands that nobody will read."""
        values = {"new_status": status.value, "new_message": clean_message(message)}
        with self._holding(_TOUCH_STATUS, values) as connection:
            if status.is_finished:
                self._refuse_pending(connection)

    def backdate(self, created_at: datetime, started_at: datetime | None, finished_at: datetime | None) -> None:
        """Gives the run the times at which it was trained elsewhere."""
        times = {"created": created_at, "started": started_at, "finished": finished_at}
        with self._holding(_BACKDATE, {f"new_{name}": at and at.timestamp() for name, at in times.items()}):
            pass

    def recorded(self) -> tuple[int, frozenset[str]]:
        """(the largest step of any stored metric, the stages that have metrics at it): what a replay need not repeat.

        (0, no stages) if there is none. The end of a stage and the beginning of the next one share a step.
        """
        with self._database.read() as connection:
            recorded = connection.execute(_RECORDED, {"at_run": self._key}).all()
        return (recorded[0].step if recorded else 0, frozenset(row.stage for row in recorded))

    # -- commands -------------------------------------------------------------------------------------------------

    def pending(self) -> list[CommandRecord]:
        """Commands not yet acknowledged, in the order in which they were sent."""
        return self._commands(_PENDING)

    def acknowledge(self, command_id: int, position: Position, problem: str = "") -> None:
        """Says where a command took effect or, with a problem, why it was refused.

        Raises:
            StoreError: this run has no such command.

        """
        values = {"at_run": self._key, "at_id": command_id, "new_problem": clean_message(problem)}
        with self._holding() as connection:
            if connection.execute(_ACKNOWLEDGE, values | _new_position(position)).rowcount == 0:
                raise StoreError(f"Run {self.run.id} has no command {command_id} to acknowledge.")

    def acknowledged_after(self, step: int) -> list[CommandRecord]:
        """Commands that took effect at `step` or later, in order, to be repeated when a run goes on from there.

        Refused ones are left out: they had no effect.
        """
        return self._commands(_ACKNOWLEDGED, from_step=step)

    # -- helpers --------------------------------------------------------------------------------------------------

    @contextmanager
    def _holding(self, touch: Update = _TOUCH, values: dict[str, Any] | None = None) -> Generator[Connection]:
        """A transaction that begins with a heartbeat: it locks the run's row, so that the lease holds until its end."""
        with self._database.write() as connection:
            parameters = {"at_run": self._key, "at_lease": self._lease, "changes": 1} | (values or {})
            if connection.execute(touch, parameters).rowcount == 0:
                raise self._why_not_mine(connection)
            yield connection

    def _why_not_mine(self, connection: Connection) -> StoreError:
        row = connection.execute(_HOLDER, {"at_run": self._key}).one_or_none()
        if row is None:
            return RunNotFoundError(f"Run {self.run.id} was deleted while {self.owner} was writing it.")
        taken = f"{row.owner} has taken it over" if row.owner else f"it was queued again and is {row.status}"
        return LeaseLostError(f"Run {row.name!r} is no longer written by {self.owner}: {taken}.")

    def _commands(self, statement: Any, **values: Any) -> list[CommandRecord]:
        with self._database.read() as connection:
            return [rows.command_of(row) for row in connection.execute(statement, {"at_run": self._key, **values})]

    def _refuse_pending(self, connection: Connection) -> None:
        stored = connection.execute(_PROGRESS, {"at_run": self._key}).scalar_one()
        problem = {"at_run": self._key, "new_problem": "the run ended before it took effect"}
        connection.execute(_REFUSE_PENDING, problem | _new_position(rows.read_progress(stored).position))

    # -- pictures and checkpoints that are bounded ----------------------------------------------------------------

    def _add_snapshots(
        self, connection: Connection, columns: list[dict[str, Any]], snapshots: Sequence[Snapshot]
    ) -> _Tallies:
        tallies = dict(self._tallies) if self._tallies is not None else self._stored_tallies(connection)
        for values, snapshot in zip(columns, snapshots, strict=True):
            new_id = connection.execute(_ADD_SNAPSHOT, values).scalar_one()
            connection.execute(_ADD_PIXELS, {"snapshot": new_id, "data": rows.pixel_bytes(snapshot)})
            group = (values["kind"], values["stage"])
            count, size = tallies.get(group, (0, 0))
            tallies[group] = (count + 1, size + values["size"])
            if SNAPSHOT_BOUND.is_exceeded(*tallies[group]):
                tallies[group] = self._thin_snapshots(connection, *group)
        return tallies

    def _stored_tallies(self, connection: Connection) -> _Tallies:
        tallies = connection.execute(_TALLIES, {"at_run": self._key})
        return {(kind, stage): (count, int(size)) for kind, stage, count, size in tallies}

    def _thin_snapshots(self, connection: Connection, kind: str, stage: str) -> tuple[int, int]:
        snapshots = connection.execute(_SNAPSHOTS_OF, {"at_run": self._key, "kind": kind, "stage": stage})
        items = [Kept(*row) for row in snapshots]
        dropped = set(surplus(items, SNAPSHOT_BOUND))
        connection.execute(_DROP_SNAPSHOTS, {"ids": list(dropped)})
        kept = [item.size for item in items if item.id not in dropped]
        return len(kept), sum(kept)

    def _thin_checkpoints(self, connection: Connection) -> None:
        items = [Kept(*row) for row in connection.execute(_EPOCH_CHECKPOINTS, {"at_run": self._key})]
        dropped = surplus(items, CHECKPOINT_BOUND)
        if dropped:
            connection.execute(_DROP_CHECKPOINTS, {"ids": dropped})


def _new_position(position: Position) -> dict[str, Any]:
    return {f"new_{key}": value for key, value in rows.position_columns(position).items()}
