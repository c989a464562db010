"""Pictures that a person draws or uploads, for any page: each as a run's images are.

The board itself is `assets/shared/board.js`. It is ours and not streamlit-drawable-canvas, which works but sends every
stroke through a run of the page's script: what answers a drawing here is a route, at the end of a stroke.
"""

import base64
import binascii
from functools import lru_cache
from math import prod

import numpy as np
import numpy.typing as npt

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.data.catalogue import dataset_info
from dbn_core.data.drawing import SIDE, as_digit, fitted, stands_on_black
from dbn_core.data.own.decoding import decode
from dbn_core.errors import DataError
from web.answers import Most

MOST_BYTES = 8 * 2**20  # of an uploaded file
QUESTION = Most(
    4 * MOST_BYTES // 3 + 10_000, f"A picture may have at most {MOST_BYTES // 2**20} MiB."
)  # base64, and words
DIGITS = tuple("0123456789")
LOOKED_AT = 500  # images from which is told whether a data set stands on black


def can_be_drawn(config: RunConfig) -> bool:
    """Whether a drawing can look like this run's images: whole grey digits of 28 x 28."""
    info = dataset_info(config.data.name)
    return network_shape(config) == (SIDE, SIDE) and tuple(info.label_names) == DIGITS and not info.is_own


def network_shape(config: RunConfig) -> tuple[int, ...]:
    """(height, width), or with 3 colours, of the images that a run learns from."""
    height, width, channels = dataset_info(config.data.name).shape
    if config.data.patch is not None:
        height = width = config.data.patch
    return (height, width) if channels == 1 or config.data.grey else (height, width, channels)


def pixels_of(config: RunConfig) -> int:
    """Visible units of the first layer: pixels of an image or patch, times colours."""
    return prod(network_shape(config))


def content_of(text: object) -> bytes:
    """The file behind base64 text of a request. Raises DataError for anything else, or too much."""
    if not isinstance(text, str) or not text:
        raise DataError("There is no picture in the question: draw or choose one.")
    if len(text) * 3 // 4 > MOST_BYTES:
        raise DataError(f"The picture has more than {MOST_BYTES // 2**20} MiB. Choose a smaller one.")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DataError("The picture did not arrive whole. Try again.") from error


def as_image_of(config: RunConfig, content: bytes) -> npt.NDArray[np.uint8]:
    """A drawing, or an uploaded file, as one of the run's images. Raises DataError for what is none, or is blank."""
    pixels = decode(content, "The file")
    if can_be_drawn(config):
        return as_digit(pixels)
    return fitted(pixels, network_shape(config), dark_paper=_stands_on_black(config.data.name))


@lru_cache(maxsize=16)
def _stands_on_black(name: str) -> bool:
    return dataset_info(name).shape[2] == 1 and stands_on_black(load_dataset(name).test[:LOOKED_AT])
