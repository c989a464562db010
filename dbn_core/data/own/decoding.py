"""One image file, which may come from anybody, as an array of pixels."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

from dbn_core.data.dataset import Bytes
from dbn_core.data.own import limits
from dbn_core.errors import DataError

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm")
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


def decode(content: bytes, name: str, size: int | None = None) -> Bytes:
    """The image as (height, width) if its file is a grey one, else (height, width, 3); of a film the first picture.

    size: cut to the square in its middle and resized to this side. Transparent parts are white. Raises DataError naming
    the file when it is no image, is damaged, or is too large.
    """
    try:
        # Pillow warns and then raises by itself far above our limit; the size is known before any pixel is read.
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check(image, name)
            upright = _plain(image)
            return np.asarray(upright if size is None else square(upright, size))
    except Image.DecompressionBombError as error:
        raise DataError(_too_large(name)) from error
    except _BROKEN as error:
        raise DataError(
            f"{name} is not an image that can be read ({', '.join(FORMATS)}): mend it or take it out."
        ) from error


def _check(image: Image.Image, name: str) -> None:
    if image.width * image.height > limits.IMAGE_PIXELS:
        raise DataError(_too_large(name))
    if image.mode not in (*_GREY, *_COLOUR):
        raise DataError(f"{name} has pixels of a kind ({image.mode}) beyond 8 bits a colour; save it as 8-bit PNG.")


def _plain(image: Image.Image) -> Image.Image:
    """Upright, on white where it is transparent, in mode L or RGB."""
    wanted = "L" if image.mode in _GREY else "RGB"
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        page = Image.new("RGBA", upright.size, "white")
        return Image.alpha_composite(page, upright.convert("RGBA")).convert(wanted)
    return upright.convert(wanted)


def square(image: Image.Image, size: int) -> Image.Image:
    """The square in the middle, resized to `size` pixels a side."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side)).resize((size, size), Image.Resampling.LANCZOS)


def _too_large(name: str) -> str:
    return f"{name} has more than {limits.IMAGE_PIXELS // 10**6} megapixels; make it smaller first."
