"""Looking at a run's store from outside, a hundred times a second: when things were committed, how fast it goes."""

import threading
import time
from dataclasses import dataclass

from dbn_core.store import Run

POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Commit:
    """A filters snapshot, and when it was first seen in the store (seconds since 1970, at most one poll late)."""

    snapshot: int
    when: float


class StoreWatch:
    """A thread that notes commits; a `with` block is its life."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._failure: Exception | None = None
        self.commits: list[Commit] = []
        self.steps: list[tuple[float, int]] = []  # (when, updates made), whenever the progress was written

    def __enter__(self) -> "StoreWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def updates_per_second(self, start: float, end: float) -> float:
        """Between the first and the last progress written from `start` to `end`."""
        within = [sample for sample in list(self.steps) if start <= sample[0] <= end]
        if len(within) < 2:
            raise RuntimeError("the run wrote no progress in the window; is it still training?")
        (first, before), (last, after) = within[0], within[-1]
        return (after - before) / (last - first)

    def _watch(self) -> None:
        try:
            revision: object = None
            while not self._stop.wait(POLL_SECONDS):
                now, current = time.time(), self._run.revision()
                if current != revision:
                    revision = current
                    self._note(now)
        except Exception as error:  # noqa: BLE001 raised again at the end of the block
            self._failure = error

    def _note(self, now: float) -> None:
        last = self.commits[-1].snapshot if self.commits else 0
        new = self._run.snapshots(after=last, kind="filters")
        self.commits += [Commit(snapshot.id, now) for snapshot in new]
        step = self._run.info().progress.position.step
        if not self.steps or self.steps[-1][1] != step:
            self.steps.append((now, step))
