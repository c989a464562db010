"""Jobs on a scheduler that is there already: supervision, questions, and what is said when something is missing."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import dask.config
import pytest
from distributed import LocalCluster, Security

from dbn_core import interruption
from dbn_core.commands import Pause, Resume
from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError, DataError, JobError
from dbn_core.jobs import Jobs
from dbn_core.jobs.keys import keys_file, security
from dbn_core.jobs.settings import TRAIN, configure
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from tests.processes.lab import finished
from tests.waiting import PATIENCE, until

ROLES = ("client", "scheduler", "worker")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[LocalCluster]:
    """A scheduler with one worker that may train, both in this process."""
    yield from _cluster(resources={TRAIN: 1})


@pytest.fixture
def idle_scheduler() -> Iterator[LocalCluster]:
    """A scheduler whose worker offers no `train`."""
    yield from _cluster()


def _cluster(protocol: str = "tcp", **options: Any) -> Iterator[LocalCluster]:
    configure()
    cluster = LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        protocol=protocol,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        memory_limit=0,
        **options,
    )
    yield cluster
    cluster.close()


@pytest.fixture
def store(store_url: str) -> RunStore:
    return RunStore(store_url)


@pytest.fixture
def jobs(store: RunStore, scheduler: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setenv("DBN_SCHEDULER", scheduler.scheduler_address)
    jobs = Jobs.ensure(store)
    yield jobs
    jobs.close()


@pytest.fixture
def tiny() -> RunConfig:
    return RunConfig().with_values({"data.train_size": 60, "batch_size": 20, "layers": [7], "epochs": 1})


# -- questions ----------------------------------------------------------------------------------------------------


def test_a_question_is_answered_by_a_worker(jobs: Jobs) -> None:
    assert jobs.ask("dbn_core.config:allowed", _hyperparameter()) == "give a whole number from 1 to 100"


def _hyperparameter() -> object:
    from dbn_core.config import hyperparameter

    return hyperparameter("training.k")


def test_errors_made_for_people_come_back_as_they_were(jobs: Jobs) -> None:
    with pytest.raises(DataError, match="no data set 'nothing'"):
        jobs.ask("dbn_core.data:dataset_info", "nothing")
    with pytest.raises(ConfigError) as caught:
        jobs.ask("dbn_core.config:preset", "nothing")
    assert "first-look" in caught.value.problems["preset"]


def test_any_other_error_becomes_one_that_needs_no_library_to_read(jobs: Jobs) -> None:
    with pytest.raises(JobError, match=r"hyperparameter failed: KeyError: 'nothing'") as caught:
        jobs.ask("dbn_core.config:hyperparameter", "nothing")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", ["os:system", "dbn_core.config", "dbn_core.nowhere:x", "dbn_core.config:nothing"])
def test_only_functions_of_the_lab_are_questions(jobs: Jobs, name: str) -> None:
    with pytest.raises(JobError, match="names no question"):
        jobs.ask(name, "true")


def test_an_answer_that_does_not_come_is_not_waited_for(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    # The worker is in this process, so it finds the question here.
    monkeypatch.setattr("dbn_core.jobs.tasks.wait_for_the_gate", lambda: gate.wait(PATIENCE), raising=False)
    try:
        with pytest.raises(JobError, match=r"within 0\.1 seconds"):
            jobs.ask("dbn_core.jobs.tasks:wait_for_the_gate", timeout=0.1)
    finally:
        gate.set()


def test_a_long_question_that_is_given_up_ends_on_the_worker_too(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    began, stop, ended = threading.Event(), threading.Event(), threading.Event()

    def count_for_ever() -> None:
        began.set()
        try:
            while not ended.wait(0.01):
                interruption.check()
        finally:
            ended.set()

    monkeypatch.setattr("dbn_core.jobs.tasks.count_for_ever", count_for_ever, raising=False)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(jobs.ask, "dbn_core.jobs.tasks:count_for_ever", timeout=PATIENCE, long=True, stop=stop)
        assert began.wait(PATIENCE)
        stop.set()
        with pytest.raises(JobError, match=r"^Stopped\.$"):
            asked.result(PATIENCE)
        assert ended.wait(PATIENCE)


def test_a_question_that_nobody_can_give_up_is_never_interrupted() -> None:
    interruption.check(1, 100)
    with interruption.answering(lambda: True):
        interruption.check(1, 100)
    with interruption.answering(lambda: False), pytest.raises(JobError, match="nobody waits"):
        interruption.check(1, 100)
    interruption.check(1, 100)


# -- runs ---------------------------------------------------------------------------------------------------------


def test_a_submitted_run_is_trained_by_the_given_scheduler(jobs: Jobs, store: RunStore, tiny: RunConfig) -> None:
    run = store.create_run(tiny)
    jobs.submit(run.id)
    assert finished(run).status is RunStatus.DONE
    assert jobs.status().train_slots == 1


def test_unfinished_runs_are_found_without_being_submitted_and_others_are_left_alone(
    jobs: Jobs, store: RunStore, tiny: RunConfig
) -> None:
    foreign = store.create_run(tiny, executor="foreground")
    ended = store.create_run(tiny)
    store.claim(ended.id, "test").set_status(RunStatus.STOPPED)
    runs = [store.create_run(tiny) for _ in range(3)]
    for run in runs:
        assert finished(run).status is RunStatus.DONE
    assert foreign.info().status is RunStatus.QUEUED
    assert ended.info().status is RunStatus.STOPPED


def test_a_resumed_run_is_trained_again(jobs: Jobs, store: RunStore, tiny: RunConfig) -> None:
    run = store.create_run(tiny)
    store.claim(run.id, "test").set_status(RunStatus.STOPPED)
    run.queue()
    jobs.submit(run.id)
    info = finished(run)
    assert (info.status, info.attempt) == (RunStatus.DONE, 2)


def test_a_run_paused_for_long_gives_its_worker_to_others_and_comes_back_when_told(
    jobs: Jobs, store: RunStore, tiny: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dbn_core.worker.PARK_SECONDS", 0.2)  # the worker is in this process
    paused = store.create_run(tiny.with_values({"updates_per_second": 5}))
    paused.send(Pause())
    jobs.submit(paused.id)
    until(lambda: paused.info().status is RunStatus.PAUSED, "the pause")
    other = store.create_run(tiny)  # there is one slot
    assert finished(other).status is RunStatus.DONE
    assert paused.info().status is RunStatus.PAUSED
    paused.send(Resume())
    info = finished(paused)
    assert (info.status, info.attempt) == (RunStatus.DONE, 1)


def test_a_deleted_run_troubles_nobody(jobs: Jobs, store: RunStore, tiny: RunConfig) -> None:
    store.create_run(tiny).delete()
    run = store.create_run(tiny)
    assert finished(run).status is RunStatus.DONE


def test_workers_that_may_not_train_are_told_of_instead_of_waiting_for_ever(
    store: RunStore, idle_scheduler: LocalCluster, tiny: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_SCHEDULER", idle_scheduler.scheduler_address)
    jobs = Jobs.ensure(store)
    try:
        run = store.create_run(tiny)
        with pytest.raises(JobError, match="none offers to train") as caught:
            jobs.submit(run.id)
        assert f"dask worker {idle_scheduler.scheduler_address} --nthreads 2 --resources train=1" in str(caught.value)
        assert run.info().status is RunStatus.QUEUED
    finally:
        jobs.close()


@pytest.fixture
def keys(store: RunStore) -> Iterator[Security]:
    """Keys that Dask is told of, as by DASK_DISTRIBUTED__COMM__TLS__CA_FILE and its like."""
    security(store.url)
    file = str(keys_file(store.url))
    parts = {f"distributed.comm.tls.{role}.{part}": file for role in ROLES for part in ("cert", "key")}
    with dask.config.set({"distributed.comm.tls.ca-file": file, **parts}):
        yield Security()


def test_a_scheduler_with_keys_is_reached_with_those_that_dask_is_told_of(
    store: RunStore, keys: Security, tiny: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextmanager(_cluster)(resources={TRAIN: 1}, protocol="tls", security=keys) as cluster:
        assert cluster.scheduler_address.startswith("tls://")
        monkeypatch.setenv("DBN_SCHEDULER", cluster.scheduler_address)
        jobs = Jobs.ensure(store)
        run = store.create_run(tiny)
        jobs.submit(run.id)
        assert finished(run).status is RunStatus.DONE
        jobs.close()
        with dask.config.set({"distributed.comm.tls.ca-file": None}), pytest.raises(JobError, match="DBN_SCHEDULER"):
            Jobs.ensure(store)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "localhost", "tcp://127.0.0.1:none"])
def test_a_scheduler_that_does_not_answer_is_named(
    store: RunStore, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_SCHEDULER", address)
    with pytest.raises(JobError, match="DBN_SCHEDULER") as caught:
        Jobs.ensure(store)
    assert address in str(caught.value)


def test_an_address_of_another_stores_cluster_is_not_believed(store: RunStore, scheduler: LocalCluster) -> None:
    store.set_cluster_address(scheduler.scheduler_address)
    with pytest.raises(JobError, match="No job cluster serves this store"):
        Jobs.connect(store)
