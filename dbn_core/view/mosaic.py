"""Many filters in one picture: a grid of tiles, one tile a hidden unit, in the order of the units.

A tile stays at its place through the whole run, so that the eye can follow one unit while it learns.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dbn_core.view import palette, png
from dbn_core.view.palette import Scheme, Theme

Contrast = Literal["shared", "each"]
GAP = 1  # pixels between tiles, before enlarging
ZERO = 128  # the pixel of a weight of zero in a `filters` snapshot
LARGEST = 64  # tiles along one side; a bound on the work one request can ask for


@dataclass(frozen=True, slots=True)
class MosaicOptions:
    """How filters are shown. `contrast` `shared`: one scale, as stored; `each`: every filter uses the whole range."""

    columns: int
    rows: int
    theme: Theme = "light"
    scheme: Scheme = "signed"
    contrast: Contrast = "shared"
    scale: int = 1

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= LARGEST and 1 <= self.rows <= LARGEST and 1 <= self.scale <= 16):
            raise ValueError(f"a mosaic has 1 to {LARGEST} columns and rows and is enlarged 1 to 16 times, not {self}")


def mosaic(pixels: np.ndarray, options: MosaicOptions) -> bytes:
    """PNG of the first `columns * rows` filters of a `filters` snapshot, (units, height, width[, 3]) uint8."""
    shown = pixels[: options.columns * options.rows]
    tiles = stretched(shown) if options.contrast == "each" else shown
    sheet = tiled(np.maximum(tiles, 1), options.columns, options.rows)
    return png.encode(sheet, palette.weights(options.scheme, options.theme), options.scale)


def stretched(filters: np.ndarray) -> np.ndarray:
    """Each filter scaled so that its largest absolute weight takes the strongest colour; zero stays zero."""
    signed = filters.astype(np.int16) - ZERO
    axes = tuple(range(1, filters.ndim))
    largest = np.abs(signed).max(axis=axes, keepdims=True)
    return (ZERO + np.round(signed * 127.0 / np.maximum(largest, 1))).astype(np.uint8)


def tiled(tiles: np.ndarray, columns: int, rows: int, gap: int = GAP) -> np.ndarray:
    """(rows, columns) of tiles in one array; gaps and places without a tile show the page.

    Grey tiles (n, height, width) give palette indices with 0 for the page, colours (n, height, width, 3) give RGBA.
    """
    count, height, width, *channels = tiles.shape
    if channels:
        tiles = np.concatenate([tiles, np.full((*tiles.shape[:3], 1), 255, np.uint8)], axis=3)
    sheet = np.full((rows * (height + gap), columns * (width + gap), *tiles.shape[3:]), palette.TRANSPARENT, np.uint8)
    for index in range(count):
        top, left = (index // columns) * (height + gap), (index % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = tiles[index]
    return sheet[: rows * (height + gap) - gap, : columns * (width + gap) - gap]
