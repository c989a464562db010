"""What the store takes on disk, and how it stays within a budget: checkpoints of epochs go, the oldest first.

Weights are nearly all of it: a run keeps its state after each epoch, to be branched from and looked at. Those copies
alone are ever given up. The newest state of a run, the end of each of its stages, its numbers and its pictures stay.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Row, bindparam, case, delete, desc, func, select, text, update

from dbn_core.errors import StoreError
from dbn_core.store.database import Database
from dbn_core.store.reader import FINISHED
from dbn_core.store.schema import checkpoints, metadata, runs, snapshots
from dbn_core.store.settings import set_setting, setting

DEFAULT_BUDGET = 10 * 10**9
"""Bytes of checkpoints and pictures of a whole store, unless somebody says otherwise."""

_BUDGET = "disk budget"
_QUIET = 0.9  # of the budget: so much is left after thinning, so that the next epoch does not thin again
_CHECKPOINTS = (
    select(checkpoints.c.run, checkpoints.c.keep, func.sum(checkpoints.c.size).label("size"))
    .group_by(checkpoints.c.run, checkpoints.c.keep)
    .subquery()
)
_PICTURES = select(snapshots.c.run, func.sum(snapshots.c.size).label("size")).group_by(snapshots.c.run).subquery()
_STATES = select(func.coalesce(func.sum(_CHECKPOINTS.c.size), 0)).where(_CHECKPOINTS.c.run == runs.c.key)
_BY_RUN = select(
    runs.c.id,
    runs.c.name,
    _STATES.correlate(runs).scalar_subquery().label("states"),
    _STATES.where(_CHECKPOINTS.c.keep == "epoch").correlate(runs).scalar_subquery().label("epochs"),
    func.coalesce(
        select(_PICTURES.c.size).where(_PICTURES.c.run == runs.c.key).correlate(runs).scalar_subquery(), 0
    ).label("pictures"),
).order_by(desc(runs.c.key))
_USED = select(
    select(func.coalesce(func.sum(checkpoints.c.size), 0)).scalar_subquery()
    + select(func.coalesce(func.sum(snapshots.c.size), 0)).scalar_subquery()
)
# Of a run in training the newest epoch is what a page that was given its id still reads.
_NEWEST = select(func.max(checkpoints.c.id)).where(checkpoints.c.keep == "epoch").group_by(checkpoints.c.run)
_OLDEST = (
    select(checkpoints.c.id, checkpoints.c.run, checkpoints.c.size)
    .join(runs, runs.c.key == checkpoints.c.run)
    .where(checkpoints.c.keep == "epoch", runs.c.status.in_(FINISHED) | checkpoints.c.id.not_in(_NEWEST))
    .order_by(case((runs.c.status.in_(FINISHED), 0), else_=1), checkpoints.c.id)
)
_DROP = delete(checkpoints).where(checkpoints.c.id.in_(bindparam("ids", expanding=True)))
_TELL = update(runs).where(runs.c.key.in_(bindparam("keys", expanding=True))).values(revision=runs.c.revision + 1)


@dataclass(frozen=True, slots=True)
class RunUsage:
    """What a run takes, in bytes. epochs: the part of its checkpoints that may be given up."""

    id: str
    name: str
    checkpoints: int
    epochs: int
    pictures: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.checkpoints + self.pictures


@dataclass(frozen=True, slots=True)
class Usage:
    """What a store takes, in bytes. file: on disk, with what is free in it; runs: the largest first."""

    file: int
    budget: int | None
    runs: tuple[RunUsage, ...]

    @property
    def checkpoints(self) -> int:
        """Of all runs."""
        return sum(run.checkpoints for run in self.runs)

    @property
    def pictures(self) -> int:
        """Of all runs."""
        return sum(run.pictures for run in self.runs)

    @property
    def used(self) -> int:
        """What the budget is about."""
        return self.checkpoints + self.pictures

    @property
    def is_over(self) -> bool:
        """More than the budget: it has not been thinned yet, or what may be given up does not do."""
        return self.budget is not None and self.used > self.budget


class Disk:
    """The room that one store takes, made by `RunStore.disk`. Raises StoreError where the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def budget(self) -> int | None:
        """Bytes that checkpoints and pictures of all runs may take, `DEFAULT_BUDGET` at first; None: any."""
        told = setting(self._database, _BUDGET)
        return DEFAULT_BUDGET if told is None else int(told) or None

    def set_budget(self, size: int | None) -> None:
        """For everybody who uses this store. Raises StoreError below one byte."""
        if size is not None and size < 1:
            raise StoreError(f"A budget of {size} bytes is not allowed; give at least 1, or none.")
        set_setting(self._database, _BUDGET, str(size or 0))

    def usage(self) -> Usage:
        """What all runs take; no weight or pixel is read."""
        with self._database.read() as connection:
            of_runs = [_usage_of(row) for row in connection.execute(_BY_RUN)]
        return Usage(self._file_size(), self.budget(), tuple(sorted(of_runs, key=lambda run: -run.total)))

    def thin(self) -> int:
        """Give up checkpoints of epochs until the budget holds, or none is left; how many bytes went.

        The oldest go first, those of finished runs before those of others.
        """
        budget = self.budget()
        if budget is None:
            return 0
        with self._database.read() as connection:
            if _used(connection) <= budget:
                return 0
        with self._database.write() as connection:
            return _thinned(connection, budget)

    def compact(self) -> None:
        """Give what is free in the database back to the disk.

        Others wait meanwhile; it takes as long as copying the database, and as much room.
        """
        with self._database.alone() as connection:
            if self._database.is_sqlite:
                connection.execute(text("VACUUM"))
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
                return
            for table in metadata.sorted_tables:
                connection.execute(text(f"VACUUM FULL {table.name}"))

    def _file_size(self) -> int:
        if self._database.is_sqlite:
            file = Path(str(self._database.url.database))
            return sum(path.stat().st_size for path in (file, file.with_name(f"{file.name}-wal")) if path.exists())
        with self._database.read() as connection:
            sizes = [func.pg_total_relation_size(table.name) for table in metadata.sorted_tables]
            return sum(map(int, connection.execute(select(*sizes)).one()))


def _thinned(connection: Connection, budget: int) -> int:
    excess = _used(connection) - _QUIET * budget
    freed = 0
    ids: list[int] = []
    keys: set[int] = set()
    for row in connection.execute(_OLDEST):
        if freed >= excess:
            break
        freed += row.size
        ids.append(row.id)
        keys.add(row.run)
    if ids:
        connection.execute(_TELL, {"keys": sorted(keys)})
        connection.execute(_DROP, {"ids": ids})
    return freed


def _used(connection: Connection) -> int:
    return int(connection.execute(_USED).scalar_one())


def _usage_of(row: Row[str, str, int, int, int]) -> RunUsage:
    return RunUsage(row.id, row.name, int(row.states), int(row.epochs), int(row.pictures))
