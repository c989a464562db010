"""What is read from the store is kept by store, arguments and, where a run still grows, its revision."""

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from dbn_core.records import Position
from dbn_core.store import Run, RunStore
from tests import asynchronous
from tests.samples import make_run
from tests.waiting import PATIENCE
from web import lab
from web.kept import keep, keep_of_run
from web.once import Once


class Reader:
    """Tells which run of which store was read, and how often."""

    def __init__(self) -> None:
        self.read: list[tuple[str, int]] = []

    def picture(self, run_id: str, number: int) -> str:
        self.read.append((run_id, number))
        return f"{lab.store().url} {run_id} {number}"

    def points(self, run: Run) -> int:
        self.read.append((run.id, run.revision()))
        return len(run.metrics())


@pytest.fixture
def reader() -> Reader:
    return Reader()


def test_a_picture_is_read_once_for_its_arguments(store: RunStore, reader: Reader) -> None:
    picture = keep(7)(reader.picture)
    assert picture("run", 3) == picture("run", 3) == f"{store.url} run 3"
    assert asynchronous.run(picture.soon("run", 3)) == f"{store.url} run 3"
    picture("run", 5)
    assert reader.read == [("run", 3), ("run", 5)]


def test_the_same_ids_in_another_store_are_another_picture(
    store: RunStore, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = keep(7)(reader.picture)
    first = picture("run", 3)
    monkeypatch.setenv("DBN_STORE", f"sqlite:///{tmp_path / 'another.db'}")
    assert picture("run", 3) != first
    monkeypatch.setenv("DBN_STORE", store.url)
    assert picture("run", 3) == first
    assert len(reader.read) == 2


def test_what_was_read_of_a_run_is_kept_until_the_run_changes(store: RunStore, reader: Reader) -> None:
    run = make_run(store)
    points = keep_of_run(7)(reader.points)
    before = points(run.id)
    assert points(run.id) == before
    assert len(reader.read) == 1
    run.keep_figures(Position(11, 1.0, "layer1"), {"probe.pixels.heldout.error": 7.0})
    assert points(run.id) == before + 1
    assert len(reader.read) == 2


def test_what_is_made_in_the_shared_threads_never_waits_for_what_stands_behind_it(
    store: RunStore, reader: Reader
) -> None:
    """More askers than threads, each of whom asks for what is itself still in the queue."""
    picture = keep(70)(reader.picture)
    outer = Once[str](70)
    inner_stands_in_the_queue = threading.Event()

    def page(number: int) -> str:
        assert inner_stands_in_the_queue.wait(PATIENCE)
        return picture("run", number)

    async def all_at_once() -> list[str]:
        pages = [asyncio.ensure_future(outer.soon(number, partial(page, number))) for number in range(20)]
        await asyncio.sleep(0)
        pictures = [asyncio.ensure_future(picture.soon("run", number)) for number in range(20)]
        await asyncio.sleep(0)
        inner_stands_in_the_queue.set()
        return await asyncio.gather(*pages, *pictures)

    expected = [f"{store.url} run {number}" for number in range(20)]
    assert asynchronous.run(all_at_once()) == expected + expected
