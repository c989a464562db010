"""Many images in one picture, laid out as a mosaic of filters is: what stands at one place shows one unit."""

import numpy as np

from dbn_core.view import palette, png
from dbn_core.view.mosaic import GAP, LARGEST
from dbn_core.view.palette import Theme


def grid(pixels: np.ndarray, columns: int, rows: int, theme: Theme, scale: int = 1) -> bytes:
    """PNG of the first `columns * rows` of (images, height, width) uint8, intensities drawn as ink on the page."""
    if not (1 <= columns <= LARGEST and 1 <= rows <= LARGEST and 1 <= scale <= 16):
        raise ValueError(f"a grid has 1 to {LARGEST} columns and rows and is enlarged 1 to 16 times")
    height, width = pixels.shape[1:3]
    sheet = np.full((rows * (height + GAP), columns * (width + GAP)), palette.TRANSPARENT, np.uint8)
    for index, image in enumerate(pixels[: columns * rows]):
        top, left = (index // columns) * (height + GAP), (index % columns) * (width + GAP)
        sheet[top : top + height, left : left + width] = np.maximum(image, 1)
    return png.encode(sheet[:-GAP, :-GAP], palette.ink(theme), scale)
