"""Ctrl-C while training: the first one asks the run to stop and waits for it, the second ends at once."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Self


class Interrupts:
    """In a `with` block, Ctrl-C calls `ask` (in a thread) the first time and raises KeyboardInterrupt the second."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self.count = 0
        self._ask = ask
        self._before: Any = None

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *_details: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.count > 1:
            raise KeyboardInterrupt
        # A thread of its own: the signal may have come in the middle of a transaction of this one, and a second
        # transaction that waits for the first would never end.
        threading.Thread(target=self._ask, name="stop").start()
