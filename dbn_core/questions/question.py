"""`Question`: one thing that a page or a command asks of a worker, as frozen data; its type names the answer's."""

from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

Answer_co = TypeVar("Answer_co", covariant=True)

Saved = tuple[str, int]
"""(id of a run, id of one of its checkpoints)."""


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer_co]):
    """Every question is a frozen dataclass, so that two who ask the same ask equal things."""

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the function that answers is called with, after the store's address: the fields in their order."""
        return tuple(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class AtCheckpoint(Question[Answer_co]):
    """A question about a run as it stood at a checkpoint."""

    run_id: str
    checkpoint_id: int
