"""A checkpoint without its payload, and which of a run's checkpoints is meant by "the newest"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dbn_core.records import Position, RunStatus


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
    """A checkpoint without its payload; `size` in bytes."""

    id: int
    position: Position
    keep: Literal["latest", "epoch", "stage"]
    size: int
    created_at: datetime


def newest(kept: Iterable[CheckpointInfo]) -> CheckpointInfo | None:
    """The one furthest in training; of two at the same update the one saved last. None where there is none."""
    return max(kept, key=lambda item: (item.position.step, item.id), default=None)


def lasting(kept: Sequence[CheckpointInfo], status: RunStatus) -> list[CheckpointInfo]:
    """Those that are still there when somebody who was given their id comes to read them.

    While a run is unfinished its `latest` may be replaced before that, every second or so; it counts only where nothing
    else is kept, which is in the first epoch.
    """
    if status.is_finished:
        return list(kept)
    return [item for item in kept if item.keep != "latest"] or list(kept)
