"""Long questions of the Compare page: asked by a button, one at a time, looked after from any browser, kept for all."""

import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from dbn_core.errors import LabError
from pages.parts import figures, lab

log = logging.getLogger(__name__)

PATIENCE = 1800.0  # seconds
KEPT = 64


@dataclass(slots=True)
class Asked:
    """One question: `state` waiting, running, done or failed."""

    state: str = "waiting"
    started: float = 0.0
    answer: Any = None
    problem: str = ""

    @property
    def elapsed(self) -> float:
        """Seconds since a worker began on it."""
        return time.monotonic() - self.started if self.state == "running" else 0.0

    @property
    def is_open(self) -> bool:
        """It has no answer yet, and will have one."""
        return self.state in {"waiting", "running"}


class Desk:
    """Where questions are asked and answers kept, in this process."""

    def __init__(self) -> None:
        self._entries: OrderedDict[tuple[Any, ...], Asked] = OrderedDict()
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "comparisons")

    def find(self, name: str, *arguments: Any) -> Asked | None:
        """The question as it stands; None if nobody has asked it."""
        with self._lock:
            return self._entries.get((name, *arguments))

    def ask(self, name: str, *arguments: Any) -> None:
        """Have `module:function` answer on a worker, unless it has or will.

        arguments: the store's address, then what is asked about. Of an answer that holds `figures` the run that it is
        about, the second argument, keeps these.
        """
        with self._lock:
            known = self._entries.get((name, *arguments))
            if known is not None and known.state != "failed":
                return
            asked = self._entries[name, *arguments] = Asked()
            while len(self._entries) > KEPT:
                self._entries.popitem(last=False)
        self._thread.submit(self._answer, asked, name, arguments)

    def _answer(self, asked: Asked, name: str, arguments: tuple[Any, ...]) -> None:
        asked.started, asked.state = time.monotonic(), "running"
        try:
            answer = lab.cluster().ask(name, *arguments, timeout=PATIENCE, long=True)
            if "figures" in answer:
                figures.keep(arguments[1], answer)
            asked.answer = answer
        except LabError as error:
            asked.problem, asked.state = str(error), "failed"
        except BaseException:
            asked.problem, asked.state = "The lab itself failed over this; its log says more.", "failed"
            log.exception("The question %s", name)
            raise
        else:
            asked.state = "done"


desk = Desk()
