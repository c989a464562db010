"""A worker in this process, in place of the cluster's: it answers by the real functions, when it is let."""

import threading
from typing import Any

from dbn_core.errors import JobError
from dbn_core.jobs import tasks


class Here:
    """A cluster whose worker is this process. It keeps what it was asked."""

    problem = ""

    def __init__(self) -> None:
        self.questions: list[tuple[Any, ...]] = []

    def ask(self, name: str, *arguments: Any, **how: Any) -> Any:
        del how
        self.questions.append(arguments)
        return tasks.answer(name, arguments)

    def submit(self, run_id: str) -> None:
        """Nobody trains here."""


class Gated(Here):
    """One that begins with a question only when it is let: by the name of the function that answers.

    canned: answers given in the place of the function's own.
    """

    def __init__(self, canned: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.canned = canned or {}
        self.asked: list[str] = []
        self.submitted: list[str] = []
        self._open: dict[str, threading.Event] = {}
        self._closed = threading.Event()

    def let(self, *names: str) -> None:
        """Answer the questions of these functions, from now on."""
        for name in names:
            self._gate(name).set()

    def close(self) -> None:
        """Give up whatever waits."""
        self._closed.set()

    def ask(self, name: str, *arguments: Any, stop: threading.Event | None = None, **how: Any) -> Any:
        function = name.partition(":")[2]
        self.asked.append(function)
        while not self._gate(function).wait(0.02):
            if self._closed.is_set() or (stop is not None and stop.is_set()):
                raise JobError("Given up.")
        return self.canned[function] if function in self.canned else super().ask(name, *arguments, **how)

    def submit(self, run_id: str) -> None:
        self.submitted.append(run_id)

    def _gate(self, function: str) -> threading.Event:
        return self._open.setdefault(function, threading.Event())
