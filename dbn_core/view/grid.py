"""Many images in one picture, laid out as a mosaic of filters is: what stands at one place shows one unit."""

import numpy as np

from dbn_core.view import palette, png
from dbn_core.view.mosaic import LARGEST, tiled
from dbn_core.view.palette import Theme


def grid(pixels: np.ndarray, columns: int, rows: int, theme: Theme, scale: int = 1) -> bytes:
    """PNG of the first `columns * rows` of (images, height, width[, 3]) uint8, grey ones drawn as ink on the page."""
    if not (1 <= columns <= LARGEST and 1 <= rows <= LARGEST and 1 <= scale <= 16):
        raise ValueError(f"a grid has 1 to {LARGEST} columns and rows and is enlarged 1 to 16 times")
    tiles = np.maximum(pixels[: columns * rows], 1)
    return png.encode(tiled(tiles, columns, rows), palette.ink(theme), scale)
