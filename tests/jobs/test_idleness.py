"""What happens by the clock, and what only when there is a reason."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from distributed import Client

from dbn_core.config import RunConfig
from dbn_core.jobs import Jobs, supervisor
from dbn_core.jobs.supervisor import Supervisor
from dbn_core.jobs.tasks import WarmUp
from dbn_core.store import Changes, RunStore
from tests.waiting import PATIENCE, until


class Connection:
    """Stands for a client of a cluster: notes what the workers are given."""

    def __init__(self) -> None:
        self.status = "running"
        self.scheduler = None
        self.given: list[type] = []

    def register_plugin(self, plugin: object) -> None:
        self.given.append(type(plugin))

    def log_event(self, topic: str, message: str) -> None:
        """Somebody submits a run."""

    def scheduler_info(self) -> dict[str, Any]:
        return {"workers": {"one": {"resources": {"train": 1}}}}

    def close(self, timeout: float = 0) -> None:
        self.status = "closed"


def jobs_over(store: RunStore, *connections: Any, external: bool = False) -> Jobs:
    waiting: Iterator[Client] = iter(connections)
    return Jobs(store, lambda: next(waiting), external=external, supervise=False)


def test_the_cluster_that_takes_the_place_of_a_dead_one_is_told_to_expect_work_too(store_url: str) -> None:
    first, second = Connection(), Connection()
    jobs = jobs_over(RunStore(store_url), first, second)
    jobs.submit("a run")
    assert first.given == []
    jobs.expect_work()
    assert first.given == [WarmUp]
    first.status = "closed"
    jobs.submit("another run")
    assert second.given == [WarmUp]


def test_workers_of_others_are_left_as_they_are(store_url: str) -> None:
    connection = Connection()
    jobs_over(RunStore(store_url), connection, external=True).expect_work()
    assert connection.given == []


class Counting(Supervisor):
    """Counts its looks instead of taking them."""

    looks = 0

    def look(self) -> None:
        self.looks += 1


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Released each time that the store is asked whether anything was written."""
    monkeypatch.setattr(supervisor, "PERIOD", 0.01)
    times = threading.Semaphore(0)
    ask = Changes.any

    def counted(changes: Changes) -> bool:
        answer = ask(changes)
        times.release()
        return answer

    monkeypatch.setattr(Changes, "any", counted)
    return times


def test_the_supervisor_reads_the_runs_when_something_was_written_and_not_by_the_clock(
    store_url: str, asked: threading.Semaphore
) -> None:
    store = RunStore(store_url)
    watched = Counting(store, Client)
    watched.start()
    try:
        for _ in range(30):
            assert asked.acquire(timeout=PATIENCE)
        assert watched.looks <= 2, "one at the start, and one since nobody knows what was written before"
        before = watched.looks
        store.create_run(RunConfig())
        until(lambda: watched.looks > before, "a look at the new run")
        before = watched.looks
        watched.unfinished = 1
        until(lambda: watched.looks > before + 3, "looks at a run in progress, whose worker may die without a word")
    finally:
        watched.stop()
    assert watched.failure is None


def test_a_store_that_fails_is_asked_again(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PERIOD", 0.01)
    store = RunStore(store_url)
    watched = Counting(store, Client)
    reliable = RunStore.changes
    failures = iter([True, True])

    def unreliable(self: RunStore) -> Any:
        if next(failures, False):
            raise supervisor.StoreError("The run store is away.")
        return reliable(self)

    monkeypatch.setattr(RunStore, "changes", unreliable)
    watched.start()
    try:
        until(lambda: watched.looks, "a look once the store is back")
    finally:
        watched.stop()
    assert watched.failure is None
