"""Some images of a data set side by side, as they are: grey values stay grey values, in any theme."""

import numpy as np

from dbn_core.view import png
from dbn_core.view.mosaic import tiled

SIDE = 32  # pixels of a tile at least, by whole enlargement, so that nothing is blurred
GAP = 2  # between tiles, before enlarging


def row(images: np.ndarray) -> bytes:
    """PNG of (n, height, width[, 3]) uint8 images in one row, with the page between them."""
    colours = images if images.ndim == 4 else np.repeat(images[..., None], 3, axis=3)
    scale = max(1, -(-SIDE // max(images.shape[1:3])))
    return png.encode(tiled(colours, len(images), 1, GAP), b"", scale)
