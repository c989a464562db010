"""The two things every page needs: the run store and the job cluster, one each for this process.

The cluster is started in the background when the server starts; a run that is submitted earlier waits for it in the
store. Nothing here imports torch.
"""

import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, lru_cache
from typing import Any

from dbn_core.errors import JobError, LabError
from dbn_core.jobs import Jobs
from dbn_core.store import RunStore

log = logging.getLogger(__name__)

LOOK = 2.0  # seconds between two looks at whether the cluster lives


def store() -> RunStore:
    """The run store named by `DBN_STORE`."""
    return _store(os.environ.get("DBN_STORE", ""))


@lru_cache(maxsize=4)
def _store(url: str) -> RunStore:
    return RunStore(url) if url else RunStore.from_environment()


class Cluster:
    """The job cluster of one store, attached to in a thread of its own so that no page ever waits for it."""

    def __init__(self, open_store: Callable[[], RunStore]) -> None:
        self._open_store = open_store  # in the thread too: a store that does not open must not stop the server
        self._thread = ThreadPoolExecutor(1, "jobs")
        self._jobs: Future[Jobs] | None = None
        self.problem = ""

    def start(self) -> None:
        """Begin to start, or attach to, the cluster; returns at once. Again only after it went wrong."""
        if self._jobs is None or (self._jobs.done() and self._jobs.exception() is not None):
            self._jobs = self._thread.submit(self._ensure)

    def submit(self, run_id: str) -> None:
        """Have a queued run trained as soon as the cluster is there; returns at once."""
        self.start()
        self._thread.submit(self._submit, run_id)

    def ask(
        self,
        name: str,
        *arguments: Any,
        timeout: float = 30.0,
        long: bool = False,
        stop: threading.Event | None = None,
    ) -> Any:
        """The answer of `module:function` on a worker; waits for it, so never call it from a page's own thread.

        long: it takes more than seconds and must hold up no other question. Setting `stop` gives it up.

        Raises JobError when the cluster cannot be reached or does not answer in time.
        """
        self.start()
        jobs = self._jobs
        assert jobs is not None
        try:
            found = jobs.result(min(timeout, 60.0))
        except TimeoutError as error:
            raise JobError("The job cluster is still starting. Try again in a moment.") from error
        return found.ask(name, *arguments, timeout=timeout, long=long, stop=stop)

    def keep(self, stop: threading.Event) -> None:
        """Until `stop`: should the cluster die while runs are unfinished, start the next one, which takes them up."""
        while not stop.wait(LOOK):
            self._thread.submit(self._mend).result()

    def wait(self) -> None:
        """Until everything asked for so far has been done or has failed."""
        self._thread.submit(int).result()

    def _ensure(self) -> Jobs:
        try:
            jobs = Jobs.ensure(self._open_store())
        except LabError as error:
            self.problem = str(error)
            log.warning("No job cluster: %s", error)
            raise
        self.problem = ""
        return jobs

    def _mend(self) -> None:
        if self._jobs is None or self._jobs.exception() is not None:
            return
        try:
            if self._jobs.result().mend():
                self.problem = ""
                log.warning("The job cluster had died and was started again.")
        except JobError as error:
            self.problem = str(error)
            log.warning("The job cluster is gone: %s", error)
        except (LabError, OSError, TimeoutError) as error:  # the store is away, or the cluster died while it was asked
            log.warning("Nobody knows whether the job cluster lives: %s", error)

    def _submit(self, run_id: str) -> None:
        # One thread does all of this in order, so the future before this task is done.
        if self._jobs is None or self._jobs.exception() is not None:
            return
        try:
            self._jobs.result().submit(run_id)
        except LabError as error:
            self.problem = str(error)
            log.warning("Run %s waits: %s", run_id, error)


@cache
def _cluster(url: str) -> Cluster:
    return Cluster(lambda: _store(url))


def cluster() -> Cluster:
    """The job cluster of the store."""
    return _cluster(os.environ.get("DBN_STORE", ""))
