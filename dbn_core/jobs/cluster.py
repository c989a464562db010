"""The local job cluster: one process with a Dask scheduler and a supervisor, and worker processes under nannies.

`python -m dbn_core cluster` runs it in the foreground; the web server starts the same in the background. Everything
listens on the loopback interface only, with no dashboard, and answers nobody who has not the store's keys (`keys`).
"""

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster, Scheduler, Security, Status
from filelock import FileLock, Timeout

from dbn_core.errors import JobError, StoreError
from dbn_core.jobs.keys import keys_file, security
from dbn_core.jobs.launch import cluster_lock, find
from dbn_core.jobs.settings import STORE_METADATA, THREADS, TRAIN, configure, store_digest
from dbn_core.jobs.supervisor import Supervisor
from dbn_core.jobs.tasks import Manners
from dbn_core.store import RunStore

log = logging.getLogger("dbn_core.jobs")

IDLE_SECONDS = 60.0
LOOK = 1.0  # seconds between two looks at whether the cluster is still needed and whole
HEARTBEAT = 30.0  # seconds between two signs of life that a worker gives; its end is seen by its connection
LOCK_SECONDS = 10.0
THIN = 60.0  # seconds between two looks at whether the runs keep within their budget on disk
MOST_WORKERS = 2  # two runs side by side; more would only share the same cores
_ENDED = {Status.closed, Status.failed}
MOST_ON_A_GPU = 4  # small runs leave most of a GPU idle, and each needs less than a core; assumed, not measured


def serve(
    store: RunStore,
    idle_seconds: float | None = IDLE_SECONDS,
    workers: int | None = None,
    ready: Callable[[str, int], None] = lambda _address, _workers: None,
) -> str:
    """Run the cluster of a store until it is told to end; returns one sentence that says why it ended.

    It ends on SIGTERM and SIGINT (runs in progress stay unfinished, the next cluster goes on with them), when another
    cluster took the store over, and when for `idle_seconds` nobody was connected and no run was unfinished (None:
    never). `ready` is told its address and workers. Must run in the main thread, for the signals.

    Raises JobError when the store has a cluster already, or when the supervisor breaks.
    """
    configure()
    stop = _stop_on_signals()
    lock = _take_lock(store)
    count = workers or runs_at_once(os.cpu_count() or 1, gpu=has_gpu())
    try:
        keys = security(store.url)
        with _scratch() as folder, closing(_dask(count, folder, keys)) as dask:
            return _Service(store, dask, keys, idle_seconds).run(stop, lambda address: ready(address, count))
    finally:
        lock.release()


def runs_at_once(cores: int, *, gpu: bool) -> int:
    """How many runs a machine trains side by side, unless somebody says how many."""
    return min(MOST_ON_A_GPU if gpu else MOST_WORKERS, cores)


