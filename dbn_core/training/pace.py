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


class Chore:
    """Something done beside training from time to time, at most for its share of the time."""

    def __init__(self, share: float | None = None) -> None:
        self._share = share
        self._done = time.monotonic()
        self._cost = 0.0

    def is_due(self, seconds: float) -> bool:
        """So much time has passed since it was last done, or more where it is costly."""
        return self.due_in(seconds) <= 0

    def due_in(self, seconds: float) -> float:
        """Seconds until it is due; not above zero when it is."""
        interval = seconds if self._share is None else max(seconds, self._cost / self._share)
        return interval - (time.monotonic() - self._done)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Around doing it."""
        begun = time.monotonic()
        yield
        self._done = time.monotonic()
        self._cost = self._done - begun


class Stopwatch:
    """Training's own time, and when each chore is due; see `Cadence` for the numbers."""

    def __init__(self, cadence: Cadence) -> None:
        self.cadence = cadence
        self.looking, self.saving = Chore(cadence.cost_share), Chore(cadence.cost_share)
        self.diagnosing = Chore(cadence.diagnosis_share)
        self.picturing, self.reporting = Chore(), Chore()
        self._seconds = 0.0  # of training since the window began
        self._images = self._updates = 0
        self._picture_bytes = 0
        self._last: tuple[float, float] | None = None  # images a second, seconds an update

    # -- training ---------------------------------------------------------------------------------------------------

    @contextmanager
    def training(self) -> Iterator[None]:
        """Around updates, or around waiting for them: on a GPU updates end later than the call that asks for them."""
        begun = time.monotonic()
        yield
        self._seconds += time.monotonic() - begun

    def trained(self, images: int, updates: int) -> None:
        """So many updates were made."""
        self._images += images
        self._updates += updates

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

    def updates_within(self, seconds: float) -> int:
        """How many updates fit into so much time, going by the last second or so; at least one."""
        each = self._seconds / self._updates if self._updates else self.seconds_per_update()
        return max(1, int(seconds / each)) if each else 1

    # -- chores -----------------------------------------------------------------------------------------------------

    def look_is_due(self, updates: int, *, dense: bool) -> bool:
        """By time; where looks are dense also after 1, 2, 4, 8, ... updates of a stage."""
        if not self.cadence.looks:
            return False
        if dense and updates & (updates - 1) == 0:
            return True
        return self.looking.is_due(self._look_seconds(dense))

    def updates_to_spare(self, updates: int, *, dense: bool) -> int:
        """How many updates from here can be made in one go without any chore being late by more than one of them."""
        cadence = self.cadence
        if not cadence.looks:
            return self.updates_within(cadence.stretch_seconds)
        seconds = min(
            cadence.stretch_seconds,
            self.looking.due_in(self._look_seconds(dense)),
            self.saving.due_in(cadence.checkpoint_seconds),
            self.reporting.due_in(cadence.progress_seconds),
        )
        count = self.updates_within(seconds)
        return min(count, (1 << updates.bit_length()) - updates) if dense else count

    def pictured(self, size: int) -> None:
        """Pictures of one moment were drawn, of so many bytes."""
        self._picture_bytes = max(self._picture_bytes, size)

    def picture_is_due(self, epochs: int) -> bool:
        """At the end of an epoch: of each where those of all `epochs` are small, else a few times a second at most."""
        are_small = self._picture_bytes * epochs <= self.cadence.picture_bytes
        return are_small or self.picturing.is_due(self.cadence.picture_seconds)

    def diagnosis_is_due(self) -> bool:
        """By time and cost."""
        return self.diagnosing.is_due(self.cadence.diagnosis_seconds)

    def checkpoint_is_due(self) -> bool:
        """By time and cost, within an epoch; each epoch's end is saved in any case."""
        return self.saving.is_due(self.cadence.checkpoint_seconds)

    def report_is_due(self) -> bool:
        """By time."""
        return self.reporting.is_due(self.cadence.progress_seconds)

    def _look_seconds(self, dense: bool) -> float:
        return self.cadence.first_epoch_seconds if dense else self.cadence.later_seconds
