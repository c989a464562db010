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

STORES = 4  # kept open: a server has one, tests have several
TROUBLE = (LabError, OSError)  # over what a connection fails; a TimeoutError is an OSError
LOOK = 2.0  # seconds between two looks at whether the cluster lives


def store() -> RunStore:
    """The run store named by `DBN_STORE`."""
    return _store(os.environ.get("DBN_STORE", ""))


@lru_cache(maxsize=STORES)
def _store(url: str) -> RunStore:
    return RunStore(url) if url else RunStore.from_environment()


class Cluster:
    """The job cluster of one store, attached to in a thread of its own so that no page ever waits for it."""

    def __init__(self, open_store: Callable[[], RunStore]) -> None:
        self._open_store = open_store  # in the thread too: a store that does not open must not stop the server
        self._thread = ThreadPoolExecutor(1, "jobs")
        self._jobs: Future[Jobs] | None = None
        self._is_work_expected = False
        self.problem = ""

    def start(self) -> Future[Jobs]:
        """Begin to start, or attach to, the cluster; returns at once. Again only after it went wrong."""
        if self._jobs is None or (self._jobs.done() and self._jobs.exception() is not None):
            self._jobs = self._thread.submit(self._ensure)
        return self._jobs

    def submit(self, run_id: str) -> None:
        """Have a queued run trained as soon as the cluster is there; returns at once."""
        # The attempt that stands before it in the queue, and not a later one: the one thread would wait for itself.
        self._thread.submit(self._submit, run_id, self.start())

    def ask(
        self, name: str, *arguments: Any, timeout: float = 30.0, long: bool = False, stop: threading.Event | None = None
    ) -> Any:
        """The answer of `module:function` on a worker; waits for it, so never call it from a page's own thread.

        long: it takes more than seconds and must hold up no other question. Setting `stop` gives it up.

        Raises JobError when the cluster cannot be reached or does not answer in time.
        """
        try:
            jobs = self.start().result(min(timeout, 60.0))
        except TimeoutError as error:
            raise JobError("The job cluster is still starting. Try again in a moment.") from error
        return jobs.ask(name, *arguments, timeout=timeout, long=long, stop=stop)

    def expect_work(self) -> None:
        """Somebody is here: have the workers ready by the time of the first click. Returns at once.

        Not before, since an idle lab is to cost nothing; and without effect where no cluster was started.
        """
        if self._jobs is not None and not self._is_work_expected:
            self._is_work_expected = True
            self._thread.submit(self._expect_work, self._jobs)

    def keep(self, stop: threading.Event) -> None:
        """Until `stop`: should the cluster die while runs are unfinished, start the next one, which takes them up."""
        while not stop.wait(LOOK):
            if self._jobs is not None:
                self._thread.submit(self._mend, self._jobs).result()

    def wait(self) -> None:
        """Until everything asked for so far has been done or has failed."""
        self._thread.submit(int).result()

    def _ensure(self) -> Jobs:
        try:
            jobs = Jobs.ensure(self._open_store())
        except LabError as error:
            self._cannot_start(error)
            raise
        except OSError as error:
            failure = JobError(
                f"The job cluster did not start ({error}). It is tried again with the next run or question."
            )
            self._cannot_start(failure)
            raise failure from error
        self.problem = ""
        return jobs

    def _cannot_start(self, error: LabError) -> None:
        self.problem = str(error)
        log.warning("No job cluster: %s", error)

    def _mend(self, jobs: Future[Jobs]) -> None:
        if jobs.exception() is not None:
            return
        try:
            if jobs.result().mend():
                self.problem = ""
                log.warning("The job cluster had died and was started again.")
        except JobError as error:
            self.problem = str(error)
            log.warning("The job cluster is gone: %s", error)
        except TROUBLE as error:  # the store is away, or the cluster died while it was asked
            log.warning("Nobody knows whether the job cluster lives: %s", error)

    def _expect_work(self, jobs: Future[Jobs]) -> None:
        try:
            if jobs.exception() is None:
                jobs.result().expect_work()
                return
        except TROUBLE as error:
            log.warning("The workers are not made ready beforehand: %s", error)
        self._is_work_expected = False  # the next page tries again

    def _submit(self, run_id: str, jobs: Future[Jobs]) -> None:
        # One thread does all of this in order, so the attempt queued before this task is done.
        if jobs.exception() is not None:
            return
        try:
            jobs.result().submit(run_id)
            self.problem = ""
        except TROUBLE as error:
            self.problem = _sentence(error)
            log.warning("Run %s waits: %s", run_id, self.problem)


def _sentence(error: Exception) -> str:
    if isinstance(error, LabError):
        return str(error)
    what = str(error) or type(error).__name__
    return f"The connection to the job cluster was lost ({what}); the run waits until it is back."


@cache
def _cluster(url: str) -> Cluster:
    return Cluster(lambda: _store(url))


def cluster() -> Cluster:
    """The job cluster of the store."""
    return _cluster(os.environ.get("DBN_STORE", ""))
