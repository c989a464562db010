"""The supervisor: sees to it that every unfinished run of the store is being trained by a cluster.

It keeps no state of its own that matters: whenever something was written to the store, about which it asks once a
second, it compares the store with the scheduler. So a cluster that was restarted goes on with all unfinished runs, and
two supervisors of one scheduler do no harm: a run has one key.

Oldest runs first; never more at once than the workers have `train` slots, so that a queued run waits in the store,
where a person sees it and can stop it, and not behind another run on some worker.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from distributed import Client, Future, KilledWorker, fire_and_forget

from dbn_core.commands import Stop
from dbn_core.errors import LabError, RunNotFoundError, StoreError
from dbn_core.jobs import tasks
from dbn_core.jobs.settings import TRAIN, WAKE
from dbn_core.records import RunInfo, RunStatus
from dbn_core.store import Changes, RunStore

log = logging.getLogger("dbn_core.jobs")

PERIOD = 1.0  # seconds between two looks at whether anything was written to the store, when nothing wakes it
LONGEST = 30.0  # seconds between two looks at all runs, even if nothing was written
RETURNS = 3  # a trainer that came back so often without ending its run is broken
OWNER = "supervisor"


class Supervisor:
    """Compares store and scheduler in a thread of its own until `stop()`.

    `connect` gives a live client; it may give another one after a connection was lost. A fault of the store or of the
    network is logged and tried again a second later; any other exception ends the thread and is kept in `failure`.
    """

    def __init__(self, store: RunStore, connect: Callable[[], Client]) -> None:
        self.failure: BaseException | None = None
        self.unfinished = 0  # runs for the cluster that have not ended, at the last look
        self._store = store
        self._connect = connect
        self._client: Client | None = None
        self._futures: dict[str, Future[str]] = {}
        self._returns: Counter[str] = Counter()
        self._hopeless: set[str] = set()  # failed, and not even that could be written
        self._complaint = ""
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the store now rather than within a second."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread; runs in progress go on as long as their cluster lives."""
        self._stopped.set()
        self._wake.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=10)

    @property
    def is_alive(self) -> bool:
        """Whether it still looks after the runs."""
        return self._thread.is_alive()

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._stopped.is_set():
                self._keep_looking()
        except BaseException as error:
            self.failure = error
            log.exception("the supervisor of the job cluster broke")
            raise

    def _keep_looking(self) -> None:
        """Until it is stopped or the store fails."""
        try:
            with self._store.changes() as changes:
                while not self._stopped.is_set():
                    self._look_or_complain()
                    self._rest(changes)
        except StoreError as error:
            self._complain(error)
            self._wake.wait(PERIOD)

    def _rest(self, changes: Changes) -> None:
        """Until it is woken, something was written, or a second has passed in which runs may have lost their worker."""
        end = time.monotonic() + LONGEST
        while not self._wake.wait(PERIOD):
            if self.unfinished or self._complaint or changes.any() or time.monotonic() > end:
                break
        self._wake.clear()

    def _look_or_complain(self) -> None:
        try:
            self.look()
        except (LabError, OSError, TimeoutError) as error:
            self._complain(error)
        else:
            self._complaint = ""

    def _complain(self, error: Exception) -> None:
        """Once about each trouble, and not about those of a lab that is ending."""
        if self._stopped.is_set():
            return
        if str(error) != self._complaint:
            log.warning("the supervisor will try again: %s", error)
        self._complaint = str(error)

    def look(self) -> None:
        """Compare once: settle what ended, submit what is missing, spread what waits. Also called by tests."""
        client = self._current_client()
        # Statuses first: a task that had ended before the store was read has written all it will ever write.
        statuses = {key: str(future.status) for key, future in self._futures.items()}
        runs = {_key(info): info for info in reversed(self._store.runs()) if is_for_cluster(info)}
        self.unfinished = len(runs)
        for key, status in statuses.items():
            self._settle(key, status, runs.get(key))
        self._stop_waiting(runs)
        self._submit(client, runs)
        if len(self._futures) > 1:
            client.run_on_scheduler(tasks.spread)

    def _current_client(self) -> Client:
        client = self._connect()
        if client is not self._client:
            # Another scheduler may know nothing of what the last one was told.
            self._futures.clear()
            self._returns.clear()
            client.subscribe_topic(WAKE, lambda _event: self.wake())
            self._client = client
        return client

    # -- one run ------------------------------------------------------------------------------------------------------

    def _settle(self, key: str, status: str, info: RunInfo | None) -> None:
        if info is not None and status == "pending":
            return
        future = self._futures.pop(key)
        if info is None:
            self._returns.pop(key, None)
        elif status == "error":
            self._give_up(info, *_why(future))
        elif status == "finished" and info.status is not RunStatus.PAUSED:  # a parked run is no failure
            self._returns[key] += 1
            if self._returns[key] >= RETURNS:
                self._give_up(info, "The trainer came back without ending the run. Resume it to try again.", "")
        # Otherwise the scheduler lost it (cancelled, lost): it is missing now and will be submitted again.
        future.release()

    def _give_up(self, info: RunInfo, sentence: str, details: str) -> None:
        log.error("run %s (%s) failed: %s\n%s", info.id, info.name, sentence, details)
        try:
            self._store.claim(info.id, f"{OWNER}-{time.time_ns()}").set_status(RunStatus.FAILED, sentence)
        except LabError as problem:
            # Deleted meanwhile, or written by another version of the lab. Submitting it again would fail again.
            log.warning("the end of run %s could not be written: %s", info.id, problem)
            self._hopeless.add(_key(info))

    def _stop_waiting(self, runs: dict[str, RunInfo]) -> None:
        """A run that waits for a free worker obeys Stop as well."""
        for key, info in list(runs.items()):
            if info.status is not RunStatus.QUEUED or key in self._futures:
                continue
            try:
                stops = [
                    record
                    for record in self._store.run(info.id).commands()
                    if record.position is None and isinstance(record.command, Stop)
                ]
                if stops:
                    self._stop(info, [record.id for record in stops])
                    del runs[key]
            except RunNotFoundError:
                del runs[key]

    def _stop(self, info: RunInfo, commands: list[int]) -> None:
        writer = self._store.claim(info.id, f"{OWNER}-{time.time_ns()}")
        for command in commands:
            writer.acknowledge(command, info.progress.position)
        writer.set_status(RunStatus.STOPPED, "Stopped before its training began.")

    def _submit(self, client: Client, runs: dict[str, RunInfo]) -> None:
        missing = [(key, info) for key, info in runs.items() if self._is_to_be_trained(key, info)]
        if not missing:
            return
        slots: Any = client.run_on_scheduler(tasks.slots)
        for key, info in missing[: max(slots - len(self._futures), 0)]:
            future = client.submit(
                tasks.train,
                self._store.url,
                info.id,
                info.attempt,
                key=key,
                resources={TRAIN: 1},
                pure=True,
                retries=1,
            )
            # The run must go on when this client is gone, as when a web server that supervises is restarted.
            fire_and_forget(future)
            future.add_done_callback(lambda _future: self.wake())  # its slot is free for the next one
            self._futures[key] = future

    def _is_to_be_trained(self, key: str, info: RunInfo) -> bool:
        if key in self._futures or key in self._hopeless:
            return False
        # A run paused for long holds no worker: it is trained again when somebody has told it something.
        return info.status is not RunStatus.PAUSED or any(
            record.position is None for record in self._store.run(info.id).commands()
        )


def _key(info: RunInfo) -> str:
    return f"train-{info.id}-{info.attempt}"


def is_for_cluster(info: RunInfo) -> bool:
    """Whether the run is unfinished and a job cluster has to train it."""
    return info.executor == "cluster" and not info.status.is_finished


def _why(future: Future[str]) -> tuple[str, str]:
    """A sentence for people and the details for the log."""
    error: Any = future.exception(timeout=10)
    if isinstance(error, KilledWorker):
        sentence = "The trainer was killed several times in a row, often a sign of too little memory."
        return f"{sentence} Use smaller layers or smaller batches, or resume the run to try again.", ""
    details = "\n".join(getattr(error, "__notes__", ()))
    if isinstance(error, LabError):
        return str(error), details
    return f"The trainer broke ({type(error).__name__}: {error}). The log of the cluster says more.", details
