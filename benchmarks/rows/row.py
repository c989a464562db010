"""One row of the table of numbers: what it measures, what was published, what is wanted, and how to get it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.rows.bench import Bench


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure has to reach on the full data set: at least, or at most, a limit."""

    figure: str
    limit: float
    at_least: bool = False

    def is_reached(self, figures: dict[str, float]) -> bool:
        """Whether these figures reach it."""
        value = figures[self.figure]
        return value >= self.limit if self.at_least else value <= self.limit

    def describe(self) -> str:
        """In words: "error <= 2.5"."""
        return f"{self.figure} {'>=' if self.at_least else '<='} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a row has measured.

    figures: by name, in `Row.unit`. seconds: of wall-clock time, of all training that the figures need, pretraining
    that was kept from another row included. settings: the configuration, where it differs from a new run's.
    """

    figures: dict[str, float]
    seconds: float
    settings: dict[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`data` is what the full size learns from; the quick size takes the bundled digits unless `quick` is False."""

    name: str
    title: str
    unit: str
    published: str
    measure: Callable[[Bench], Outcome]
    goals: tuple[Goal, ...] = ()
    data: str = "mnist"
    quick: bool = True
