"""What was to be reached and what was: one row each, with a ratio where one makes sense, and the table of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A measured figure beside the wanted one; `at_least` where more is better. `wanted` None: only told."""

    what: str
    measured: float
    unit: str
    wanted: float | None = None
    note: str = ""
    at_least: bool = False

    @property
    def share(self) -> float | None:
        """Measured over wanted: below 1 is better than wanted, or above where `at_least`."""
        return None if not self.wanted else self.measured / self.wanted

    @property
    def is_reached(self) -> bool | None:
        """None where nothing was wanted."""
        if self.wanted is None:
            return None
        return self.measured >= self.wanted if self.at_least else self.measured <= self.wanted


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed, between neighbours in proportion."""
    if not values:
        raise RuntimeError("nothing was measured: no new picture appeared while somebody looked")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def as_table(goals: Sequence[Goal]) -> str:
    """Markdown."""
    lines = ["| what | measured | wanted | of wanted | |", "|---|---:|---:|---:|---|"]
    for goal in goals:
        wanted = "" if goal.wanted is None else f"{'≥' if goal.at_least else '≤'} {_figure(goal.wanted)} {goal.unit}"
        share = "" if goal.share is None else f"{goal.share:.2f}"
        verdict = {None: "", True: "reached", False: "missed"}[goal.is_reached]
        note = "; ".join(filter(None, (verdict, goal.note)))
        lines.append(f"| {goal.what} | {_figure(goal.measured)} {goal.unit} | {wanted} | {share} | {note} |")
    return "\n".join(lines)


def as_data(goals: Sequence[Goal]) -> list[dict[str, object]]:
    """Plain data."""
    names = ("what", "measured", "unit", "wanted", "note", "share", "is_reached")
    return [{name: getattr(goal, name) for name in names} for goal in goals]


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
