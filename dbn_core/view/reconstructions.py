"""Images in rows: originals above their reconstructions, case under case; or a handful of a data set."""

import numpy as np

from dbn_core.view import palette, png
from dbn_core.view.mosaic import tiled
from dbn_core.view.palette import Theme

GAP = 2  # pixels between pictures, before enlarging
LARGEST = 64  # cases; a bound on the work one request can ask for


def strip(pixels: np.ndarray, cases: int, theme: Theme, scale: int = 1) -> bytes:
    """PNG of `cases` of each row of (rows, cases, height, width[, 3]) uint8, a `reconstructions` snapshot.

    They are evenly spread over the row, which is in the order of classes: few still show every class. Grey pictures are
    drawn as ink on the page: intensity 1 has the colour of the text.
    """
    if not 1 <= cases <= LARGEST:
        raise ValueError(f"a strip has 1 to {LARGEST} cases, not {cases}")
    there = pixels.shape[1]
    shown = pixels[:, np.arange(min(cases, there)) * there // min(cases, there)]
    rows, count = shown.shape[:2]
    tiles = np.maximum(shown.reshape(rows * count, *shown.shape[2:]), 1)
    return png.encode(tiled(tiles, count, rows, GAP), palette.ink(theme), scale)
