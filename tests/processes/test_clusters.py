"""The cluster itself is killed, restarted, started twice, left alone. Real processes."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import Client, Nanny, Scheduler

from dbn_core.commands import Stop
from dbn_core.errors import JobError
from dbn_core.jobs import Jobs
from dbn_core.jobs.cluster import HEARTBEAT
from dbn_core.jobs.keys import security
from dbn_core.jobs.launch import cluster_lock, cluster_log
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from tests.processes.lab import (
    ROOT,
    ClusterProcess,
    assert_identical,
    at_step,
    finished,
    hurry,
    slow_config,
    weights,
)
from tests.store.samples import trained
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.processes


def test_unfinished_runs_go_on_with_the_next_cluster_and_end_the_same(store_url: str) -> None:
    first = ClusterProcess(store_url)
    store = first.store
    run = store.create_run(slow_config())
    at_step(run, 23)
    children = psutil.Process(first.process.pid).children(recursive=True)
    first.kill()
    psutil.wait_procs(children, timeout=PATIENCE)
    assert not [child for child in children if child.is_running()], "its workers do not outlive it"

    jobs = Jobs.ensure(store)  # finds a stale address in the store and starts the next one
    try:
        at_step(run, 30)
        kill_background_cluster(store)
        until(jobs.mend, "a look from time to time finds it gone, and starts a third cluster")
        assert not jobs.mend(), "which stands"
        assert hurry(run).status is RunStatus.DONE
        reference = store.create_run(slow_config(updates_per_second=None))
        jobs.submit(reference.id)
        assert finished(reference).status is RunStatus.DONE
        assert_identical(weights(run), weights(reference))
    finally:
        jobs.close()
        end_background_cluster(store)


def test_two_web_servers_that_start_at_once_share_one_cluster(store_url: str) -> None:
    stores = [RunStore(store_url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(Jobs.ensure, stores))
    try:
        assert len({jobs.status().address for jobs in both}) == 1
        assert both[0].ask("dbn_core.jobs.tasks:resolve", "dbn_core.data:data_folder") is not None
        assert scheduler_modules(both[0]).isdisjoint({"torch", "streamlit"})
        refused = run_cluster(store_url)
        assert refused.returncode == 1
        assert "has a job cluster already" in refused.stderr
        assert "Traceback" not in refused.stderr
    finally:
        for jobs in both:
            jobs.close()
        end_background_cluster(stores[0])


def scheduler_modules(jobs: Jobs) -> set[str]:
    """Top-level modules loaded in the scheduler process."""
    client = jobs._client
    assert client is not None
    modules: Any = client.run_on_scheduler(lambda: [name.partition(".")[0] for name in sys.modules])
    return set(modules)


def test_workers_load_torch_once_work_is_expected_and_so_does_one_that_takes_the_place_of_a_killed_one(
    store_url: str,
) -> None:
    cluster = ClusterProcess(store_url)
    jobs = Jobs.connect(cluster.store)
    try:
        lean = loaded(cluster)
        assert len(lean) == 2
        assert not any(lean.values())
        jobs.expect_work()
        jobs.expect_work()
        until(lambda: all(loaded(cluster).values()), "the loading")
        victim = next(iter(lean))
        os.kill(victim, signal.SIGKILL)
        until(lambda: victim not in (now := loaded(cluster)) and list(now.values()) == [True, True], "the next worker")
    finally:
        jobs.close()
        cluster.end()


def loaded(cluster: ClusterProcess) -> dict[int, bool]:
    """Process ids of the workers that answer, and whether each has loaded what training needs."""
    look = lambda: (os.getpid(), "dbn_core.worker" in sys.modules)  # noqa: E731 - travels to workers by value
    told: Any = cluster.client.run(look, on_error="ignore")
    return dict(told.values())


def test_an_idle_cluster_gives_few_signs_of_life(store_url: str) -> None:
    cluster = ClusterProcess(store_url, "--workers", "1")
    try:

        def pauses() -> set[float]:
            told: Any = cluster.client.run(
                lambda dask_worker: dask_worker.periodic_callbacks["heartbeat"].callback_time
            )
            return set(told.values())

        until(lambda: pauses() == {1000 * HEARTBEAT}, "the first sign of life, whose answer names the time of the next")
        scheduler: Any = cluster.client.run_on_scheduler(
            lambda dask_scheduler: {
                name: each.callback_time for name, each in dask_scheduler.periodic_callbacks.items()
            }
        )
        often = {name for name, pause in scheduler.items() if pause < 1000}
        assert not often
    finally:
        cluster.end()


def test_a_cluster_that_nobody_needs_ends_by_itself(store_url: str) -> None:
    with RunStore(store_url) as store:
        done = run_cluster(store_url, "--idle", "0.5", "--workers", "1")
        assert done.returncode == 0
        assert "nobody was connected" in done.stderr
        assert store.cluster_address() is None
        with pytest.raises(JobError, match="No job cluster serves this store"):
            Jobs.connect(store)


def test_a_run_that_waits_for_a_worker_can_be_stopped(store_url: str) -> None:
    cluster = ClusterProcess(store_url, "--workers", "1")
    try:
        busy = cluster.store.create_run(slow_config(epochs=1000))
        at_step(busy, 1)
        waiting = cluster.store.create_run(slow_config())
        waiting.send(Stop())
        info = finished(waiting)
        assert info.status is RunStatus.STOPPED
        assert waiting.commands()[0].position is not None
        assert not waiting.commands()[0].problem
        busy.send(Stop())
        assert finished(busy).status is RunStatus.STOPPED
    finally:
        assert "ended on request" in cluster.end()


def test_a_broken_worker_that_dies_again_and_again_fails_the_run_with_a_sentence(store_url: str) -> None:
    cluster = ClusterProcess(store_url, "--workers", "1")
    try:
        run = cluster.store.create_run(slow_config(epochs=1000))
        seen: set[int] = set()

        def kill_or_end() -> bool:
            if run.info().status.is_finished:
                return True
            workers: Any = cluster.client.run(os.getpid, on_error="ignore")  # one may be dying just now
            pids = set(workers.values()) - seen
            for pid in pids if cluster.client.run_on_scheduler(_processing) else ():
                seen.add(pid)
                os.kill(pid, signal.SIGKILL)
            return False

        until(kill_or_end, "giving up")
        info = run.info()
        assert info.status is RunStatus.FAILED
        assert "killed several times" in info.message
    finally:
        cluster.end()


def test_training_goes_on_when_dask_has_given_up_every_worker(store_url: str) -> None:
    cluster = ClusterProcess(store_url, "--workers", "2")
    try:
        run = cluster.store.create_run(slow_config())
        at_step(run, 23)
        gone: Any = cluster.client.run(_give_up, nanny=True)
        assert len(gone) == 2
        assert hurry(run).status is RunStatus.DONE
        until(lambda: len(cluster.client.scheduler_info()["workers"]) == 2, "both places are taken again")
    finally:
        cluster.end()


def _give_up(dask_worker: Nanny) -> None:
    """What a nanny does when its worker cannot be started; on a busy machine a connection may come too late for it."""
    dask_worker.loop.call_later(0.1, dask_worker.close)


def _processing(dask_scheduler: Scheduler) -> bool:
    return any(worker.processing for worker in dask_scheduler.workers.values())


def run_cluster(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dbn_core", "cluster", *options]
    environment = os.environ | {"DBN_STORE": url}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def kill_background_cluster(store: RunStore) -> None:
    """Kills the cluster that `Jobs.ensure` started, with all its workers at once."""
    process = background_cluster(store)
    for victim in (*process.children(recursive=True), process):
        victim.kill()
    process.wait(PATIENCE)


def background_cluster(store: RunStore) -> psutil.Process:
    jobs = Jobs.connect(store)
    client = jobs._client
    assert client is not None
    number: Any = client.run_on_scheduler(os.getpid)
    jobs.close()
    return psutil.Process(number)


def end_background_cluster(store: RunStore) -> None:
    """Ends the cluster that `Jobs.ensure` started, and waits until it has left."""
    process = background_cluster(store)
    process.terminate()
    process.wait(PATIENCE)
    with cluster_lock(store.url).acquire(timeout=PATIENCE):
        assert "Traceback" not in cluster_log(store.url).read_text()


def test_a_cluster_keeps_the_runs_within_their_budget_on_disk(store_url: str) -> None:
    with RunStore(store_url) as store:
        run = trained(store, "large", 3)
        store.disk.set_budget(2500)
        cluster = ClusterProcess(store_url)
        try:
            until(lambda: len(run.checkpoints()) == 2, "the end of its epochs")
            assert [item.keep for item in run.checkpoints()] == ["stage", "latest"]
        finally:
            told = cluster.end()
    assert "keep within the budget" in told


def test_a_program_with_another_cache_finds_the_cluster_too(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = ClusterProcess(store_url)
    try:
        monkeypatch.setenv("DBN_CACHE", str(tmp_path / "another"))
        jobs = Jobs.connect(cluster.store)
        assert jobs.status().workers == 2
        jobs.close()
    finally:
        cluster.end()


def test_who_has_not_the_keys_of_the_store_gets_nowhere(store_url: str, tmp_path: Path) -> None:
    others = security(f"sqlite:///{tmp_path / 'others.db'}")
    cluster = ClusterProcess(store_url)
    try:
        workers = list(cluster.client.scheduler_info()["workers"])
        places = (cluster.store.cluster_address() or "", *workers)
        assert all(place.startswith("tls://127.0.0.1:") for place in places)
        for place in places:
            with pytest.raises(OSError, match=r"certificate does not match|Timed out"):
                Client(place, security=others, timeout=1, set_as_default=False)
            with pytest.raises(OSError, match=r"closed|Timed out"):
                Client(place.replace("tls", "tcp"), timeout=1, set_as_default=False)
        assert list(cluster.client.scheduler_info()["workers"]) == workers, "which did no harm"
    finally:
        cluster.end()
