"""`Jobs`: what the web process knows of the place where work executes. No torch here, no processes of its own.

```python
jobs = Jobs.ensure(store)                                   # finds or starts the cluster
jobs.submit(run.id)                                         # "look at the store now"
jobs.ask("dbn_core.inference:classify", pixels, timeout=5)  # plain data in and out
```
"""

import os
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from distributed import Client, Future, KilledWorker

from dbn_core.errors import JobError
from dbn_core.jobs import tasks
from dbn_core.jobs.launch import find, find_or_start, open_client
from dbn_core.jobs.settings import THREADS, TRAIN, WAKE
from dbn_core.jobs.supervisor import Supervisor, is_for_cluster
from dbn_core.places import COMMAND
from dbn_core.store import RunStore

ADDRESS_VARIABLE = "DBN_SCHEDULER"
GLANCE = 0.25  # seconds between two looks at whether a question is still wanted
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class JobStatus:
    """The cluster in a few numbers, for a health route and a status line."""

    address: str
    workers: int
    train_slots: int  # runs that can train at once
    training: int  # runs in progress


class Jobs:
    """A connection to the job cluster of a store that mends itself. Safe to share between threads.

    Use `connect` or `ensure`. Not to be called from inside an event loop: it blocks.
    """

    def __init__(self, store: RunStore, reach: Callable[[], Client], *, external: bool, supervise: bool) -> None:
        self._store = store
        self._reach = reach
        self._external = external
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._is_work_expected = False
        self._supervisor = Supervisor(store, self._connected) if supervise else None
        self._connected()
        if self._supervisor is not None:
            self._supervisor.start()

    @classmethod
    def connect(cls, store: RunStore) -> Self:
        """Connect to DBN_SCHEDULER, else to the cluster that the store names. Raises JobError if none answers."""
        address = os.environ.get(ADDRESS_VARIABLE)
        if address:
            return cls(store, lambda: _external_client(address), external=True, supervise=False)
        return cls(store, lambda: _local_client(store), external=False, supervise=False)

    @classmethod
    def ensure(cls, store: RunStore) -> Self:
        """Like `connect`, but starts the local cluster in the background when none answers.

        A scheduler given in DBN_SCHEDULER is never started; its runs are supervised from this process.
        """
        address = os.environ.get(ADDRESS_VARIABLE)
        if address:
            return cls(store, lambda: _external_client(address), external=True, supervise=True)
        return cls(store, lambda: find_or_start(store), external=False, supervise=False)

    def submit(self, run_id: str) -> None:
        """Have a queued run trained as soon as a worker is free; returns at once.

        The run is in the store already and a supervisor looks there every second anyway: this only saves the second.
        Raises JobError when no cluster can be reached or none of its workers may train.
        """

        def wake(client: Client) -> None:
            self._check_workers(client)
            client.log_event(WAKE, run_id)

        self._with_client(wake)

    def expect_work(self) -> None:
        """Have the workers load what training and questions need, so that the first of them starts at once.

        They do so in the background, those of a cluster that takes this one's place too. Workers of a scheduler given
        in DBN_SCHEDULER belong to others and are left alone. Raises JobError when no cluster can be reached.
        """
        if not self._external:
            self._is_work_expected = True
            self._with_client(lambda client: client.register_plugin(tasks.WarmUp()))

    def ask(
        self, name: str, *arguments: Any, timeout: float = 30.0, long: bool = False, stop: threading.Event | None = None
    ) -> Any:
        """The answer of `module:function` on a warm worker, beside any training. Plain data in and out.

        A `long` question (more than seconds) holds up no other one; setting `stop` gives it up, here and on the worker.

        Raises JobError when it does not come within `timeout` seconds, is stopped or the function breaks; LabErrors of
        the function come as they are.
        """

        def question(client: Client) -> Any:
            future = client.submit(
                tasks.long_answer if long else tasks.answer,
                name,
                arguments,
                key=f"answer-{uuid.uuid4().hex}",
                pure=False,
                priority=10,
            )
            try:
                return future.result(timeout) if stop is None else _result_unless(stop, future, timeout)
            except TimeoutError as error:
                future.cancel()
                raise JobError(f"No answer from the workers within {timeout:g} seconds. Try again.") from error
            except KilledWorker as error:
                raise JobError(f"The workers died over the question {name}. Their log says more.") from error

        return self._with_client(question)

    def status(self) -> JobStatus:
        """The cluster as it is now. Raises JobError if it cannot be reached."""

        def look(client: Client) -> JobStatus:
            workers = client.scheduler_info()["workers"].values()
            training: Any = client.run_on_scheduler(tasks.in_training)
            return JobStatus(
                address=str(client.scheduler.address) if client.scheduler else "",
                workers=len(workers),
                train_slots=int(sum(worker["resources"].get(TRAIN, 0) for worker in workers)),
                training=training,
            )

        return self._with_client(look)

    def mend(self) -> bool:
        """Where the cluster is gone while runs are unfinished: on to the next one, which is started if need be.

        Returns whether that was so; a look costs next to nothing. Raises JobError when the next one does not start.
        """
        if self._is_connected() or not any(map(is_for_cluster, self._store.runs())):
            return False
        self._connected()
        return True

    def close(self) -> None:
        """Leave; runs in progress go on."""
        if self._supervisor is not None:
            self._supervisor.stop()
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    # -- the connection -----------------------------------------------------------------------------------------------

    def _with_client(self, action: Callable[[Client], _Result]) -> _Result:
        """Do it, and once more on a fresh connection when the first one turns out to be dead."""
        client = self._connected()
        try:
            return action(client)
        except (OSError, CancelledError):
            self._forget(client)
        try:
            return action(self._connected())
        except (OSError, CancelledError) as error:
            raise JobError(f"The connection to the job cluster was lost ({error}). Try again.") from error

    def _connected(self) -> Client:
        with self._lock:
            if self._client is not None and not self._is_connected():
                self._forget(self._client)
            if self._client is None:
                self._client = self._reach()
                if self._is_work_expected:
                    with suppress(OSError):  # a connection that dies at once is noticed by whoever uses it
                        self._client.register_plugin(tasks.WarmUp())
            return self._client

    def _is_connected(self) -> bool:
        client = self._client
        return client is not None and client.status == "running" and not self._has_moved(client)

    def _has_moved(self, client: Client) -> bool:
        """Whether the store names another cluster by now: the old one may still answer while it ends."""
        if self._external or client.scheduler is None:
            return False
        return self._store.cluster_address() != client.scheduler.address

    def _forget(self, client: Client) -> None:
        with self._lock:
            if self._client is client:
                self._client = None
                client.close(timeout=1)

    def _check_workers(self, client: Client) -> None:
        """A run sent to workers that may not train would wait for ever in silence."""
        if not self._external:
            return
        workers = client.scheduler_info()["workers"]
        address = os.environ.get(ADDRESS_VARIABLE)
        if not any(worker["resources"].get(TRAIN, 0) >= 1 for worker in workers.values()):
            having = "has no workers" if not workers else f"has {len(workers)} workers, but none offers to train"
            raise JobError(
                f"The scheduler at {address} {having}. The run stays queued; start a worker with: "
                f"dask worker {address} --nthreads {THREADS} --resources {TRAIN}=1"
            )


def _result_unless(stop: threading.Event, future: Future[Any], timeout: float) -> Any:
    """The result; when `stop` is set meanwhile the question is cancelled and JobError raised."""
    end = time.monotonic() + timeout
    while True:
        try:
            return future.result(min(GLANCE, max(0.0, end - time.monotonic())))
        except TimeoutError:
            if stop.is_set():
                future.cancel()
                raise JobError("Stopped.") from None
            if time.monotonic() >= end:
                raise


def _external_client(address: str) -> Client:
    try:
        return open_client(address)
    except JobError as error:
        raise JobError(f"{error} It is named in {ADDRESS_VARIABLE}: start it, or unset {ADDRESS_VARIABLE}.") from error


def _local_client(store: RunStore) -> Client:
    client = find(store)
    if client is None:
        raise JobError(f"No job cluster serves this store. Start one with: {COMMAND} cluster")
    return client
