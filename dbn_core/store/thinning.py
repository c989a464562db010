"""Which snapshots or checkpoints of a long run to drop, so that what stays is bounded and even.

Never dropped: the latest one and, unless each is huge, the first few (after 1, 2, 4, 8, ... updates, when features are
born). Of the ones between, what is crowded goes first: of pictures taken at even distances every second one goes.
Dropping by distance and not by rank keeps a film of ten thousand epochs even; by rank its first half would soon empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """One stored thing: its id, the update it belongs to and its size in bytes."""

    id: int
    step: int
    size: int


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that may be kept: how many, how many bytes, and how many of the first ones are spared."""

    count: int
    size: int
    first: int

    def is_exceeded(self, count: int, size: int) -> bool:
        """True if so many things of this size in all are too much; a single thing never is."""
        return count > 1 and (count > self.count or size > self.size)


def surplus(items: Sequence[Kept], bound: Bound) -> list[int]:
    """Ids to drop from `items` (sorted by step): none while the bound holds, else about half, to be quiet for long."""
    stay = list(items)
    while bound.is_exceeded(len(stay), sum(item.size for item in stay)):
        stay = _halved(stay, bound)
    staying = {item.id for item in stay}
    return [item.id for item in items if item.id not in staying]


def _halved(items: list[Kept], bound: Bound) -> list[Kept]:
    mean_size = max(1, sum(item.size for item in items) // len(items))
    room = min(bound.count, bound.size // mean_size, len(items) - 1)
    if room <= 1:
        return items[-1:]
    target = max(room // 2, 2)
    first = max(1, min(bound.first, target // 2))
    stay = list(items)
    while len(stay) > target:
        del stay[_least_missed(stay, first)]
    return stay


def _least_missed(items: list[Kept], first: int) -> int:
    """The place of the one, neither last nor among the `first`, whose absence leaves the smallest hole.

    So no hole that this makes is wider than twice the mean distance.
    """
    return min(range(first, len(items) - 1), key=lambda place: items[place + 1].step - items[place - 1].step)
