"""Looking at a run's store from outside, a hundred times a second: when things were committed, how fast it goes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.beside import PATIENCE, Companion
from dbn_core.store import Run

POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Commit:
    """A filters snapshot, and when it was first seen in the store (seconds since 1970, at most one poll late)."""

    snapshot: int
    when: float


def delays(commits: Sequence[Commit], shown: Sequence[tuple[int, float]]) -> list[float]:
    """Seconds from each commit to the first sight of that snapshot or a newer one; what was never shown is left out.

    A page that is still drawing skips snapshots that are replaced meanwhile: then the newer one counts.
    """
    delays = []
    for commit in commits:
        frames = [when for snapshot, when in shown if snapshot >= commit.snapshot]
        if frames:
            delays.append(min(frames) - commit.when)
    return delays


class StoreWatch(Companion):
    """A thread that notes commits; a `with` block is its life."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self.commits: list[Commit] = []
        self.steps: list[tuple[float, int]] = []  # (when, updates made), whenever the progress was written

    def commits_between(self, start: float, end: float) -> list[Commit]:
        """Those first seen from `start` to `end`."""
        return [commit for commit in list(self.commits) if start <= commit.when <= end]

    def updates_per_second(self, seconds: float) -> float:
        """Over so long from now, between the first and the last progress written; longer where too few were."""
        start = time.time()
        time.sleep(seconds)
        while len(within := [sample for sample in list(self.steps) if sample[0] >= start]) < 3:
            if time.time() - start > PATIENCE:
                raise RuntimeError("the run wrote no progress in the window; is it still training?")
            time.sleep(POLL_SECONDS)
        (first, before), (last, after) = within[0], within[-1]
        return (after - before) / (last - first)

    def work(self) -> None:
        """Looks until the block ends."""
        revision: object = None
        while not self.leave.wait(POLL_SECONDS):
            now, current = time.time(), self._run.revision()
            if current != revision:
                revision = current
                self._note(now)

    def _note(self, now: float) -> None:
        last = self.commits[-1].snapshot if self.commits else 0
        new = self._run.snapshots(after=last, kind="filters")
        self.commits += [Commit(snapshot.id, now) for snapshot in new]
        step = self._run.info().progress.position.step
        if not self.steps or self.steps[-1][1] != step:
            self.steps.append((now, step))
