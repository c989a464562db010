"""`Run`: what may be read of one run, and what a person does to it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, bindparam, delete, desc, func, insert, null, select, update

from dbn_core.commands import Command
from dbn_core.errors import RunNotFoundError, StoreError
from dbn_core.records import (
    EVALUATION,
    Checkpoint,
    CommandRecord,
    MetricPoint,
    Position,
    RunInfo,
    RunStatus,
    Snapshot,
    SnapshotInfo,
)
from dbn_core.store import rows
from dbn_core.store.clock import database_now, to_datetime
from dbn_core.store.database import Database
from dbn_core.store.schema import (
    checkpoint_blobs,
    checkpoints,
    commands,
    metrics,
    runs,
    snapshot_blobs,
    snapshots,
)
from dbn_core.store.texts import clean_name, clean_note

RUN_COLUMNS = (*runs.c, database_now().label("now"))
FINISHED = tuple(status.value for status in RunStatus if status.is_finished)

_RUN = bindparam("at_run")
_AFTER = bindparam("after")
_INFO = select(*RUN_COLUMNS).where(runs.c.key == _RUN)
_REVISION = select(runs.c.revision).where(runs.c.key == _RUN)
_METRICS = select(metrics).where(metrics.c.run == _RUN, metrics.c.id > _AFTER).order_by(metrics.c.id)
_NAMED_METRICS = _METRICS.where(metrics.c.name.in_(bindparam("names", expanding=True)))
_SNAPSHOTS = select(snapshots).where(snapshots.c.run == _RUN)
_SNAPSHOT = (
    select(snapshots, snapshot_blobs.c.data)
    .join(snapshot_blobs, snapshot_blobs.c.snapshot == snapshots.c.id)
    .where(snapshots.c.run == _RUN, snapshots.c.id == bindparam("at_id"))
)
_CHECKPOINTS = select(checkpoints).where(checkpoints.c.run == _RUN).order_by(checkpoints.c.id)
# One statement for all parts: `latest` may be replaced between two.
_CHECKPOINT = (
    select(checkpoints, checkpoint_blobs.c.data)
    .join(checkpoint_blobs, checkpoint_blobs.c.checkpoint == checkpoints.c.id)
    .where(checkpoints.c.run == _RUN)
    .order_by(checkpoint_blobs.c.part)
)
_THIS_CHECKPOINT = _CHECKPOINT.where(checkpoints.c.id == bindparam("at_id"))
_NEWEST_CHECKPOINT = _CHECKPOINT.where(
    checkpoints.c.id
    == select(func.max(checkpoints.c.id)).where(checkpoints.c.run == _RUN).correlate(None).scalar_subquery()
)
_COMMANDS = select(commands).where(commands.c.run == _RUN, commands.c.id > _AFTER).order_by(commands.c.id)

_CHANGE = update(runs).where(runs.c.key == _RUN).values(revision=runs.c.revision + 1)
_RENAME = _CHANGE.values(name=bindparam("new_name"))
_ANNOTATE = _CHANGE.values(note=bindparam("new_note"))
_TOUCH_UNFINISHED = _CHANGE.where(runs.c.status.not_in(FINISHED))
_QUEUE = _CHANGE.values(
    status=RunStatus.QUEUED.value,
    attempt=runs.c.attempt + 1,
    message="",
    finished_at=null(),
    owner="",
    lease=runs.c.lease + 1,
    executor=func.coalesce(bindparam("new_executor"), runs.c.executor),
).returning(runs.c.attempt)
_DESCEND = _CHANGE.values(
    status=RunStatus.QUEUED.value,
    executor="cluster",
    started_at=null(),
    heartbeat_at=null(),
    owner="",
    lease=runs.c.lease + 1,
    parent=bindparam("new_parent"),
    branch_step=bindparam("new_step"),
    branch_epoch=bindparam("new_epoch"),
    branch_stage=bindparam("new_stage"),
)
_DELETE = delete(runs).where(runs.c.key == _RUN)
_ADD_SNAPSHOT = insert(snapshots).returning(snapshots.c.id)
_ADD_PIXELS = insert(snapshot_blobs)
_ADD_METRIC = insert(metrics)
_SEND = insert(commands).values(sent_at=database_now()).returning(commands.c.id)


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
    """A checkpoint without its payload; `size` in bytes."""

    id: int
    position: Position
    keep: Literal["latest", "epoch", "stage"]
    size: int
    created_at: datetime


class Run:
    """One run of a store: a handle that holds nothing but its id, so what it returns is always fresh.

    Raises:
        RunNotFoundError: the run was deleted. Lists (`metrics`, `snapshots`, `checkpoints`, `commands`) of a deleted
            run are empty instead.
        StoreError: the database fails.

    """

    def __init__(self, database: Database, key: int, id: str) -> None:
        self._database = database
        self._key = key
        self.id = id

    def __repr__(self) -> str:
        return f"Run({self.id!r})"

    # -- reading --------------------------------------------------------------------------------------------------

    def info(self) -> RunInfo:
        """Everything of the run's row, as it is now."""
        found = self._rows(_INFO)
        if not found:
            raise self._missing()
        return rows.run_info_of(found[0])

    def revision(self) -> int:
        """A number that grows with every change that a view of the run shows (a bare heartbeat is none)."""
        found = self._rows(_REVISION)
        if not found:
            raise self._missing()
        return found[0].revision

    def metrics(
        self, after: int = 0, names: Collection[str] | None = None, limit: int | None = None
    ) -> list[MetricPoint]:
        """Metrics with an id above `after`, by id, of these names, at most `limit`.

        Going on after the largest id seen neither misses nor repeats one, also while the run is being written.
        """
        statement = _METRICS if names is None else _NAMED_METRICS
        values: dict[str, Any] = {"after": after} if names is None else {"after": after, "names": list(names)}
        if limit is not None:
            statement = statement.limit(limit)
        return [rows.metric_of(row) for row in self._rows(statement, **values)]

    def snapshots(self, after: int = 0, stage: str | None = None, kind: str | None = None) -> list[SnapshotInfo]:
        """Pictures with an id above `after`, by id. Those of a long run are thinned, so some may be gone later."""
        statement = _filtered(_SNAPSHOTS, stage, kind).where(snapshots.c.id > _AFTER).order_by(snapshots.c.id)
        return [rows.snapshot_info_of(row) for row in self._rows(statement, after=after)]

    def latest_snapshot(self, kind: str, stage: str | None = None) -> SnapshotInfo | None:
        """The newest picture of this kind (and stage); None if there is none yet."""
        statement = _filtered(_SNAPSHOTS, stage, kind).order_by(desc(snapshots.c.id)).limit(1)
        return next((rows.snapshot_info_of(row) for row in self._rows(statement)), None)

    def snapshot(self, id: int) -> Snapshot:
        """A picture with its pixels.

        Raises:
            StoreError: this run has no such picture, or it was thinned out since.

        """
        found = self._rows(_SNAPSHOT, at_id=id)
        if not found:
            raise StoreError(
                f"Run {self.id} has no picture {id} any more. Long runs keep fewer: choose one that is listed."
            )
        return rows.snapshot_of(found[0])

    def checkpoints(self) -> list[CheckpointInfo]:
        """Every checkpoint without its payload, oldest first."""
        return [
            CheckpointInfo(row.id, rows.position_of(row), row.keep, row.size, to_datetime(row.created_at))
            for row in self._rows(_CHECKPOINTS)
        ]

    def checkpoint(self, id: int | None = None) -> Checkpoint | None:
        """A checkpoint with its payload: the newest one, or None if there is none yet; or the one with this id.

        Raises:
            StoreError: this run has no checkpoint `id` (any more), or its settings are of another version of the lab.

        """
        found = self._rows(_NEWEST_CHECKPOINT) if id is None else self._rows(_THIS_CHECKPOINT, at_id=id)
        if found:
            return self._assembled(found)
        if id is not None:
            raise StoreError(f"Run {self.id} has no checkpoint {id} any more. Choose one that is listed.")
        return None

    def commands(self, after: int = 0) -> list[CommandRecord]:
        """Commands with an id above `after`, in the order in which they were sent."""
        return [rows.command_of(row) for row in self._rows(_COMMANDS, after=after)]

    # -- what a person does to it ---------------------------------------------------------------------------------

    def send(self, command: Command) -> int:
        """Leaves a command for the worker; returns its id.

        Raises:
            StoreError: the run is finished, so nobody would read it; or the command holds a number that is not finite.

        """
        message = rows.command_text(command)
        with self._database.write() as connection:
            # Changing the run's row first also lines the senders up: ids of one run grow in the order of commits.
            if connection.execute(_TOUCH_UNFINISHED, {"at_run": self._key}).rowcount == 0:
                raise self._why_not_sent(connection)
            return connection.execute(_SEND, {"run": self._key, "message": message}).scalar_one()

    def rename(self, name: str) -> None:
        """Gives the run another name. Raises StoreError when it is empty, too long or holds control characters."""
        self._change(_RENAME, new_name=clean_name(name))

    def annotate(self, note: str) -> None:
        """Replaces the run's note. Raises StoreError when it is too long or holds control characters."""
        self._change(_ANNOTATE, new_note=clean_note(note))

    def delete(self) -> None:
        """Deletes the run with everything of it, at once. A writer at work on it gets RunNotFoundError."""
        self._change(_DELETE)

    def queue(self, executor: Literal["cluster", "foreground"] | None = None) -> int:
        """Queues a finished or interrupted run again and returns the number of the attempt, 2 for the first restart.

        `executor` says who trains it from now on, None the same as before. A writer that still holds the run loses it.

        Raises:
            StoreError: its settings are of another version of the lab, so nobody can train it.

        """
        with self._database.write() as connection:
            attempt = connection.execute(_QUEUE, {"at_run": self._key, "new_executor": executor}).scalar_one_or_none()
            if attempt is None:
                raise self._missing()
            row = connection.execute(_INFO, {"at_run": self._key}).one()
            complaint = rows.read_config(row.config)[1]
            if complaint:
                raise StoreError(f"Run {row.name!r} cannot be trained further. {complaint} Start a new run.")
        return attempt

    def descend(self, parent: str, position: Position) -> None:
        """Notes that the run was branched from `parent` at `position`, and queues it; `RunStore.branch` calls it."""
        position_values = {f"new_{key}": value for key, value in rows.position_columns(position).items()}
        self._change(_DESCEND, new_parent=parent, **position_values)

    def keep_projection(self, snapshot: Snapshot) -> int:
        """Stores a picture that was asked for after the fact (kind `projection`) and returns its id.

        Needs no lease: it adds to the run without changing what the writer records.
        """
        with self._database.write() as connection:
            if connection.execute(_CHANGE, {"at_run": self._key}).rowcount == 0:
                raise self._missing()
            new_id = connection.execute(_ADD_SNAPSHOT, rows.snapshot_columns(self._key, snapshot)).scalar_one()
            connection.execute(_ADD_PIXELS, {"snapshot": new_id, "data": rows.pixel_bytes(snapshot)})
        return new_id

    def keep_figures(self, position: Position, figures: Mapping[str, float]) -> None:
        """Stores figures of a checkpoint that were asked for after the fact; `position`: the checkpoint's.

        They are metrics of the stage `EVALUATION`; of figures kept twice the newer ones have the larger ids. Needs no
        lease: what the writer records stays as it is.
        """
        position = replace(position, stage=EVALUATION)
        points = [rows.metric_columns(self._key, MetricPoint(name, value, position)) for name, value in figures.items()]
        if not points:
            return
        with self._database.write() as connection:
            # The change comes first: it locks the run's row, so that ids become visible in their order.
            if connection.execute(_CHANGE, {"at_run": self._key}).rowcount == 0:
                raise self._missing()
            connection.execute(_ADD_METRIC, points)

    # -- helpers --------------------------------------------------------------------------------------------------

    def _rows(self, statement: Select[Any], **values: Any) -> list[rows.AnyRow]:
        with self._database.read() as connection:
            return list(connection.execute(statement, {"at_run": self._key, **values}))

    def _change(self, statement: Any, **values: Any) -> None:
        with self._database.write() as connection:
            if connection.execute(statement, {"at_run": self._key, **values}).rowcount == 0:
                raise self._missing()

    def _assembled(self, parts: list[rows.AnyRow]) -> Checkpoint:
        row = parts[0]
        config, complaint = rows.read_config(row.config)
        if complaint:
            raise StoreError(f"Checkpoint {row.id} of run {self.id} cannot be used. {complaint}")
        payload = b"".join(part.data for part in parts)
        return Checkpoint(rows.position_of(row), payload, config, row.keep, row.id)

    def _missing(self) -> RunNotFoundError:
        return RunNotFoundError(f"Run {self.id} was deleted. The list of runs shows those there are.")

    def _why_not_sent(self, connection: Connection) -> StoreError:
        row = connection.execute(_INFO, {"at_run": self._key}).one_or_none()
        if row is None:
            return self._missing()
        return StoreError(f"Run {row.name!r} is finished ({row.status}) and takes no commands. Resume it first.")


def _filtered(statement: Select[Any], stage: str | None, kind: str | None) -> Select[Any]:
    if stage is not None:
        statement = statement.where(snapshots.c.stage == stage)
    return statement if kind is None else statement.where(snapshots.c.kind == kind)
