"""What goes on beside a measurement: waiting until something is so, and work in a thread of its own."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self

PATIENCE = 180.0  # seconds; what takes longer never comes


def wait(condition: Callable[[], bool], complaint: str) -> None:
    """Until it holds. Raises RuntimeError with the complaint where it never does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.05)


class Companion(ABC):
    """Work in a thread for as long as a `with` block lasts; what goes wrong in it is raised where the block ends."""

    def __init__(self) -> None:
        self.leave = threading.Event()
        self.failure: Exception | None = None
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave.set()
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    @abstractmethod
    def work(self) -> None:
        """Until `leave` is set."""

    def _work(self) -> None:
        try:
            self.work()
        except Exception as error:  # noqa: BLE001 raised again where the block ends
            self.failure = error
