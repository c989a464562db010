"""The filters of a run as an animated GIF: one global palette, and on each still where training stood.

Weights are drawn on the scale of each picture, which the still names: on one scale for all, the noise at the start of a
run, a hundred times weaker than what it grows into, would be blank.
"""

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dbn_core.view import palette
from dbn_core.view.mosaic import ZERO, tiled
from dbn_core.view.palette import Theme

LEVELS = 15  # steps of colour on each side of zero: with the greys 64 colours in all, and half the bytes of 63 steps
ENLARGED = 2
MARGIN = 10  # px around the mosaic
HEAD = 34  # px above it, for the words
BAR = 3  # px of the line that shows how far the run has come
FONT = 17
PACE = 120  # ms a still
REST = 2000  # ms for the last still, before the film begins again

CUBE = (5, 7, 5)  # steps of red, green and blue of colour filters: odd, so that zero is a middle grey

_PAPER = 0
_ZERO = LEVELS + 1  # index of a weight of zero
_SHADES = 32


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """One picture: `filters` as in a snapshot, words for its upper left and right corner.

    `share` is the finished part of the run, 0 to 1.
    """

    filters: np.ndarray
    words: tuple[str, str]
    share: float


def film(stills: Iterable[Still], columns: int, rows: int, theme: Theme = "light") -> bytes:
    """GIF that repeats for ever; all stills of colour images, or none."""
    font = ImageFont.load_default(FONT)
    images, colour = [], False
    for still in stills:
        colour = still.filters.ndim == 4
        images.append(_drawn(still, columns, rows, theme, font))
    if not images:
        raise ValueError("a film needs a still")
    out = io.BytesIO()
    durations = [PACE] * (len(images) - 1) + [REST]
    # Pillow takes a single duration for a single still.
    duration = durations if len(images) > 1 else REST
    first, *rest = images
    # Named, the palette is written once; else Pillow writes it again for each still.
    shared = {"palette": colours(theme, colour=colour), "optimize": False, "disposal": 1}
    first.save(out, "GIF", save_all=True, append_images=rest, duration=duration, loop=0, **shared)
    return out.getvalue()


def colours(theme: Theme, *, colour: bool = False) -> bytes:
    """RGB of the page, then of the weights, then 32 shades from the page to the ink.

    Weights are 31 signed steps, in all 64 colours; for colour filters a cube of 5 x 7 x 5, each channel its own weight.
    """
    paper, ink = np.array(palette.rgb(palette.PAGE[theme])), np.array(palette.rgb(palette.INK[theme]))
    if colour:
        weights = np.stack(np.meshgrid(*(np.linspace(0, 255, size) for size in CUBE), indexing="ij"), -1).reshape(-1, 3)
    else:
        table = np.frombuffer(palette.weights("signed", theme), np.uint8).reshape(256, 3)
        weights = table[np.linspace(1, 255, 2 * LEVELS + 1).round().astype(int)]
    shades = paper + np.linspace(0, 1, _SHADES + 1)[1:, None] * (ink - paper)
    return np.concatenate([paper[None], weights.round(), shades]).astype(np.uint8).tobytes()


def _drawn(
    still: Still, columns: int, rows: int, theme: Theme, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> Image.Image:
    sheet = tiled(_levels(still), columns, rows).repeat(ENLARGED, 0).repeat(ENLARGED, 1)
    height, width = sheet.shape
    canvas = np.full((HEAD + height + MARGIN, width + 2 * MARGIN), _PAPER, np.uint8)
    canvas[HEAD : HEAD + height, MARGIN : MARGIN + width] = sheet
    words = Image.new("L", (width, HEAD - BAR - 4), 0)
    for x, anchor, text in zip((0, width), ("lm", "rm"), still.words, strict=True):
        ImageDraw.Draw(words).text((x, words.height // 2), text, fill=255, font=font, anchor=anchor)
    shades = np.asarray(words, np.uint16) * _SHADES // 255
    greys = 1 + (math.prod(CUBE) if still.filters.ndim == 4 else 2 * LEVELS + 1)  # index of the first shade
    canvas[: words.height, MARGIN : MARGIN + width] = np.where(shades > 0, greys - 1 + shades, _PAPER)
    line = slice(HEAD - BAR - 3, HEAD - 3)
    canvas[line, MARGIN : MARGIN + width] = greys + _SHADES // 6
    canvas[line, MARGIN : MARGIN + round(width * min(1.0, max(0.0, still.share)))] = greys + _SHADES - 1
    image = Image.frombytes("P", (canvas.shape[1], canvas.shape[0]), canvas.tobytes())
    image.putpalette(colours(theme, colour=still.filters.ndim == 4))
    return image


def _levels(still: Still) -> np.ndarray:
    if still.filters.ndim == 4:
        red, green, blue = (
            (still.filters[..., channel].astype(np.float32) - 1) / 254 * (size - 1) for channel, size in enumerate(CUBE)
        )
        steps = [np.maximum(channel, 0).round().astype(np.uint8) for channel in (red, green, blue)]
        return (1 + (steps[0] * CUBE[1] + steps[1]) * CUBE[2] + steps[2]).astype(np.uint8)
    signed = (still.filters.astype(np.float32) - ZERO) * (LEVELS / 127)
    return (_ZERO + signed.round().clip(-LEVELS, LEVELS)).astype(np.uint8)
