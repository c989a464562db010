"""One metric: what it is called, in which unit it is shown, of what it is measured and how, and which way is better."""

from dataclasses import dataclass, replace
from typing import Literal

Better = Literal["lower", "higher", "target", "neither"]

_TICKS = ("%", "px")  # short enough to stand behind every number of an axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A row of the table. Values are stored as `INTERFACE` says; what is shown is `factor` times that.

    title: what it is, as a heading. unit: of the number shown, in full. sign: what stands behind a number in a sentence
    ("nats", "%"); "" for one without a unit. axis: what stands beside an axis, where that is not the unit. split: the
    images it is measured on. estimator: how the number is had. target: where it should lie, both ends, as shown.
    digits: significant ones. decimals: as many places behind the point instead, where figures stand in a column.
    """

    name: str
    title: str
    unit: str = ""
    sign: str = ""
    axis: str = ""
    split: str = ""
    estimator: str = ""
    better: Better = "neither"
    target: tuple[float, float] | None = None
    factor: float = 1.0
    digits: int = 3
    decimals: int | None = None

    @property
    def axis_title(self) -> str:
        """Beside an axis."""
        return self.axis or self.unit

    @property
    def behind(self) -> str:
        """The sign with its space, to be put behind a number; "" where there is none."""
        return f" {self.sign}" if self.sign else ""

    @property
    def on_ticks(self) -> str:
        """The same for the numbers of an axis, where it is short."""
        return self.behind if self.sign in _TICKS else ""

    @property
    def direction(self) -> str:
        """As in "lower is better"; "" where neither is."""
        return f"{self.better} is better" if self.better in {"lower", "higher"} else ""

    @property
    def finer(self) -> "Metric":
        """With one digit more, for numbers that stand side by side."""
        decimals = None if self.decimals is None else self.decimals + 1
        return replace(self, digits=self.digits + 1, decimals=decimals)

    def text(self, stored: float) -> str:
        """The number alone, as it is shown: 1,956, with a real minus sign."""
        shown = stored * self.factor
        words = significant(shown, self.digits) if self.decimals is None else f"{shown:,.{self.decimals}f}"
        return words.replace("-", "−")

    def said(self, stored: float) -> str:
        """The number with its sign: "12.3 %", "−98.5 nats"."""
        return f"{self.text(stored)}{self.behind}"


def significant(value: float, digits: int = 3) -> str:
    """So many significant digits, never in exponent form between a millionth and a million."""
    if value == 0 or not 1e-6 <= abs(value) < 1e6:
        return f"{value:.{digits}g}"
    exponent = int(f"{value:e}".rpartition("e")[2])
    return f"{value:,.{max(0, digits - 1 - exponent)}f}"
