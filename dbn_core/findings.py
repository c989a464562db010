"""What was learnt about a run beside its numbers: confusion matrices, samples, the machine; kept as snapshots.

In the store a finding is a snapshot of kind `evaluation` whose pixels are the bytes of its arrays, packed as a `Frame`
is, with its facts as JSON in one more array. Scalars of the same evaluation are metrics of the stage `evaluation`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dbn_core.frames import packed, unpacked
from dbn_core.integers import from_json
from dbn_core.records import Position, Snapshot, SnapshotInfo

LARGEST = 1e30  # of a number that is a fact; none is infinite, or no number
_FACTS = "facts"  # the array that is text

Fact = str | float | list[str]


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One part of an evaluation, at a position of the run.

    part, its facts, and its arrays:
    `machine`: processor, cores, device, threads, torch, seconds (wall), processor_seconds: of the training.
    `likelihood`: kind, binarisation, images, warning, chains, temperatures, seconds.
    `classifiers`: names of the classes, classifiers, images, seconds. For each classifier `<classifier>.confusion`
    (classes, classes) counts, true class down; `<classifier>.mistakes` (mistakes, 3): true class, answer and
    probability of those it was surest of; `<classifier>.pictures` uint8 (mistakes, height, width[, 3]).
    `samples`: of (whose they are), count, reference, steps, seed, scored, judge (its error, %), seconds. `grid` uint8
    (samples, height, width[, 3]); `pairs` (2, pairs, height, width[, 3]): samples above their nearest training images.
    """

    part: str
    facts: Mapping[str, Fact]
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)

    def to_snapshot(self, position: Position) -> Snapshot:
        """As the store keeps it."""
        text = json.dumps({"part": self.part, **self.facts}, allow_nan=False)
        pixels = packed({**self.arrays, _FACTS: np.frombuffer(text.encode(), np.uint8)})
        return Snapshot(SnapshotInfo("evaluation", position, pixels.shape), pixels)

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> "Finding":
        """Inverse of `to_snapshot`. Raises ValueError for bytes that are no finding."""
        arrays = unpacked(snapshot.pixels)
        facts = from_json(arrays.pop(_FACTS, np.zeros(0, np.uint8)).tobytes())
        if not isinstance(facts, dict) or not all(map(_is_fact, facts.values())):
            raise ValueError("its facts are not texts, finite numbers and lists of texts")
        if "part" not in facts:
            raise ValueError("its facts name no part")
        part, names = str(facts.pop("part")), facts.get("names")
        _check(arrays, len(names) if isinstance(names, list) else 0)
        return cls(part, facts, arrays)


def _check(arrays: Mapping[str, np.ndarray], classes: int) -> None:
    """Raises ValueError for arrays that a report could not draw: a finding may come from anybody's archive."""
    for name, array in arrays.items():
        stem, _, kind = name.rpartition(".")
        fits = {
            "confusion": array.shape == (classes, classes) and array.dtype.kind in "iu",
            "pictures": _are_images(array, 3),
            "mistakes": _are_mistakes(array, arrays.get(f"{stem}.pictures"), classes),
            "grid": _are_images(array, 3),
            "pairs": _are_images(array, 4) and len(array) == 2,
        }
        if not fits.get(kind, True):
            raise ValueError(f"its array {name} of shape {array.shape} does not fit the rest")


def _are_images(array: np.ndarray, dimensions: int) -> bool:
    grey, colour = array.ndim == dimensions, array.ndim == dimensions + 1 and array.shape[-1] == 3
    return array.dtype == np.uint8 and array.size > 0 and (grey or colour)


def _are_mistakes(rows: np.ndarray, pictures: np.ndarray | None, classes: int) -> bool:
    if pictures is None or rows.shape != (len(pictures), 3) or rows.dtype.kind != "f":
        return False
    named = rows[:, :2]
    return bool(((named >= 0) & (named < classes)).all() and np.isfinite(rows).all())


def _is_fact(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str) or (isinstance(value, int | float) and abs(value) < LARGEST)