def has_gpu(driver: Path = Path("/proc/driver/nvidia/gpus"), platform: str = sys.platform) -> bool:
    """Whether an NVIDIA GPU is there for runs to share, told without loading torch.

    `driver` lists them on Linux; on Windows the driver brings the program nvidia-smi. Where none is seen, `--workers`
    says how many runs share it.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES", "all").strip() in {"", "-1"}:
        return False
    if platform == "win32":
        return shutil.which("nvidia-smi") is not None
    return driver.is_dir() and any(driver.iterdir())


class _Service:
    """A running cluster and its supervisor."""

    def __init__(self, store: RunStore, dask: LocalCluster, keys: Security, idle_seconds: float | None) -> None:
        self._store = store
        self._dask = dask
        self._workers = len(dask.workers)
        self._scheduler: Any = dask.scheduler
        self._idle_seconds = idle_seconds
        self._address = str(dask.scheduler_address)
        self._client = Client(self._address, set_as_default=False, security=keys)
        self._supervisor = Supervisor(store, lambda: self._client)
        quieten(self._scheduler)
        self._busy_at = time.monotonic()
        self._thinned_at = 0.0

    def run(self, stop: threading.Event, ready: Callable[[str], None]) -> str:
        """Serve; returns why it ended."""
        try:
            self._client.register_plugin(Manners())
            self._client.set_metadata(STORE_METADATA, store_digest(self._store.url))
            self._store.set_cluster_address(self._address, str(keys_file(self._store.url)))
            self._supervisor.start()
            ready(self._address)
            while not stop.wait(LOOK):
                self._replace_nannies()
                self._keep_within_budget()
                reason = self._reason_to_end()
                if reason:
                    return reason
            return "ended on request; unfinished runs go on with the next cluster"
        finally:
            self._supervisor.stop()
            self._client.close()
            self._withdraw()

    def _replace_nannies(self) -> None:
        """A nanny starts its worker again as often as it dies, but ends itself where one cannot even start."""
        ended = [name for name, nanny in list(self._dask.workers.items()) if nanny.status in _ENDED]
        for name in ended:
            log.warning("worker %s could not be started; trying again", name)
            self._dask.workers.pop(name)
        if ended:
            self._dask.scale(self._workers)

    def _keep_within_budget(self) -> None:
        if time.monotonic() - self._thinned_at < THIN:
            return
        self._thinned_at = time.monotonic()
        try:
            freed = self._store.disk.thin()
        except StoreError as error:
            log.warning("the store could not be kept within its budget; trying again: %s", error)
            return
        if freed:
            log.info("gave up %.0f MB of states after single epochs, to keep within the budget", freed / 1e6)

    def _reason_to_end(self) -> str:
        if not self._supervisor.is_alive:
            raise JobError(f"The supervisor of the job cluster broke: {self._supervisor.failure}") from (
                self._supervisor.failure
            )
        if self._is_superseded():
            return "another cluster took the store over"
        if self._someone_needs_it():
            self._busy_at = time.monotonic()
        idle = time.monotonic() - self._busy_at
        if self._idle_seconds is not None and idle > self._idle_seconds:
            return f"nobody was connected and nothing was left to do for {self._idle_seconds:g} seconds"
        return ""

    def _is_superseded(self) -> bool:
        try:
            return self._store.cluster_address() not in {None, self._address}
        except StoreError as error:
            # A store that cannot be read now is the supervisor's trouble, and no reason to end.
            log.warning("the store did not say which cluster it has: %s", error)
            return False

    def _someone_needs_it(self) -> bool:
        ours = {self._client.id, "fire-and-forget"}
        return bool(self._supervisor.unfinished or set(self._scheduler.clients) - ours)

    def _withdraw(self) -> None:
        try:
            if self._store.cluster_address() == self._address:
                self._store.set_cluster_address(None)
        except StoreError as error:
            # A stale address does no harm: nothing answers there.
            log.warning("the address of the cluster stays in the store: %s", error)


def _dask(workers: int, scratch: str, keys: Security) -> LocalCluster:
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=THREADS,
        processes=True,
        protocol="tls://",
        security=keys,
        host="127.0.0.1",
        scheduler_port=0,
        # Dask opens an HTTP port in any case; with no routes it serves nothing, and a free number collides with nobody.
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        memory_limit=0,
        resources={TRAIN: 1},
        local_directory=scratch,
        silence_logs=logging.CRITICAL,
    )


def quieten(scheduler: Scheduler) -> None:
    """Have it do seldom what it does several times a second though nobody needs it, where Dask has no setting for it.

    It looks whether it has been idle for too long, or without workers for too long: never, here. And with few workers
    it asks each for two signs of life a second: every answer to one names the time of the next.
    """
    for name in ("idle-timeout", "no-workers-timeout"):
        scheduler.periodic_callbacks[name].callback_time = 1000 * HEARTBEAT
    told = scheduler.handlers["heartbeat_worker"]

    def answer(**news: Any) -> dict[str, Any]:
        return told(**news) | {"heartbeat-interval": HEARTBEAT}

    scheduler.handlers["heartbeat_worker"] = answer


def _take_lock(store: RunStore) -> FileLock:
    lock = cluster_lock(store.url)
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            lock.acquire(timeout=0.1)
            return lock
        except Timeout:
            client = find(store)
            if client is not None:
                client.close()
                raise JobError(f"This store has a job cluster already, at {store.cluster_address()}.") from None
            if time.monotonic() > deadline:
                raise JobError("Another job cluster of this store is starting, ending or hanging; try again.") from None


def _scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for the workers. One that is still ending may hold a file open, which Windows then does not delete."""
    return tempfile.TemporaryDirectory(prefix="deep-belief-lab-", ignore_cleanup_errors=True)


def ending_signals(known: Collection[str] = signal.Signals.__members__) -> list[str]:
    """The names of those signals that ask a program to end; Windows has SIGBREAK (Ctrl-Break) beside them."""
    return [name for name in ("SIGTERM", "SIGINT", "SIGBREAK") if name in known]


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for name in ending_signals():
        signal.signal(signal.Signals[name], lambda _number, _frame: stop.set())
    return stop
