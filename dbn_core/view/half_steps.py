"""Contrastive divergence in pictures: states as ink, products and weights as tiles, one tile a hidden unit.

Every picture of hidden units has the same grid, that of the filter mosaics, so that a unit has one place on the page.
An outer product h v^T is drawn as what it adds to each filter: the image v, as strongly as the unit is on.
"""

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from dbn_core.questions.stepping import Stepped
from dbn_core.view import palette, png
from dbn_core.view.mosaic import ZERO, MosaicOptions, mosaic, tiled
from dbn_core.view.palette import Theme

SHOWN = 100  # hidden units drawn, the first ones
QUANTILE = 0.999  # of |values|: what the ends of the colours stand for


@dataclass(frozen=True, slots=True)
class Signed:
    """A picture of signed numbers with the number that its strongest colours stand for."""

    picture: bytes
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class HalfSteps:
    """One update as `step_contrastive_divergence` answers it, with what follows from it by one multiplication."""

    answer: Stepped
    rate: float

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the digit."""
        height, width = self.answer["shape"]
        return height, width

    @property
    def units(self) -> int:
        """Hidden units that are drawn."""
        return min(SHOWN, len(self.answer["h_bias"]))

    @property
    def positive(self) -> np.ndarray:
        """(units, pixels) h0 v0^T by probabilities, of the units that are drawn."""
        return np.outer(self.answer["h0_probability"][: self.units], self.answer["v0"])

    @property
    def negative(self) -> np.ndarray:
        """(units, pixels) h1 v1^T by probabilities, of the units that are drawn."""
        return np.outer(self.answer["h1_probability"][: self.units], self.answer["v1_probability"])

    @property
    def update(self) -> np.ndarray:
        """(units, pixels) rate * (positive - negative)."""
        return self.rate * (self.positive - self.negative)

    def largest_pair(self) -> tuple[int, int]:
        """(unit, pixel) whose weight changes most, among the units that are drawn."""
        shown = np.abs(self.update)
        unit, pixel = np.unravel_index(int(shown.argmax()), shown.shape)
        return int(unit), int(pixel)


# -- pictures -------------------------------------------------------------------------------------------------------


def digit(pixels: np.ndarray, shape: tuple[int, int], theme: Theme, scale: int = 8) -> bytes:
    """PNG of intensities in [0, 1], (pixels,), as ink on the page."""
    return png.encode(_ink(pixels).reshape(shape), palette.ink(theme), scale)


def units(values: np.ndarray, shape: tuple[int, int], theme: Theme, scale: int = 2) -> bytes:
    """PNG of probabilities or states of the first units, (hidden,): a square a unit, where its filter is."""
    shown = values[:SHOWN]
    columns, rows = grid(len(shown))
    tiles = np.broadcast_to(_ink(shown)[:, None, None], (len(shown), *shape))
    return png.encode(tiled(tiles, columns, rows), palette.ink(theme), scale)


def matrix(values: np.ndarray, shape: tuple[int, int], theme: Theme, end: float | None = None) -> Signed:
    """(units, pixels) as one tile a unit, diverging and symmetric about zero; `end`: the scale, if it is given."""
    scale = end or strength(values)
    signed = (values / scale).clip(-1, 1) * 127
    columns, rows = grid(len(values))
    tiles = (ZERO + signed.round()).astype(np.uint8).reshape(-1, *shape)
    return Signed(mosaic(tiles, MosaicOptions(columns, rows, theme, scale=2)), scale)


def strength(values: np.ndarray) -> float:
    """The largest |value| but for a thousandth of them."""
    return max(float(np.quantile(np.abs(values), QUANTILE)), 1e-12)


def grid(count: int) -> tuple[int, int]:
    """(columns, rows) of tiles."""
    columns = ceil(sqrt(count))
    return columns, ceil(count / columns)


def _ink(values: np.ndarray) -> np.ndarray:
    """Intensities as palette indices: 0 is a gap, so no ink is 1."""
    return (1 + np.asarray(values, np.float64).clip(0, 1) * 254).round().astype(np.uint8)


# -- arithmetic -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the arithmetic of one weight. `phase`: the half-step at which it is known; `formula`: LaTeX."""

    phase: int
    words: str
    formula: str


def arithmetic(steps: HalfSteps, unit: int, pixel: int) -> list[Line]:
    """What happens to the weight between a pixel i and a unit j, in symbols and in the numbers of this update."""
    answer = steps.answer
    v0, v1 = float(answer["v0"][pixel]), float(answer["v1_probability"][pixel])
    h0, h1 = float(answer["h0_probability"][unit]), float(answer["h1_probability"][unit])
    b, c = n(float(answer["v_bias"][pixel])), n(float(answer["h_bias"][unit]))
    up = with_sign(float(answer["h0_field"][unit] - answer["h_bias"][unit]))
    down = with_sign(float(answer["v1_field"][pixel] - answer["v_bias"][pixel]))
    again = with_sign(float(answer["h1_field"][unit] - answer["h_bias"][unit]))
    drawn = int(answer["h0_sample"][unit])
    change = n(steps.rate * (v0 * h0 - v1 * h1))
    before, after = n(float(answer["W"][unit, pixel])), n(float(answer["W_after"][unit, pixel]))
    products = rf"{n(v0)} \cdot {n(h0)} - {n(v1)} \cdot {n(h1)}"
    formulas = (
        (1, "How strongly the digit switches the unit on", rf"{_P_HIDDEN} = \sigma({c} {up}) = {n(h0)}"),
        (1, "A coin with that probability is thrown", rf"h_j \sim p \;\Rightarrow\; h_j = {drawn}"),
        (2, "The units that are on reconstruct the pixel", rf"{_P_VISIBLE} = \sigma({b} {down}) = {n(v1)}"),
        (3, "How strongly the reconstruction switches it on", rf"{_P_AGAIN} = \sigma({c} {again}) = {n(h1)}"),
        (4, "The weight learns the difference", rf"{_UPDATE} = {n(steps.rate)}\,({products}) = {change}"),
        (4, "So it goes", rf"W_{{ji}}\colon\; {before} \;\to\; {after}"),
    )
    return [Line(*formula) for formula in formulas]


_P_HIDDEN = r"p(h_j{=}1 \mid v) = \sigma\big(c_j + \textstyle\sum_i W_{ji} v_i\big)"
_P_VISIBLE = r"v'_i = \sigma\big(b_i + \textstyle\sum_j W_{ji} h_j\big)"
_P_AGAIN = r"h'_j = \sigma\big(c_j + \textstyle\sum_i W_{ji} v'_i\big)"
_UPDATE = r"\Delta W_{ji} = \eta\,(v_i\, p(h_j) - v'_i\, h'_j)"


def n(value: float) -> str:
    """A number in a formula: three significant digits, no exponents down to a millionth."""
    if value == 0:
        return "0"
    if abs(value) < 1e-4:
        mantissa, exponent = f"{value:.2e}".split("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return f"{value:.3g}"


def with_sign(value: float) -> str:
    """A number with its sign as an operator: "+ 3.4"."""
    return f"{'-' if value < 0 else '+'} {n(abs(value))}"
