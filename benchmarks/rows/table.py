"""Measurements on disk, and the table that they make."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.rows.row import Row


@dataclass(frozen=True, slots=True)
class Measurement:
    """One row as it was measured once.

    Seconds are wall-clock, of training and of the row as a whole this time; `processor_seconds` are those of all its
    threads together, which tell more where the machine did other work as well.
    """

    row: str
    size: str
    data: str
    seed: int
    figures: dict[str, float]
    training_seconds: float
    row_seconds: float
    processor_seconds: float
    date: str
    threads: int
    machine: dict[str, Any]
    settings: dict[str, Any] = field(default_factory=dict)
    note: str = ""


class Table:
    """The measurements in one JSON file; a new one of the same row, size and seed takes the old one's place."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[Measurement]:
        """In the order in which they were made."""
        if not self._path.exists():
            return []
        return [Measurement(**item) for item in json.loads(self._path.read_text())]

    def of(self, size: str, seed: int) -> list[Measurement]:
        """Those of one size and seed."""
        return [item for item in self.all() if (item.size, item.seed) == (size, seed)]

    def add(self, measurement: Measurement) -> None:
        """Keep one; the file is replaced as a whole, so that it is never half written."""
        same = (measurement.row, measurement.size, measurement.seed)
        kept = [item for item in self.all() if (item.row, item.size, item.seed) != same]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps([asdict(item) for item in [*kept, measurement]], indent=1))
        draft.replace(self._path)


def as_markdown(rows: Sequence[Row], measurements: Sequence[Measurement], size: str) -> str:
    """The table as it goes into EXPERIMENTS.md; goals are those of the full size, so the quick one shows none."""
    by_name = {item.row: item for item in measurements}
    machines = dict.fromkeys(_machine(item) for item in measurements)
    lines = [f"Size {size}. " + " ".join(machines), ""] if measurements else []
    lines += [
        "| | reached | wanted | published | training | row, processor time | seed |",
        "|---|---|---|---|---:|---:|---:|",
    ]
    notes = []
    for row in rows:
        item = by_name.get(row.name)
        if item is None:
            lines.append(f"| {row.title} | not run | {_wanted(row, None, size)} | {row.published} | | | |")
            continue
        reached = f"{_figures(row, item)} ({item.data})"
        time = f"{item.training_seconds / 60:.1f} min | {item.processor_seconds / 60:.1f} min"
        wanted = _wanted(row, item, size)
        lines.append(f"| {row.title} | {reached} | {wanted} | {row.published} | {time} | {item.seed} |")
        settings = ", ".join(f"{key} {_plain(value)}" for key, value in item.settings.items() if key != "seed")
        notes.append(f"- **{row.name}**: {settings}{'; ' if item.note else ''}{item.note}.")
    return "\n".join([*lines, "", *notes])


def _figures(row: Row, item: Measurement) -> str:
    parts = [f"{name} {value:.2f}" for name, value in item.figures.items()]
    unit = "" if row.unit in item.figures else f" {row.unit}"
    return ", ".join(parts) + unit


def _wanted(row: Row, item: Measurement | None, size: str) -> str:
    if size != "full":
        return ""
    words = []
    for goal in row.goals:
        verdict = "" if item is None else ": reached" if goal.is_reached(item.figures) else ": **not reached**"
        words.append(goal.describe() + verdict)
    return "; ".join(words)


def _machine(item: Measurement) -> str:
    machine = item.machine
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['accelerator']}; {item.threads} threads; Python "
        f"{machine['python']}, torch {machine['torch']}; {item.date}."
    )


def _plain(value: Any) -> str:
    return "-".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
