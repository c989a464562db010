"""One image file, which may come from anybody, as an array of pixels."""

import io
import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import Literal

import numpy as np
from PIL import Image, ImageOps

from dbn_core.data.dataset import Bytes
from dbn_core.data.own import limits
from dbn_core.data.own.faults import FileFaultError
from dbn_core.data.own.leftovers import HEIC

HAS_HEIC = find_spec("pillow_heif") is not None
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM", *(("HEIF",) if HAS_HEIC else ()))
SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm"),
    *(HEIC if HAS_HEIC else ()),
)
FAINT = 32  # of 255: ink that differs less from its paper cannot be seen
WEAK = 80  # of 255: ink that differs less from its paper is lost beside any that does not
LOST_SHARE = 1 / 3  # of an image's ink that is weak on white, from which on it may stand on black
CLEAR_SHARE = 0.25  # of an image's area that is transparent, from which on its ink is what is opaque
_GREY, _COLOUR = ("1", "L", "LA"), ("P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    struct.error,
    zlib.error,
)


Paper = Literal["white", "black"]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An image file as pixels: (height, width) if the file is a grey one, else (height, width, 3).

    least, most: the darkest and the brightest value in any channel, before it was resized. paper: what was put where it
    is transparent, None where it is nowhere. is_first: its file holds others behind it. is_cut, is_resized: to the
    square in its middle, and to another side.
    """

    pixels: Bytes = field(repr=False)
    least: int
    most: int
    paper: Paper | None
    is_first: bool
    is_cut: bool
    is_resized: bool


def decode(content: bytes, name: str) -> Bytes:
    """The pixels of the image as it is. Raises DataError as `read_picture` does."""
    return read_picture(content, name).pixels


def read_picture(content: bytes, name: str, size: int | None = None) -> Picture:
    """The image; of a film the first picture.

    size: cut to the square in its middle and resized to this side. Transparent parts are white, or black where more of
    its ink is lost on white. Raises FileFaultError, a DataError naming the file, when it is no image, damaged, or too
    large.
    """
    if HAS_HEIC:
        _learn_heic()
    try:
        # Pillow warns and then raises by itself far above our limit; the size is known before any pixel is read.
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check(image, name)
            is_first = bool(getattr(image, "is_animated", False))
            upright, paper = _plain(image)
            fitted = upright if size is None else square(upright, size)
            extremes = np.array(upright.getextrema())
            return Picture(
                np.asarray(fitted),
                int(extremes.min()),
                int(extremes.max()),
                paper,
                is_first=is_first,
                is_cut=size is not None and upright.width != upright.height,
                is_resized=size is not None and min(upright.size) != size,
            )
    except Image.DecompressionBombError as error:
        raise _too_large(name) from error
    except _BROKEN as error:
        reason = f"is not an image that can be read ({', '.join(FORMATS)})"
        raise FileFaultError(name, reason, "mend it or take it out") from error


@cache
def _learn_heic() -> None:
    """Pillow reads such files from then on."""
    import pillow_heif

    pillow_heif.register_heif_opener()


def _check(image: Image.Image, name: str) -> None:
    if image.width * image.height > limits.IMAGE_PIXELS:
        raise _too_large(name)
    if image.mode not in (*_GREY, *_COLOUR):
        raise FileFaultError(
            name, f"has pixels of a kind ({image.mode}) beyond 8 bits a colour", "save it as 8-bit PNG"
        )


def _plain(image: Image.Image) -> tuple[Image.Image, Paper | None]:
    """(upright, on paper where it is transparent, in mode L or RGB; that paper)."""
    wanted = "L" if image.mode in _GREY else "RGB"
    upright = ImageOps.exif_transpose(image)
    if not upright.has_transparency_data:
        return upright.convert(wanted), None
    clear = upright.convert("RGBA")
    if clear.getchannel("A").getextrema() == (255, 255):
        return clear.convert("RGB").convert(wanted), None
    on_white = _on_paper(clear, "white")
    if _is_lost(clear, on_white):
        return _on_paper(clear, "black").convert(wanted), "black"
    return on_white.convert(wanted), "white"


def _on_paper(image: Image.Image, colour: Paper) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", image.size, colour), image)


def _is_lost(image: Image.Image, on_white: Image.Image) -> bool:
    """Whether white hides more of its ink than black does: all of it, or, in a cut-out, the larger of the parts lost.

    What is dark at the edge of a light figure outlines it: on white a hollow figure would be left.
    """
    alpha = np.asarray(image.getchannel("A"), np.uint8)
    if not alpha.any():
        return False
    ink = np.asarray(image.convert("RGB").convert("L"), np.uint8)
    if np.ptp(np.asarray(on_white.convert("L"), np.int16)) < FAINT:
        return float(np.average(ink, weights=alpha)) >= 128
    if float((alpha < 128).mean()) < CLEAR_SHARE:
        return False
    on_white_lost, on_black_lost = (float(np.average(part, weights=alpha)) for part in (ink > 255 - WEAK, ink < WEAK))
    return on_white_lost >= LOST_SHARE and on_white_lost > on_black_lost


def square(image: Image.Image, size: int) -> Image.Image:
    """The square in the middle, resized to `size` pixels a side."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side)).resize((size, size), Image.Resampling.LANCZOS)


def resized(images: Bytes, size: int | None) -> Bytes:
    """Images (n, height, width[, 3]) that came as arrays, as image files are resized when they are read."""
    if size is None or images.shape[1:3] == (size, size):
        return images
    return np.stack([np.asarray(square(Image.fromarray(image), size)) for image in images])


def _too_large(name: str) -> FileFaultError:
    return FileFaultError(name, f"has more than {limits.IMAGE_PIXELS // 10**6} megapixels", "make it smaller first")
