"""An SQLite file that is deleted, moved, replaced, or full while programs use it: told at once, and nothing is lost."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dbn_core.config import RunConfig
from dbn_core.errors import StoreUnavailableError
from dbn_core.store import RunStore, database
from tests.store.samples import checkpoint, moved, point


@pytest.fixture
def file(store_url: str) -> Path:
    return Path(store_url.removeprefix("sqlite:///"))


def test_a_file_that_is_moved_away_is_told_at_once_and_used_again_once_it_is_back(store_url: str, file: Path) -> None:
    with RunStore(store_url) as store:
        run = store.create_run(RunConfig(), "a run")
        writer = store.claim(run.id, "a worker")
        moved(file, file.with_name("elsewhere.db"))
        for action in (store.runs, run.metrics, lambda: writer.write(metrics=[point(1)]), store.disk.compact):
            with pytest.raises(StoreUnavailableError, match="deleted, moved or replaced while it was in use"):
                action()
        moved(file.with_name("elsewhere.db"), file)
        writer.write(metrics=[point(2)])
        assert [item.position.step for item in run.metrics()] == [2]


def test_another_file_in_its_place_is_not_taken_for_it(store_url: str, file: Path) -> None:
    with RunStore(store_url) as store:
        store.create_run(RunConfig(), "a run")
        shutil.copy(file, file.with_name("a copy.db"))
        file.with_name("a copy.db").replace(file)
        with pytest.raises(StoreUnavailableError, match="Put the file back"):
            store.runs()


def test_a_full_disk_is_told_and_nothing_of_the_write_stays(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare, is_full = database._prepare_sqlite, True

    def prepare_small(connection: sqlite3.Connection, record: Any) -> None:
        prepare(connection, record)
        if is_full:
            connection.execute("PRAGMA max_page_count = 60").close()

    monkeypatch.setattr(database, "_prepare_sqlite", prepare_small)
    with RunStore(store_url) as store:
        run = store.create_run(RunConfig(), "a run")
        writer = store.claim(run.id, "a worker")
        with pytest.raises(StoreUnavailableError, match="the disk is full"):
            writer.save_checkpoint(checkpoint(1, payload=bytes(10**6)))
        assert run.checkpoints() == []
        is_full = False
        store.close()  # the next connection has room
        writer.save_checkpoint(checkpoint(1, payload=bytes(10**6)))
        assert len(run.checkpoints()) == 1
