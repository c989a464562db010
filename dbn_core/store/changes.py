"""`Changes`: whether anything was written to a store since the last look, cheap enough to look fifty times a second.

SQLite tells each connection whether others have committed since (`PRAGMA data_version`: four microseconds, no lock).
PostgreSQL adds up the revisions of the runs, which only grow.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select, text

from dbn_core.store.database import Database
from dbn_core.store.schema import runs

_COMMITS_OF_OTHERS = text("PRAGMA data_version")
_ALL_REVISIONS = select(func.count(), func.sum(runs.c.revision), func.max(runs.c.key))


class Changes:
    """Looks at the store through a connection of its own; for one thread at a time."""

    def __init__(self, connection: Connection, is_sqlite: bool) -> None:
        self._connection = connection
        self._question = _COMMITS_OF_OTHERS if is_sqlite else _ALL_REVISIONS
        self._seen: tuple[Any, ...] = ()
        self.pause = 0.02 if is_sqlite else 0.1
        """Seconds to leave between two looks: a question to a server costs more than one to a file."""

    def any(self) -> bool:
        """Whether anybody may have changed something since the last call; True the first time."""
        before, self._seen = self._seen, tuple(self._connection.execute(self._question).one())
        return self._seen != before


@contextmanager
def changes(database: Database) -> Generator[Changes]:
    """The connection is held until the end of the block. Raises StoreError there when the database fails in it."""
    with database.read() as connection:
        yield Changes(connection, database.is_sqlite)
