"""Which values stand for black and white in images that come as numbers, and the same images as 0..255.

Arrays say nothing of it: digits of scikit-learn reach 16, masks 1, and as parts of 255 both would be black. What is
plain is scaled and told; what is not is refused.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.dataset import Bytes
from dbn_core.errors import DataError

DIMMEST = 64  # of 255: whites below it may be of any scale
_FAINTEST = 0.25  # of 1
_ROUNDING = 1e-3  # how far a resized image may leave its range
_DEPTHS = (2**10 - 1, 2**12 - 1, 2**14 - 1)  # bits that cameras and scanners have
_AT_ONCE = 1000  # images scaled together: no second copy of all in float64
KNOWN = "0 to 1, -1 to 1, 0 to 15 or 16, 0 to 255, 10, 12, 14 or 16 bits"


@dataclass(frozen=True, slots=True)
class Values:
    """least, most: what was found. black, white: the values that became 0 and 255."""

    least: float
    most: float
    black: float
    white: float

    @property
    def is_scaled(self) -> bool:
        """The numbers were changed."""
        return (self.black, self.white) != (0, 255)

    @property
    def words(self) -> str:
        """A sentence: what was found and what was done."""
        found = f"Values from {self.least:g} to {self.most:g} were found"
        if not self.is_scaled:
            return f"{found} and taken as they are, as parts of 255."
        return f"{found} and scaled: {self.black:g} became 0 (black), {self.white:g} became 255 (white)."


def as_bytes(images: npt.NDArray[Any], name: str, found: tuple[float, float] | None = None) -> tuple[Bytes, Values]:
    """(the images with black at 0 and white at 255, what was found and done).

    found: least and most value where the images are resized ones of others. Raises DataError for numbers that are none,
    for images of one value throughout, and where white cannot be told.
    """
    least, most = _range(images, name, found)
    if least == most:
        raise DataError(_one_value(least, name))
    scale = _scale(least, most)
    if scale is None:
        raise DataError(
            f"The values in {name} reach from {least:g} to {most:g}, and which of them is white cannot be told; "
            f"scales that are known: {KNOWN}. Scale the images so that white is 255, and add them again."
        )
    values = Values(least, most, *scale)
    return _bytes(images, values), values


def on_scale(
    images: npt.NDArray[Any], name: str, scale: tuple[float, float], found: tuple[float, float] | None = None
) -> tuple[Bytes, Values]:
    """The same of images that are only looked at, on a known scale (black, white): they may be few, dark or black.

    Raises DataError for numbers that are none, or beyond the scale.
    """
    least, most = _range(images, name, found)
    black, white = scale
    slack = _ROUNDING * (white - black)
    if least < black - slack or most > white + slack:
        raise DataError(
            f"The values in {name} reach from {least:g} to {most:g}, and on the scale of this network black is "
            f"{black:g} and white {white:g}; bring the images to that scale."
        )
    values = Values(least, most, black, white)
    return _bytes(images, values), values


def _range(images: npt.NDArray[Any], name: str, found: tuple[float, float] | None) -> tuple[float, float]:
    _check_finite(images, name)
    return found or (float(images.min()), float(images.max()))


def _bytes(images: npt.NDArray[Any], values: Values) -> Bytes:
    if not values.is_scaled and images.dtype == np.uint8:
        return np.ascontiguousarray(images)
    parts = [_scaled(images[at : at + _AT_ONCE], values) for at in range(0, len(images), _AT_ONCE)]
    return np.concatenate(parts)


def check_variety(images: Bytes, name: str) -> int:
    """How many images are of one colour throughout. Raises DataError when all are, or when all are the same image."""
    pixels = images.reshape(len(images), -1, images.shape[3] if images.ndim == 4 else 1)
    blank = int((pixels == pixels[:, :1]).all(axis=(1, 2)).sum())
    if blank == len(images):
        raise DataError(f"Every image in {name} is of one colour throughout, so there is nothing to learn from them.")
    if (images == images[:1]).all():
        raise DataError(
            f"All {len(images):,} images in {name} are the same one, so there is nothing to learn from them."
        )
    return blank


def _check_finite(images: npt.NDArray[Any], name: str) -> None:
    if images.dtype.kind != "f":
        return
    nan, infinite = int(np.isnan(images).sum()), int(np.isinf(images).sum())
    if nan or infinite:
        which = int(np.argmin(np.isfinite(images.reshape(len(images), -1)).all(axis=1)))
        counts = [f"{what} ({count:,})" for count, what in ((nan, "NaN"), (infinite, "infinity")) if count]
        raise DataError(
            f"The images in {name} hold {' and '.join(counts)}, first in image {which} (from 0); replace these values."
        )


def _scale(least: float, most: float) -> tuple[float, float] | None:
    """(black, white); None where they are not plain."""
    slack = _ROUNDING * max(abs(least), abs(most))
    if least < -slack:
        is_symmetric = -1 - _ROUNDING <= least <= -0.5 and 0.5 <= most <= 1 + _ROUNDING
        return (-1, 1) if is_symmetric else None
    if most <= 1 + _ROUNDING:
        return (0, 1) if most >= _FAINTEST else None
    if most in {15, 16, *_DEPTHS}:
        return 0, most
    if DIMMEST <= most <= 255 + _ROUNDING:
        return 0, 255
    return (0, 2**16 - 1) if 2**15 <= most < 2**16 else None


def _scaled(images: npt.NDArray[Any], values: Values) -> Bytes:
    share = (images.astype(np.float64) - values.black) / (values.white - values.black)
    return np.round(np.clip(share, 0, 1) * 255).astype(np.uint8)


def _one_value(value: float, name: str) -> str:
    colour = {0.0: ", all black", 255.0: ", all white"}.get(value, "")
    return f"Every value in {name} is {value:g}{colour}, so there is nothing to learn from these images; give others."
