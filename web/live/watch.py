"""`Watch`: one look at the store for all pages that wait for a run to change, however many they are."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from dbn_core.errors import StoreError
from dbn_core.store import RunStore

log = logging.getLogger(__name__)

LINGER = 5.0  # seconds without anybody waiting after which the thread ends
AGAIN = 1.0  # seconds until the next try where the store does not answer
GONE = -1  # no revision: the run was deleted


@dataclass(eq=False)
class _Waiter:
    run: str
    revision: int
    loop: asyncio.AbstractEventLoop
    changed: asyncio.Event

    def ring(self) -> None:
        with suppress(RuntimeError):  # the server is going down: its loop is closed
            self.loop.call_soon_threadsafe(self.changed.set)


class Watch:
    """A thread that looks at the store about fifty times a second while anybody waits, and ends when nobody does."""

    def __init__(self, open_store: Callable[[], RunStore]) -> None:
        self._open_store = open_store
        self._lock = threading.Lock()
        self._waiters: set[_Waiter] = set()
        self._thread: threading.Thread | None = None
        self._newcomers = False
        self._needed_at = 0.0
        self._revisions: dict[str, int] = {}

    async def change(self, run_id: str, revision: int, patience: float) -> int | None:
        """The run's revision as soon as it is not `revision`, GONE for a deleted run; None after `patience` seconds."""
        waiter = _Waiter(run_id, revision, asyncio.get_running_loop(), asyncio.Event())
        self._add(waiter)
        try:
            await asyncio.wait_for(waiter.changed.wait(), patience)
        except TimeoutError:
            return None
        finally:
            self._remove(waiter)
        return self._revisions.get(run_id, GONE)

    @property
    def is_looking(self) -> bool:
        """Whether its thread is at work."""
        return self._thread is not None

    def _add(self, waiter: _Waiter) -> None:
        with self._lock:
            self._waiters.add(waiter)
            self._newcomers = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="store watch", daemon=True)
                self._thread.start()

    def _remove(self, waiter: _Waiter) -> None:
        with self._lock:
            self._waiters.discard(waiter)

    # -- in the thread ------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._retires():
            try:
                self._look()
            except StoreError as error:
                log.warning("Pages wait for the store: %s", error)
                time.sleep(AGAIN)

    def _look(self) -> None:
        store = self._open_store()
        with store.changes() as changes:
            while self._is_needed():
                if changes.any() or self._newcomers:
                    self._ring(store)
                time.sleep(changes.pause)

    def _ring(self, store: RunStore) -> None:
        with self._lock:
            self._newcomers = False
            waiting = list(self._waiters)
        self._revisions = store.revisions({waiter.run for waiter in waiting})
        for waiter in waiting:
            if self._revisions.get(waiter.run, GONE) != waiter.revision:
                waiter.ring()

    def _is_needed(self) -> bool:
        if self._waiters:
            self._needed_at = time.monotonic()
            return True
        return time.monotonic() - self._needed_at < LINGER

    def _retires(self) -> bool:
        with self._lock:
            if self._is_needed():
                return False
            self._thread = None
            return True
