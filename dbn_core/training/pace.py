"""Time as the loop needs it: when a look is due, what training alone costs, and slow motion."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from dbn_core.training.plan import Cadence


class Pace:
    """Slow motion: at most so many updates a second."""

    def __init__(self) -> None:
        self._next = 0.0

    def is_due(self, updates_per_second: float | None) -> bool:
        """The next update may be made; grants it, so ask once per update."""
        now = time.monotonic()
        if updates_per_second is None:
            return True
        # A rate that was raised meanwhile takes effect at once, not after the old interval.
        self._next = min(self._next, now + 1 / updates_per_second)
        if now < self._next:
            return False
        self._next = now + 1 / updates_per_second
        return True

    @property
    def seconds_to_wait(self) -> float:
        """Until the next update; never so long that a command waits for it."""
        return min(0.05, max(0.0, self._next - time.monotonic()))


class Stopwatch:
    """Splits the time of a run into training, looking and saving."""

    def __init__(self, cadence: Cadence) -> None:
        self.cadence = cadence
        now = time.monotonic()
        self._looked = self._pictured = self._saved = self._reported = now
        self._look_cost = self._save_cost = 0.0
        self._started = now
        self._seconds = 0.0  # of training since the window began
        self._images = self._updates = 0
        self._last: tuple[float, float] | None = None  # images a second, seconds an update

    # -- training ---------------------------------------------------------------------------------------------------

    def train(self) -> None:
        """An update begins."""
        self._started = time.monotonic()

    def stop(self, images: int) -> None:
        """An update of so many images is made."""
        self._seconds += time.monotonic() - self._started
        self._images += images
        self._updates += 1

    def images_per_second(self) -> float | None:
        """Over about the last second of training; None before the first tenth of a second."""
        if self._seconds >= 0.1:
            self._last = (self._images / self._seconds, self._seconds / self._updates)
        if self._seconds >= 1.0:
            self._seconds, self._images, self._updates = 0.0, 0, 0
        return self._last[0] if self._last else None

    def seconds_per_update(self) -> float:
        """Of training alone, by the same window as `images_per_second`."""
        return self._last[1] if self._last else 0.0

    # -- looks ------------------------------------------------------------------------------------------------------

    def look_is_due(self, updates: int, *, dense: bool) -> bool:
        """By time; where looks are dense also after 1, 2, 4, 8, ... updates of a stage; see `Cadence`."""
        if dense and updates & (updates - 1) == 0:
            return True
        cadence = self.cadence
        interval = cadence.first_epoch_seconds if dense else cadence.later_seconds
        interval = max(interval, self._look_cost / cadence.cost_share)
        return time.monotonic() - self._looked >= interval

    def picture_is_due(self) -> bool:
        """Enough time has passed since the last picture."""
        if time.monotonic() - self._pictured < self.cadence.picture_seconds:
            return False
        self._pictured = time.monotonic()
        return True

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Around a look: its cost decides how soon the next may come."""
        begun = time.monotonic()
        yield
        self._looked = time.monotonic()
        self._look_cost = self._looked - begun

    def checkpoint_is_due(self) -> bool:
        """By time, further apart when saving is slow."""
        interval = max(self.cadence.checkpoint_seconds, self._save_cost / self.cadence.cost_share)
        return time.monotonic() - self._saved >= interval

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Around a checkpoint."""
        begun = time.monotonic()
        yield
        self._saved = time.monotonic()
        self._save_cost = self._saved - begun

    def progress_is_due(self) -> bool:
        """By time."""
        if time.monotonic() - self._reported < self.cadence.progress_seconds:
            return False
        self._reported = time.monotonic()
        return True
