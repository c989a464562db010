"""Runs that come with the lab, as examples: a store of their own, which `dbn_core.gallery` makes, and read-only.

It is one SQLite file in the user's cache folder, named by a digest of the archives it was made from, so that another
version of the lab with other examples makes another one. Where it was not made, there are no examples.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NoReturn

from sqlalchemy import bindparam, select

from dbn_core import places
from dbn_core.commands import Command
from dbn_core.errors import StoreError
from dbn_core.records import RunInfo
from dbn_core.store.database import Database
from dbn_core.store.reader import RUN_COLUMNS
from dbn_core.store.rows import run_info_of
from dbn_core.store.run import Run
from dbn_core.store.schema import SCHEMA_VERSION, runs

log = logging.getLogger(__name__)

ID_LENGTH = 12  # hexadecimal digits, as of every run

_ALL = select(*RUN_COLUMNS).order_by(runs.c.key)
_FIND = select(runs.c.key).where(runs.c.id == bindparam("wanted"))


class Example(Run):
    """A run that comes with the lab. What is measured on it may be kept with it; nothing else of it changes."""

    def info(self) -> RunInfo:
        return _marked(super().info())

    def send(self, command: Command) -> NoReturn:  # noqa: ARG002
        self._refuse()

    def rename(self, name: str) -> NoReturn:  # noqa: ARG002
        self._refuse()

    def annotate(self, note: str) -> NoReturn:  # noqa: ARG002
        self._refuse()

    def delete(self) -> NoReturn:
        self._refuse()

    def queue(self, executor: Literal["cluster", "foreground"] | None = None) -> NoReturn:  # noqa: ARG002
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise StoreError(
            f"{self.info().name!r} is an example that comes with the lab: branch it, then the copy is yours."
        )


def archives() -> Mapping[str, Path]:
    """The archives of the examples, in their order, by the ids that their runs get: how their SHA-256 begins."""
    return _archives(places.GALLERY)


def examples_file() -> Path:
    """Where the store of these examples is, once it has been made."""
    digest = hashlib.sha256(" ".join(archives()).encode()).hexdigest()[:ID_LENGTH]
    return places.cache() / f"examples-{SCHEMA_VERSION}-{digest}.db"


def infos() -> list[RunInfo]:
    """Every example, in the order of the archives."""
    database = _database()
    if database is None:
        return []
    with database.read() as connection:
        return [_marked(run_info_of(row)) for row in connection.execute(_ALL)]


def find(id: str) -> Example | None:
    """The example with this id."""
    database = _database() if id in archives() else None
    if database is None:
        return None
    with database.read() as connection:
        key: Any = connection.execute(_FIND, {"wanted": id}).scalar_one_or_none()
    return None if key is None else Example(database, key, id)


def _marked(info: RunInfo) -> RunInfo:
    return replace(info, is_example=True)


@lru_cache(maxsize=4)
def _archives(folder: Path) -> Mapping[str, Path]:
    files = sorted(folder.glob("*.zip"))
    return {hashlib.sha256(file.read_bytes()).hexdigest()[:ID_LENGTH]: file for file in files}


def _database() -> Database | None:
    """Of the file, where it has been made and can be opened."""
    file = examples_file()
    if not file.is_file():
        return None
    try:
        return _opened(file)
    except StoreError as error:
        log.warning("The lab has no examples: %s", error)
        return None


@lru_cache(maxsize=4)
def _opened(file: Path) -> Database:
    return Database(f"sqlite:///{file.as_posix()}")
