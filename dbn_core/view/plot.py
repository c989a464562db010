"""A still chart as SVG text, for pages that are read and printed: ink is `currentColor`, line n `var(--series-n)`.

`coloured` puts a theme's colours in, so that the chart can be an image: pages that show HTML of ours strip inline SVG.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dbn_core.view import palette
from dbn_core.view.palette import Theme
from dbn_core.view.words import number

WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 10, 40
POINTS = 300  # of a line, at most
SERIES = len(palette.LAYERS["light"])  # colours there are
_SVG = 'xmlns="http://www.w3.org/2000/svg"'
_TEXT = 'fill="currentColor" fill-opacity="0.8"'


@dataclass(frozen=True, slots=True)
class Line:
    """A curve. spread: half the length of the bar at each point; dots: points without a line between them."""

    name: str
    colour: int
    points: Sequence[tuple[float, float]]
    dash: str = ""
    dots: bool = False
    spread: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Axes:
    """Titles with their units; where ticks stand on a logarithmic x, whose values are above 0."""

    x: str
    y: str
    log_x: Sequence[float] = ()
    from_zero: bool = True


def plot(lines: Sequence[Line], axes: Axes, description: str) -> str:
    """The chart; numbers that are not finite are left out. An empty text when there is nothing to draw."""
    drawn = [line for line in (_finite(line) for line in lines) if line.points]
    if not drawn:
        return ""
    frame = _Frame.around(drawn, axes)
    parts = [*frame.grid(), *(mark for line in drawn for mark in frame.line(line))]
    size = f'{_SVG} viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11.5"'
    return f"<svg {size}><title>{escape(description)}</title>{''.join(parts)}</svg>"


def sample(line: Line) -> str:
    """A piece of a line, for a legend."""
    if line.dots:
        mark = f'<circle cx="14" cy="5" r="3" fill="{_colour(line)}"/>'
    else:
        mark = f'<path d="M0 5H28" {_stroke(line, 2)}/>'
    return f'<svg {_SVG} viewBox="0 0 28 10">{mark}</svg>'


def coloured(svg: str, theme: Theme) -> str:
    """A chart or sample in the colours of a theme."""
    for index, colour in enumerate(palette.LAYERS[theme]):
        svg = svg.replace(f"var(--series-{index})", colour)
    return svg.replace("currentColor", palette.INK[theme])


def ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` round numbers from `low` to `high`: multiples of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values lie on the picture."""

    axes: Axes
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    @classmethod
    def around(cls, lines: Sequence[Line], axes: Axes) -> "_Frame":
        places = [x for line in lines for x, _ in line.points]
        ends = [y + sign * bar for line in lines for (_, y), bar in _with_spread(line) for sign in (-1, 1)]
        low, high = min(ends), max(ends)
        if axes.from_zero and low > 0:
            low = 0.0
        if low == high == 0:
            high = 1.0  # nothing ever happened: a count stays a count
        room = 0.06 * (high - low or abs(high) or 1)
        left, right = min(places), max(places)
        if not axes.log_x and left == right:
            left, right = left - 0.5, right + 0.5
        if axes.log_x:
            left, right = left / 1.25, right * 1.25
        return cls(axes, (left, right), (low if low == 0 else low - room, high + room))

    def x(self, value: float) -> float:
        low, high = self.x_range
        share = math.log(value / low) / math.log(high / low) if self.axes.log_x else (value - low) / (high - low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self.y_range
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> list[str]:
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        marks = []
        for tick in ticks(*self.y_range, 6):
            at = self.y(tick)
            marks.append(
                f'<path fill="none" stroke="currentColor" stroke-opacity="0.13" d="M{LEFT} {at:.1f}H{right}"/>'
            )
            marks.append(f'<text {_TEXT} x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_tick(tick)}</text>')
        for tick in self.axes.log_x or ticks(*self.x_range, 8):
            at = self.x(tick)
            marks.append(
                f'<path fill="none" stroke="currentColor" stroke-opacity="0.13" d="M{at:.1f} {TOP}V{bottom}"/>'
            )
            marks.append(f'<text {_TEXT} x="{at:.1f}" y="{bottom + 16}" text-anchor="middle">{_tick(tick)}</text>')
        middle = (TOP + bottom) / 2
        marks.append(
            f'<text {_TEXT} x="{(LEFT + right) / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(self.axes.x)}</text>'
        )
        turn = f'transform="rotate(-90 13 {middle})"'
        marks.append(f'<text {_TEXT} x="13" y="{middle}" text-anchor="middle" {turn}>{escape(self.axes.y)}</text>')
        return marks

    def line(self, line: Line) -> list[str]:
        places = [(self.x(x), self.y(y)) for x, y in line.points]
        marks = []
        for (x, y), bar in _with_spread(line):
            if bar:
                ends = f"M{self.x(x):.1f} {self.y(y - bar):.1f}V{self.y(y + bar):.1f}"
                marks.append(f'<path d="{ends}" {_stroke(line, 1.2, dash="")}/>')
        if not line.dots and len(places) > 1:
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
            marks.append(f'<path d="M{path}" {_stroke(line, 2)}/>')
        if line.dots or line.spread or len(places) == 1:
            marks += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{_colour(line)}"/>' for x, y in places]
        return marks


def _with_spread(line: Line) -> list[tuple[tuple[float, float], float]]:
    bars = line.spread or [0.0] * len(line.points)
    return list(zip(line.points, bars, strict=True))


def _finite(line: Line) -> Line:
    """Without what is not finite, and thinned evenly where there is more than the eye sees; the last point stays."""
    kept = [(point, bar) for point, bar in _with_spread(line) if math.isfinite(point[1])]
    stride = -(-len(kept) // POINTS) or 1
    kept = kept[:-1:stride] + kept[-1:]
    spread = [bar for _, bar in kept] if line.spread else ()
    return Line(line.name, line.colour, [point for point, _ in kept], line.dash, line.dots, spread)


def _colour(line: Line) -> str:
    return f"var(--series-{line.colour % SERIES})"


def _stroke(line: Line, width: float, dash: str | None = None) -> str:
    dash = line.dash if dash is None else dash
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'fill="none" stroke="{_colour(line)}" stroke-width="{width}" stroke-linejoin="round"{dashed}'


def _tick(value: float) -> str:
    return number(int(value) if value == int(value) else value)
