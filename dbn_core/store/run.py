"""`Run`: what may be read of a run (`RunReader`), and what a person does to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, func, insert, null, update

from dbn_core.commands import Command
from dbn_core.errors import StoreError
from dbn_core.records import EVALUATION, MetricPoint, Position, RunStatus, Snapshot
from dbn_core.store import rows
from dbn_core.store.clock import database_now
from dbn_core.store.reader import FINISHED, INFO, THIS_RUN, RunReader
from dbn_core.store.schema import commands, metrics, runs, snapshot_blobs, snapshots
from dbn_core.store.texts import clean_name, clean_note

_CHANGE = update(runs).where(runs.c.key == THIS_RUN).values(revision=runs.c.revision + 1)
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
_DELETE = delete(runs).where(runs.c.key == THIS_RUN)
_ADD_SNAPSHOT = insert(snapshots).returning(snapshots.c.id)
_ADD_PIXELS = insert(snapshot_blobs)
_ADD_METRIC = insert(metrics)
_SEND = insert(commands).values(sent_at=database_now()).returning(commands.c.id)


class Run(RunReader):
    """A run that can be read, and also named, told something, queued, deleted, and given answers to keep.

    Raises:
        RunNotFoundError: the run was deleted.
        StoreError: the database fails.

    """

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
            row = connection.execute(INFO, {"at_run": self._key}).one()
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

    def _change(self, statement: Any, **values: Any) -> None:
        with self._database.write() as connection:
            if connection.execute(statement, {"at_run": self._key, **values}).rowcount == 0:
                raise self._missing()

    def _why_not_sent(self, connection: Connection) -> StoreError:
        row = connection.execute(INFO, {"at_run": self._key}).one_or_none()
        if row is None:
            return self._missing()
        return StoreError(f"Run {row.name!r} is finished ({row.status}) and takes no commands. Resume it first.")
