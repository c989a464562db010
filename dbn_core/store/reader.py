"""`RunReader`: what may be read of one run."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, bindparam, desc, func, select

from dbn_core.errors import NotKeptError, RunNotFoundError, StoreError
from dbn_core.records import Checkpoint, CommandRecord, MetricPoint, RunInfo, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import checkpoint_info, rows
from dbn_core.store.checkpoint_info import CheckpointInfo
from dbn_core.store.clock import database_now, to_datetime
from dbn_core.store.database import Database
from dbn_core.store.schema import checkpoint_blobs, checkpoints, commands, metrics, runs, snapshot_blobs, snapshots

RUN_COLUMNS = (*runs.c, database_now().label("now"))
FINISHED = tuple(status.value for status in RunStatus if status.is_finished)

THIS_RUN = bindparam("at_run")
_AFTER = bindparam("after")
INFO = select(*RUN_COLUMNS).where(runs.c.key == THIS_RUN)
_REVISION = select(runs.c.revision).where(runs.c.key == THIS_RUN)
_METRICS = select(metrics).where(metrics.c.run == THIS_RUN, metrics.c.id > _AFTER).order_by(metrics.c.id)
_NAMED_METRICS = _METRICS.where(metrics.c.name.in_(bindparam("names", expanding=True)))
_SNAPSHOTS = select(snapshots).where(snapshots.c.run == THIS_RUN)
_SNAPSHOT = (
    select(snapshots, snapshot_blobs.c.data)
    .join(snapshot_blobs, snapshot_blobs.c.snapshot == snapshots.c.id)
    .where(snapshots.c.run == THIS_RUN, snapshots.c.id == bindparam("at_id"))
)
_CHECKPOINTS = select(checkpoints).where(checkpoints.c.run == THIS_RUN).order_by(checkpoints.c.id)
# One statement for all parts: `latest` may be replaced between two.
_CHECKPOINT = (
    select(checkpoints, checkpoint_blobs.c.data)
    .join(checkpoint_blobs, checkpoint_blobs.c.checkpoint == checkpoints.c.id)
    .where(checkpoints.c.run == THIS_RUN)
    .order_by(checkpoint_blobs.c.part)
)
_THIS_CHECKPOINT = _CHECKPOINT.where(checkpoints.c.id == bindparam("at_id"))
_NEWEST_CHECKPOINT = _CHECKPOINT.where(
    checkpoints.c.id
    == select(func.max(checkpoints.c.id)).where(checkpoints.c.run == THIS_RUN).correlate(None).scalar_subquery()
)
_COMMANDS = select(commands).where(commands.c.run == THIS_RUN, commands.c.id > _AFTER).order_by(commands.c.id)


class RunReader:
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
        return f"{type(self).__name__}({self.id!r})"

    def info(self) -> RunInfo:
        """Everything of the run's row, as it is now."""
        own = self._rows(INFO)
        if not own:
            raise self._missing()
        return rows.run_info_of(own[0])

    def revision(self) -> int:
        """A number that grows with every change that a view of the run shows (a bare heartbeat is none)."""
        own = self._rows(_REVISION)
        if not own:
            raise self._missing()
        return own[0].revision

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
            NotKeptError: this run has no such picture, or it was thinned out since.

        """
        kept = self._rows(_SNAPSHOT, at_id=id)
        if not kept:
            raise NotKeptError(
                f"Run {self.id} has no picture {id} any more. Long runs keep fewer: choose one that is listed."
            )
        return rows.snapshot_of(kept[0])

    def checkpoints(self) -> list[CheckpointInfo]:
        """Every checkpoint without its payload, oldest first."""
        return [
            CheckpointInfo(row.id, rows.position_of(row), row.keep, row.size, to_datetime(row.created_at))
            for row in self._rows(_CHECKPOINTS)
        ]

    def lasting_checkpoints(self) -> list[CheckpointInfo]:
        """Those that a worker can be asked about, oldest first: what may be replaced before it has read is left out."""
        return checkpoint_info.lasting(self.checkpoints(), self.info().status)

    def newest_checkpoint(self) -> CheckpointInfo | None:
        """The newest state that a worker can be asked about; None while nothing was saved."""
        return checkpoint_info.newest(self.lasting_checkpoints())

    def require_checkpoint(self) -> CheckpointInfo:
        """The same. Raises NotKeptError while nothing was saved."""
        newest = self.newest_checkpoint()
        if newest is None:
            raise NotKeptError(
                f"Run {self.info().name!r} has not been saved yet: its first checkpoint comes a second after it starts."
            )
        return newest

    def checkpoint(self, id: int | None = None) -> Checkpoint | None:
        """A checkpoint with its payload: the newest one, or None if there is none yet; or the one with this id.

        Raises:
            NotKeptError: this run has no checkpoint `id` (any more).
            StoreError: its settings are of another version of the lab.

        """
        parts = self._rows(_NEWEST_CHECKPOINT) if id is None else self._rows(_THIS_CHECKPOINT, at_id=id)
        if parts:
            return self._assembled(parts)
        if id is not None:
            raise NotKeptError(f"Run {self.id} has no checkpoint {id} any more. Choose one that is listed.")
        return None

    def commands(self, after: int = 0) -> list[CommandRecord]:
        """Commands with an id above `after`, in the order in which they were sent."""
        return [rows.command_of(row) for row in self._rows(_COMMANDS, after=after)]

    # -- helpers --------------------------------------------------------------------------------------------------

    def _rows(self, statement: Select[Any], **values: Any) -> list[rows.AnyRow]:
        with self._database.read() as connection:
            return list(connection.execute(statement, {"at_run": self._key, **values}))

    def _assembled(self, parts: list[rows.AnyRow]) -> Checkpoint:
        row = parts[0]
        config, complaint = rows.read_config(row.config)
        if complaint:
            raise StoreError(f"Checkpoint {row.id} of run {self.id} cannot be used. {complaint}")
        payload = b"".join(part.data for part in parts)
        return Checkpoint(rows.position_of(row), payload, config, row.keep, row.id)

    def _missing(self) -> RunNotFoundError:
        return RunNotFoundError(f"Run {self.id} was deleted. The list of runs shows those there are.")


def _filtered(statement: Select[Any], stage: str | None, kind: str | None) -> Select[Any]:
    if stage is not None:
        statement = statement.where(snapshots.c.stage == stage)
    return statement if kind is None else statement.where(snapshots.c.kind == kind)
