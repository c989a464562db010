"""What a view has workers measure: questions begun and stopped together, each seen as it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dbn_core.errors import LabError
from dbn_core.questions import Question
from dbn_core.view.words import duration
from web.asking.desk import desk

State = Literal["none", "waiting", "running", "done", "failed", "stopped"]


class Work(Protocol):
    """Something that is measured: begun, watched, stopped."""

    @property
    def state(self) -> State:
        """How it stands; "none" where nobody has begun it."""
        ...

    def said(self) -> str:
        """What it measures, and how far that is."""
        ...

    def begin(self) -> None:
        """Unless it is open or done. Raises LabError."""
        ...

    def stop(self) -> None:
        """Give it up, where it is open."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One question, and what it measures, as a line says it; `is_kept`: what it would say is kept with the run."""

    words: str
    question: Question[Any]
    is_kept: bool = False

    @property
    def state(self) -> State:
        """As of `Asked`."""
        asked = desk().find(self.question)
        if asked is None:
            return "done" if self.is_kept else "none"
        return asked.state

    def answer(self) -> Any:
        """What came of it; None where nothing has yet."""
        asked = desk().find(self.question)
        return asked.answer() if asked is not None and asked.state == "done" else None

    def said(self) -> str:
        """With what a worker does, or why it failed."""
        asked = desk().find(self.question)
        if asked is not None and asked.state == "running":
            return f"{self.words}. {asked.phase}; {duration(asked.elapsed)} so far."
        return f"{self.words}. {asked.problem}" if asked is not None and asked.problem else f"{self.words}."

    def begin(self) -> None:
        """Ask it."""
        desk().ask(self.question)

    def stop(self) -> None:
        """Forget it."""
        desk().stop(self.question)


def is_open(work: Work) -> bool:
    """It is begun, and will come to an end."""
    return work.state in {"waiting", "running"}


def is_any_open(works: Sequence[Work]) -> bool:
    """Whether a worker still has something to do."""
    return any(map(is_open, works))


def is_all_done(works: Sequence[Work]) -> bool:
    """Whether everything has its answer."""
    return all(work.state == "done" for work in works)


def begin(works: Sequence[Work], *, again: bool = True) -> str:
    """Have measured what is missing, in their order; `again`: what has failed, too. Answers why not all was begun."""
    for work in works:
        if work.state in {"none", "stopped"} or (again and work.state == "failed"):
            try:
                work.begin()
            except LabError as error:
                return str(error)
    return ""


def stop(works: Sequence[Work]) -> None:
    """Give up what is open; what is done stays."""
    for work in works:
        work.stop()
