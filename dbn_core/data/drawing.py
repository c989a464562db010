"""A picture of a digit, drawn or photographed, made into what MNIST holds; other pictures fitted to other data.

As the digits of MNIST were made (LeCun, Bottou, Bengio & Haffner 1998): the ink is scaled to a box of 20 x 20 pixels,
its proportions kept and its edges smooth, and set into 28 x 28 pixels so that its centre of mass is in the middle.
Beforehand the paper is taken out, dark or light.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from dbn_core.data.dataset import Bytes
from dbn_core.errors import DataError

SIDE, BOX = 28, 20  # pixels of a digit, and of the box of its ink
MIDDLE = 14.0  # where MNIST puts the centre of mass, the first pixel's centre being 0
FAINTEST = 24  # grey values between paper and ink below which a picture counts as blank
FLOOR = 0.12  # of the contrast: what is fainter belongs to the paper

Floats = npt.NDArray[np.float64]


def as_digit(picture: Bytes) -> Bytes:
    """(28, 28) uint8, ink bright on black, of a picture (height, width[, 3]) of one digit on plain paper.

    The paper is what most of the edge shows; ink may be darker or brighter. Raises DataError for a blank picture.
    """
    share = _ink(in_grey(picture))
    rows, columns = (np.flatnonzero(share.any(axis)) for axis in (1, 0))
    cut = share[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return _centred(_boxed(cut))


def fitted(picture: Bytes, shape: tuple[int, ...], *, dark_paper: bool = False) -> Bytes:
    """A picture (height, width[, 3]) as the images of a data set are: of `shape`, (height, width) or with 3 colours.

    Its middle is cut out in the proportions wanted and resized. dark_paper: the images stand on black, so a picture
    on bright paper is inverted. Raises DataError for a blank picture.
    """
    height, width, *colours = shape
    grey = in_grey(picture)
    if int(grey.max()) - int(grey.min()) < FAINTEST:
        raise DataError(_BLANK)
    inverted = dark_paper and np.median(_edge(grey)) > 127
    wanted = picture if colours and picture.ndim == 3 else grey
    image = _resized(_cropped(wanted, height / width), height, width)
    image = np.repeat(image[:, :, None], 3, axis=2) if colours and image.ndim == 2 else image
    return 255 - image if inverted else image


def in_grey(picture: Bytes) -> Bytes:
    """(height, width) of a picture in colour or grey."""
    return np.asarray(Image.fromarray(picture).convert("L")) if picture.ndim == 3 else picture


def stands_on_black(images: Bytes) -> bool:
    """Whether the edges of most images (n, height, width[, 3]) are black."""
    edges = np.concatenate([images[:, 0], images[:, -1]], axis=1)
    return bool(np.median(edges) < 32)


# -- parts ------------------------------------------------------------------------------------------------------------

_BLANK = "The picture is blank: nothing on it differs from its paper. Draw or choose one with something on it."


def _ink(grey: Bytes) -> Floats:
    """Share of ink of each pixel, 0 on the paper and 1 where it is strongest."""
    edge = _edge(grey)
    paper = float(np.median(edge))
    off = grey - paper
    stroke = off if off.max() >= -off.min() else -off  # whichever reaches further is the ink
    if stroke.max() < FAINTEST:
        raise DataError(_BLANK)
    # Not the single largest value, which a speck may be; of the ink alone, however large the page.
    contrast = float(np.quantile(stroke[stroke > 0.5 * stroke.max()], 0.9))
    unrest = float(np.quantile(np.abs(edge - paper), 0.9)) / contrast
    share = np.clip(stroke / contrast, 0.0, 1.0).astype(np.float64)
    share[share < min(0.5, FLOOR + 2 * unrest)] = 0.0
    return share


def _edge(grey: Bytes) -> Bytes:
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])


def _boxed(share: Floats) -> Floats:
    """The ink scaled so that its longer side is 20 pixels."""
    scale = BOX / max(share.shape)
    height, width = (max(1, round(side * scale)) for side in share.shape)
    small = Image.fromarray(share.astype(np.float32)).resize((width, height), Image.Resampling.BOX)
    values = np.clip(np.asarray(small, np.float64), 0.0, 1.0)
    return values / values.max()  # a thin line grows pale when it is made smaller


def _centred(small: Floats) -> Bytes:
    """Set into the field with its centre of mass in the middle, to the nearest pixel."""
    height, width = small.shape
    field = np.zeros((3 * SIDE, 3 * SIDE))
    total = small.sum()
    row = (small.sum(1) * np.arange(height)).sum() / total
    column = (small.sum(0) * np.arange(width)).sum() / total
    top, left = (SIDE + round(MIDDLE - centre) for centre in (row, column))
    field[top : top + height, left : left + width] = small
    return np.rint(255 * field[SIDE : 2 * SIDE, SIDE : 2 * SIDE]).astype(np.uint8)


def _cropped(picture: Bytes, proportion: float) -> Bytes:
    """The middle of a picture, height / width = `proportion`."""
    height, width = picture.shape[:2]
    tall, wide = min(height, round(width * proportion)), min(width, round(height / proportion))
    tall, wide = max(1, tall), max(1, wide)
    top, left = (height - tall) // 2, (width - wide) // 2
    return np.ascontiguousarray(picture[top : top + tall, left : left + wide])


def _resized(picture: Bytes, height: int, width: int) -> Bytes:
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))
