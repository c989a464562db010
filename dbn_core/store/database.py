"""A database by URL: the engine, its pragmas, its transactions; SQLite in WAL mode or PostgreSQL through psycopg.

Reads are single statements outside any transaction, so they never wait for a writer and never hold one up. Writes are
short transactions; on SQLite they take the write lock at their first word (BEGIN IMMEDIATE), since a transaction that
begins as a reader and then writes is refused at once when somebody else has written, whatever the time-out.
"""

import re
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from dbn_core.errors import StoreError, StoreUnavailableError
from dbn_core.store.faults import explained, shown

BUSY_SECONDS = 30  # how long a write waits for others before the store is called busy
_CONNECT_SECONDS = 10
_WAL_BYTES = 64 * 2**20  # a log that a large checkpoint blew up is cut back to this


class Database:
    """One store's connections, for all threads of one process; another process makes its own.

    Raises StoreError: the URL is wrong, the folder cannot be made, the database cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self.url = _absolute(_parsed(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            _make_folder(self.url)
        self._engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        reading = {"reads": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._reader = self._engine.execution_options(**reading)
        self._file: tuple[int, int] | None = None
        if self.is_sqlite:
            with explained(self.url):
                _switch_to_wal(self._reader, self.url)
            self._file = _identity(self.url)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A connection for single statements that only read."""
        self._check_place()
        with explained(self.url), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """One transaction: committed at the end, undone on any exception."""
        self._check_place()
        with explained(self.url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def alone(self) -> Generator[Connection]:
        """A connection outside any transaction, for what the database does to itself: it waits for all others."""
        self._check_place()
        outside = {"reads": True} if self.is_sqlite else {}
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT", **outside)
        with explained(self.url), engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Closes all connections; the next use opens new ones."""
        self._engine.dispose()

    def _check_place(self) -> None:
        """A file that is open can be deleted or moved: SQLite would go on with it, and what it stores would be lost."""
        if self._file is not None and _identity(self.url) != self._file:
            raise StoreUnavailableError(
                f"The run store {shown(self.url)} was deleted, moved or replaced while it was in use, so nothing is "
                f"stored any more. Put the file back where it was, or restart the lab to begin with the one there."
            )


def _identity(url: URL) -> tuple[int, int] | None:
    """Which file lies there: another one has another number. None where there is none."""
    try:
        found = Path(str(url.database)).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except ArgumentError as error:
        raise StoreError(
            f"{_without_password(url)!r} is not the address of a run store. Write it as "
            "sqlite:///folder/file.db or postgresql+psycopg://user:password@host/database."
        ) from error
    if backend == "postgresql":
        return _with_psycopg(parsed)
    if backend != "sqlite" or parsed.get_driver_name() != "pysqlite":
        raise StoreError(
            f"The run store {shown(parsed)} is of a kind the lab does not know. Use sqlite:///folder/file.db or "
            "postgresql+psycopg://user:password@host/database."
        )
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise StoreError(
            f"The run store {shown(parsed)} names no file, and several programs share it. "
            "Give a file, such as sqlite:///runs/lab.db."
        )
    return parsed


def _without_password(url: str) -> str:
    return re.sub(r":[^:@]*@", ":***@", url)


def _with_psycopg(url: URL) -> URL:
    if url.drivername not in {"postgresql", "postgresql+psycopg"}:
        raise StoreError(f"The run store {shown(url)} names another driver. Write it as postgresql+psycopg://...")
    try:
        import psycopg as _  # noqa: F401 - optional: a lab on SQLite needs none
    except ImportError as error:
        raise StoreError(
            f"The run store {shown(url)} needs the package psycopg. Install it with: pip install 'psycopg[binary]'"
        ) from error
    return url.set(drivername="postgresql+psycopg")


def _absolute(url: URL) -> URL:
    """The same file whatever folder a worker that is given this address starts in."""
    if url.get_backend_name() != "sqlite":
        return url
    return url.set(database=str(Path(str(url.database)).expanduser().absolute()))


def _make_folder(url: URL) -> None:
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {str(folder)!r} of the run store cannot be made ({error.strerror}). "
            "Name a file in a folder you may write to in DBN_STORE."
        ) from error


# -- SQLite -------------------------------------------------------------------------------------------------------


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=8, max_overflow=56)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL", f"journal_size_limit = {_WAL_BYTES}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get("reads"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _switch_to_wal(engine: Engine, url: URL) -> None:
    """WAL mode is a property of the file. SQLite does not wait for others while it switches, so we do."""
    deadline = time.monotonic() + BUSY_SECONDS
    with engine.connect() as connection:
        while True:
            try:
                mode = connection.execute(text("PRAGMA journal_mode = WAL")).scalar_one()
                break
            except OperationalError as error:
                if "locked" not in str(error.orig) or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
    if mode != "wal":
        raise StoreError(
            f"The run store {shown(url)} cannot be shared between programs there (journal mode {mode}): WAL does not "
            "work on network disks. Use a local disk, or PostgreSQL by URL in DBN_STORE."
        )


# -- PostgreSQL ---------------------------------------------------------------------------------------------------


def _postgresql_engine(url: URL) -> Engine:
    defaults = {"connect_timeout": _CONNECT_SECONDS, "client_encoding": "utf8", "application_name": "deep-belief-lab"}
    arguments = {key: value for key, value in defaults.items() if key not in url.query}
    engine = create_engine(url, connect_args=arguments, pool_pre_ping=True, pool_size=8, max_overflow=24)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {round(1000 * BUSY_SECONDS)}")
    connection.commit()
