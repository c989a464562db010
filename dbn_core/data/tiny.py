"""Data sets so small that an RBM on them can be enumerated: every distinct pattern of at most 16 bits, and how often.

A pattern is a whole number: bit i is visible unit i. Images number their pixels row by row. A point of the plane is
column and row of a 16 x 16 grid, each written in four bits of Gray code, so that neighbours differ in one unit and
every pattern is a point.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from dbn_core.data.digits import load_digits
from dbn_core.errors import DataError

Kind = Literal["image", "plane"]
SIDE = 16  # of the plane
INK = 128  # grey values from here on are ink


@dataclass(frozen=True, slots=True, eq=False)
class TinySet:
    """Distinct `patterns` with their `counts`, both (n,); `shape` is (rows, columns) of an image or of the plane."""

    name: str
    kind: Kind
    shape: tuple[int, int]
    bits: int
    patterns: npt.NDArray[np.int64] = field(repr=False)
    counts: npt.NDArray[np.int64] = field(repr=False)
    about: str

    @property
    def title(self) -> str:
        """What a page calls it."""
        return tiny_title(self.name)

    @property
    def entropy(self) -> float:
        """Of the empirical distribution, in nats: no model's mean log-likelihood is above minus this."""
        share = self.counts / self.counts.sum()
        return float(-(share * np.log(share)).sum())


def tiny_set(name: str) -> TinySet:
    """The set of this name. Raises DataError when there is none."""
    if name not in _MAKERS:
        raise DataError(f"There is no tiny data set {name!r}. Choose one of: {', '.join(_MAKERS)}.")
    return _made(name)


def tiny_names() -> tuple[str, ...]:
    """All of them, in the order in which a page offers them."""
    return tuple(_MAKERS)


def tiny_title(name: str) -> str:
    """What a page calls the set of this name."""
    return _TITLES[name]


def as_pattern(bits: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Rows of bits (cases, units) as whole numbers (cases,)."""
    return bits.astype(np.int64) @ (1 << np.arange(bits.shape[1], dtype=np.int64))


def gray(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Gray code: consecutive numbers differ in one bit."""
    return numbers ^ (numbers >> 1)


def bars_and_stripes(side: int) -> TinySet:
    """Each row is full or empty, or each column is; the full and the empty image are both, and count once."""
    choices = (np.arange(1 << side)[:, None] >> np.arange(side) & 1).astype(bool)
    rows = np.repeat(choices[:, :, None], side, axis=2).reshape(len(choices), -1)
    columns = np.repeat(choices[:, None, :], side, axis=1).reshape(len(choices), -1)
    patterns = np.unique(as_pattern(np.concatenate([rows, columns])))
    about = f"All {len(patterns)} images whose rows are full or empty, or whose columns are; each equally likely."
    return _images(f"bars-{side}", side, patterns, np.ones_like(patterns), about)


def ring() -> TinySet:
    """Points of a circle, blurred a little: each cell of the plane counts as often as its distance allows."""
    column, row = _plane()
    distance = np.hypot(column - 7.5, row - 7.5) - 5.5
    return _points("ring", distance, "A circle of radius 5.5 cells, 0.7 cells thick.")


def moons() -> TinySet:
    """Two half circles that reach into each other."""
    column, row = _plane()
    turn = np.linspace(0, np.pi, 400)
    upper = np.stack([5.5 + 4.3 * np.cos(turn), 6.0 - 4.3 * np.sin(turn)])
    lower = np.stack([9.5 - 4.3 * np.cos(turn), 9.0 + 4.3 * np.sin(turn)])
    curve = np.concatenate([upper, lower], axis=1)
    distance = np.hypot(column[:, None] - curve[0], row[:, None] - curve[1]).min(1)
    return _points("moons", distance, "Two half circles of radius 4.3 cells, 0.7 cells thick.")


def patches(side: int) -> TinySet:
    """Every square of this side of the bundled training digits at half size that is neither all paper nor all ink."""
    images = load_digits().train
    half = images.reshape(len(images), 14, 2, 14, 2).mean((2, 4)) >= INK
    windows = np.lib.stride_tricks.sliding_window_view(half, (side, side), axis=(1, 2)).reshape(-1, side * side)
    numbers = as_pattern(windows)
    mixed = numbers[(numbers > 0) & (numbers < (1 << side * side) - 1)]
    patterns, counts = np.unique(mixed, return_counts=True)
    about = (
        f"All {len(mixed):,} squares of {side} × {side} pixels with ink and paper in the {len(images):,} bundled "
        f"training digits at half size (14 × 14, ink from grey {INK}); {len(patterns):,} different ones."
    )
    return _images(f"patches-{side}", side, patterns, counts.astype(np.int64), about)


_MAKERS: dict[str, Callable[[], TinySet]] = {
    "bars-3": lambda: bars_and_stripes(3),
    "bars-4": lambda: bars_and_stripes(4),
    "ring": ring,
    "moons": moons,
    "patches-3": lambda: patches(3),
    "patches-4": lambda: patches(4),
}
# Apart from the sets, so that a page can offer them without making them.
_TITLES = {
    "bars-3": "Bars and stripes, 3 × 3",
    "bars-4": "Bars and stripes, 4 × 4",
    "ring": "Ring in the plane",
    "moons": "Two moons in the plane",
    "patches-3": "Patches of digits, 3 × 3",
    "patches-4": "Patches of digits, 4 × 4",
}


@cache
def _made(name: str) -> TinySet:
    return _MAKERS[name]()


def _plane() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(column, row) of each cell."""
    cells = np.arange(SIDE * SIDE)
    return cells % SIDE, cells // SIDE


def _images(
    name: str, side: int, patterns: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], about: str
) -> TinySet:
    """Black and white squares, a bit a pixel."""
    return TinySet(name, "image", (side, side), side * side, patterns, counts, about)


def _points(name: str, distance: npt.NDArray[np.float64], about: str) -> TinySet:
    """Cells by their distance from a curve; 10 points at most in a cell, fewer than half a point are none."""
    column, row = _plane()
    counts = np.rint(10 * np.exp(-0.5 * (distance / 0.7) ** 2)).astype(np.int64)
    kept = counts > 0
    return TinySet(
        name=name,
        kind="plane",
        shape=(SIDE, SIDE),
        bits=8,
        patterns=(gray(column) | gray(row) << 4)[kept],
        counts=counts[kept],
        about=f"{about} Column and row of a {SIDE} × {SIDE} grid, four bits of Gray code each: neighbours differ in "
        "one unit.",
    )
