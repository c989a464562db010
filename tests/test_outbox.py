"""Training beside a store that cannot be used for a while: it waits, goes on, and loses nothing."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from dbn_core import outbox
from dbn_core.errors import StoreError, StoreUnavailableError
from dbn_core.outbox import patiently
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore, database
from dbn_core.worker import train_run
from tests.processes.lab import assert_identical, at_step, hurry, slow_config, weights
from tests.store.samples import moved
from tests.waiting import PATIENCE, until


@pytest.fixture
def store(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    """One that is soon called busy, and soon tried again."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(outbox, "AGAIN", 0.05)
    with RunStore(store_url) as store:
        yield store


@pytest.fixture
def begun(store: RunStore) -> Iterator[tuple[Run, Future[str]]]:
    """A slow run in training, and its end."""
    run = store.create_run(slow_config(), executor="foreground")
    with ThreadPoolExecutor(1) as pool:
        end = pool.submit(train_run, store.url, run.id)
        at_step(run, 5)
        yield run, end


def file_of(store: RunStore) -> Path:
    return Path(store.url.removeprefix("sqlite:///"))


def same_without_trouble(store: RunStore, run: Run) -> None:
    """The run has ended as one that met no trouble does."""
    reference = store.create_run(slow_config(updates_per_second=None), executor="foreground")
    assert train_run(store.url, reference.id) == RunStatus.DONE.value
    assert_identical(weights(run), weights(reference))
    found, wanted = (
        {(item.name, item.position.stage, item.position.step) for item in each.metrics(names=["recon_mse"])}
        for each in (run, reference)
    )
    assert found == wanted


def waiting(caplog: pytest.LogCaptureFixture) -> Callable[[], bool]:
    return lambda: "training waits for the store" in caplog.text


def test_training_waits_for_a_file_that_was_moved_away(
    store: RunStore, begun: tuple[Run, Future[str]], caplog: pytest.LogCaptureFixture
) -> None:
    run, end = begun
    moved(file_of(store), file_of(store).with_name("elsewhere.db"))
    until(waiting(caplog), "a word on it")
    moved(file_of(store).with_name("elsewhere.db"), file_of(store))
    assert hurry(run).status is RunStatus.DONE
    assert end.result(PATIENCE) == RunStatus.DONE.value
    assert "the store can be used again" in caplog.text
    same_without_trouble(store, run)


def test_training_waits_for_a_store_that_another_program_has_locked(
    store: RunStore, begun: tuple[Run, Future[str]], caplog: pytest.LogCaptureFixture
) -> None:
    run, end = begun
    other = sqlite3.connect(file_of(store), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    until(waiting(caplog), "a word on it")
    other.execute("ROLLBACK")
    other.close()
    until(lambda: run.info().status is RunStatus.RUNNING, "the run")
    assert hurry(run).status is RunStatus.DONE
    assert end.result(PATIENCE) == RunStatus.DONE.value
    same_without_trouble(store, run)


def test_a_store_that_is_gone_for_good_ends_training_in_its_own_words(
    store: RunStore, begun: tuple[Run, Future[str]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.3)
    _, end = begun
    file_of(store).unlink()
    with pytest.raises(StoreError, match="deleted, moved or replaced"):
        end.result(PATIENCE)
    assert "defect" not in caplog.text


def test_what_is_no_matter_of_waiting_is_raised_at_once() -> None:
    tries = []

    def refused() -> None:
        tries.append(threading.get_ident())
        raise StoreError("of another version")

    with pytest.raises(StoreError, match="another version"):
        patiently(refused)
    assert len(tries) == 1


def test_it_is_tried_until_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.2)
    monkeypatch.setattr(outbox, "AGAIN", 0.01)
    tries = []

    def busy() -> None:
        tries.append(1)
        raise StoreUnavailableError("busy")

    with pytest.raises(StoreUnavailableError):
        patiently(busy)
    assert len(tries) > 2
