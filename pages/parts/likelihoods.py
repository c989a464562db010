"""Log-likelihoods that viewers asked for: one at a time, beside all other questions, and kept for everybody.

What it costs is told first (`cost`); then it is started (`start`), looked after (`of_run`) and, if need be, given up
(`stop`) from any browser.
"""

import logging
import math
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from dbn_core.errors import JobError, LabError
from pages.parts import lab

log = logging.getLogger(__name__)

PATIENCE = 120.0  # seconds for the trial of the cost while both cores train
LONGEST = 3600.0  # seconds for an estimate
MOST_WAITING = 6
KEPT = 256


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be estimated."""

    store_url: str
    run: str
    checkpoint: int
    chains: int
    temperatures: int


@dataclass(slots=True)
class Entry:
    """One estimate: `state` waiting, running, done or failed; `seconds` is what it was said to cost."""

    wanted: Wanted
    seconds: float
    state: str = "waiting"
    started: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)

    def as_data(self) -> dict[str, Any]:
        """For the card."""
        elapsed = time.monotonic() - self.started if self.state == "running" else 0.0
        found: dict[str, Any] = {
            "checkpoint": self.wanted.checkpoint,
            "chains": self.wanted.chains,
            "temperatures": self.wanted.temperatures,
            "state": self.state,
            "expected": round(self.seconds, 2),
            "elapsed": round(elapsed, 1),
            "problem": self.problem,
        }
        return found | self.answer


class Desk:
    """Where estimates are asked for and kept, in this process."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Wanted, Entry] = OrderedDict()
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "likelihoods")

    def start(self, wanted: Wanted, seconds: float) -> None:
        """Have it computed, unless it is there, on its way or in line. Raises JobError when too many wait."""
        with self._lock:
            known = self._entries.get(wanted)
            if known is not None and known.state != "failed":
                return
            if sum(entry.state in {"waiting", "running"} for entry in self._entries.values()) >= MOST_WAITING:
                raise JobError(f"{MOST_WAITING} log-likelihoods are being computed or wait for it; try again later.")
            entry = self._entries[wanted] = Entry(wanted, seconds)
            while len(self._entries) > KEPT:
                self._entries.popitem(last=False)
        self._thread.submit(self._compute, entry)

    def stop(self, wanted: Wanted) -> None:
        """Give up one that waits or is being computed, and forget it; one that is done stays."""
        with self._lock:
            entry = self._entries.get(wanted)
            if entry is not None and entry.state in {"waiting", "running"}:
                entry.stopped.set()
                del self._entries[wanted]

    def of_run(self, store_url: str, run: str) -> list[dict[str, Any]]:
        """All of a run, in the order in which they were asked for."""
        with self._lock:
            entries = list(self._entries.values())
        return [item.as_data() for item in entries if (item.wanted.store_url, item.wanted.run) == (store_url, run)]

    def _compute(self, entry: Entry) -> None:
        if entry.stopped.is_set():
            return
        entry.started, entry.state = time.monotonic(), "running"
        try:
            found = _ask("log_likelihood", entry.wanted, LONGEST, long=True, stop=entry.stopped)
        except LabError as error:
            entry.problem, entry.state = str(error), "failed"
            return
        except BaseException:
            entry.problem, entry.state = "The lab itself failed over this; its log says more.", "failed"
            log.exception("The log-likelihood of run %s", entry.wanted.run)
            raise
        entry.answer, entry.state = _plain(found), "done"


desk = Desk()


def cost(wanted: Wanted) -> dict[str, Any]:
    """Seconds that it would take, tried on a worker; see `dbn_core.inference.likelihood.likelihood_cost`.

    `too_long`: it would be given up before it is done.
    """
    found = _plain(_ask("likelihood_cost", wanted, PATIENCE))
    return found | {"too_long": found["seconds"] > LONGEST}


def _ask(question: str, wanted: Wanted, timeout: float, **how: Any) -> dict[str, Any]:
    where = (wanted.store_url, wanted.run, wanted.checkpoint, wanted.chains, wanted.temperatures)
    return lab.cluster().ask(f"dbn_core.inference.likelihood:{question}", *where, timeout=timeout, **how)


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """JSON-ready: the position as numbers, ends of intervals that are infinite as None."""
    position = answer.pop("position")
    found = answer | {"epoch": round(position.epoch, 4), "stage": position.stage}
    if "metrics" in found:
        numbers = found["metrics"].items()
        found["metrics"] = {name: value if math.isfinite(value) else None for name, value in numbers}
    return found
