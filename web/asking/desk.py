"""`Desk`: where questions to workers are asked for all viewers: each once, in the lane of its kind, its answer kept.

It knows no question: how those of a kind are asked is told by a `Way`. The lab's own ways are in `ways`.
"""

import asyncio
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

from dbn_core.errors import JobError, LabError
from dbn_core.questions import HANDLERS, Question
from dbn_core.store import RunStore
from web import lab
from web.asking.ways import LANES, WAYS, Lane, Way
from web.kept import keep

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Kind = TypeVar("Kind", bound=Question[Any])
State = Literal["waiting", "running", "done", "failed"]


class Workers(Protocol):
    """Whom to ask, as `web.lab.Cluster` does."""

    def __call__(
        self, name: str, *arguments: Any, timeout: float, long: bool, stop: threading.Event | None
    ) -> Any: ...  # fmt: skip


@dataclass(eq=False)
class Asked(Generic[Answer]):
    """One question as it stands; the desk alone changes it.

    expected: seconds that it was said to take, where somebody has said so; phase: what is being done now, in words.
    """

    question: Question[Answer]
    expected: float = 0.0
    phase: str = "Waiting for a worker"
    began: float | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    future: Future[Answer] = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.future.set_running_or_notify_cancel()  # whoever stops waiting cancels it for nobody else

    @property
    def state(self) -> State:
        """`failed`: by something that a person can mend, or by a defect."""
        if self.future.done():
            return "failed" if self.future.exception() else "done"
        return "waiting" if self.began is None else "running"

    @property
    def is_open(self) -> bool:
        """It has no answer yet, and will have one."""
        return not self.future.done()

    @property
    def problem(self) -> str:
        """Why it failed, as a sentence; "" where it did not."""
        error = self.future.exception() if self.future.done() else None
        if error is None:
            return ""
        return str(error) if isinstance(error, LabError) else "The lab itself failed over this; its log says more."

    @property
    def elapsed(self) -> float:
        """Seconds since a worker began on it, while it runs."""
        return time.monotonic() - self.began if self.began is not None and self.is_open else 0.0

    def answer(self) -> Answer:
        """Waits for it. Raises what the question has failed over."""
        return self.future.result()

    async def soon(self) -> Answer:
        """The same, without holding up the server's loop."""
        return await asyncio.wrap_future(self.future)


class Desk:
    """The questions about one store. `ask` reaches its workers; `ways`: how each kind of question is asked."""

    def __init__(
        self,
        open_store: Callable[[], RunStore],
        ask: Workers,
        ways: Mapping[type[Question[Any]], Way],
        lanes: Mapping[str, Lane],
    ) -> None:
        self._open_store, self._reach, self._ways, self._lanes = open_store, ask, ways, lanes
        self._threads = {name: ThreadPoolExecutor(lane.threads, name) for name, lane in lanes.items()}
        self._asked: dict[type[Any], OrderedDict[Any, Asked[Any]]] = {kind: OrderedDict() for kind in ways}
        self._lock = threading.Lock()

    def ask(self, question: Question[Answer], expected: float = 0.0) -> Asked[Answer]:
        """Have it answered, unless it was or will be; returns at once. What has failed is asked anew.

        Raises JobError when too many wait in its lane.
        """
        way, entries = self._ways[type(question)], self._asked[type(question)]
        with self._lock:
            known = entries.get(question)
            if known is not None and known.state != "failed":
                entries.move_to_end(question)
                return known
            self._refuse_a_crowd(way.lane)
            asked = entries[question] = Asked(question, expected)
            entries.move_to_end(question)
        self._threads[way.lane].submit(self._work, asked, way)
        return asked

    async def answer(self, question: Question[Answer]) -> Answer:
        """The answer, for whoever is on the server's loop. Raises as `ask`, and what the question has failed over."""
        return await self.ask(question).soon()

    def find(self, question: Question[Answer]) -> Asked[Answer] | None:
        """The question as it stands; None if nobody has asked it, or so long ago that it is forgotten."""
        with self._lock:
            return self._asked[type(question)].get(question)

    def every(self, kind: type[Kind]) -> list[tuple[Kind, Asked[Any]]]:
        """All of a kind as they stand, in the order in which they were asked for."""
        with self._lock:
            return list(self._asked[kind].items())

    def stop(self, question: Question[Any]) -> None:
        """Give up one that is open, and forget it; one that has its answer stays."""
        entries = self._asked[type(question)]
        with self._lock:
            asked = entries.get(question)
            if asked is not None and asked.is_open:
                asked.stopped.set()
                del entries[question]

    def close(self) -> None:
        """Give up everything that is open, and wait until nobody works on it."""
        for entries in self._asked.values():
            for question in list(entries):
                self.stop(question)
        for threads in self._threads.values():
            threads.shutdown(wait=True)

    # -- in the threads of a lane -------------------------------------------------------------------------------------

    def _work(self, asked: Asked[Any], way: Way) -> None:
        try:
            answer = self._answered(asked, way)
        except LabError as error:
            asked.future.set_exception(error)
        except BaseException as error:
            log.exception("The question %s", type(asked.question).__name__)
            asked.future.set_exception(error)
        else:
            asked.future.set_result(answer)
        self._forget(type(asked.question), way.kept)

    def _answered(self, asked: Asked[Any], way: Way) -> Any:
        if asked.stopped.is_set():
            raise JobError("Stopped before its turn came.")
        asked.began = time.monotonic()
        store, answer = self._open_store(), None
        for words, part in way.phases(asked.question):
            asked.phase = words
            answer = self._reach(
                HANDLERS[type(part)],
                store.url,
                *part.arguments,
                timeout=way.patience,
                long=way.long,
                stop=asked.stopped if way.long else None,
            )
        way.keep(store, asked.question, answer)
        return answer

    def _forget(self, kind: type[Any], kept: int) -> None:
        """The oldest of a kind that are not open, where there are more than are kept."""
        with self._lock:
            entries = self._asked[kind]
            closed = [question for question, asked in entries.items() if not asked.is_open]
            for question in closed[: max(0, len(closed) - kept)]:
                del entries[question]

    def _refuse_a_crowd(self, lane: str) -> None:
        most = self._lanes[lane].open
        kinds = [kind for kind, way in self._ways.items() if way.lane == lane]
        if most is not None and sum(asked.is_open for kind in kinds for asked in self._asked[kind].values()) >= most:
            raise JobError(f"{most} questions of this kind are being answered or wait for it; try again later.")


@keep(lab.STORES)
def desk() -> Desk:
    """The one of the lab's store, in this process."""
    return Desk(lab.store, lambda *arguments, **how: lab.cluster().ask(*arguments, **how), WAYS, LANES)
