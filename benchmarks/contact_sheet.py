"""A run on one sheet: the filters of each layer as its pages first show them, and dreams where it dreams.

Filters of colour have each its own contrast: beside a plain blob, which is one large weight, an edge would be grey.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dbn_core.config.stages import layer_stage
from dbn_core.projections import LABELS
from dbn_core.records import Snapshot
from dbn_core.store import Run
from dbn_core.view import palette
from dbn_core.view.mosaic import stretched, tiled

SIDE = 10  # tiles along each side of a panel, so that dreams with a held label have a column a class
WIDTH = 580  # of a panel at most, in pixels
MARGIN, HEAD, FONT = 12, 28, 15
STEP = 8  # levels of 255 that are drawn as one, so that a sheet stays small

Panel = tuple[str, Image.Image]


def contact_sheet(run: Run, dreams: np.ndarray | None, path: Path) -> None:
    """Write the sheet as a PNG. dreams: (images, height, width[, 3]) uint8; None where there are none."""
    panels = [panel for depth in range(1, len(run.info().config.layers) + 1) if (panel := _layer(run, depth))]
    if dreams is not None:
        panels.append(("dreams", _panel(dreams, palette.ink("light"))))
    path.parent.mkdir(parents=True, exist_ok=True)
    _joined(panels).quantize(dither=Image.Dither.NONE).save(path, optimize=True)


def _layer(run: Run, depth: int) -> Panel | None:
    """The last picture of a layer's filters; None for a layer that drew none."""
    info = run.latest_snapshot("filters", layer_stage(depth))
    if info is None:
        return None
    picture: Snapshot = run.snapshot(info.id)
    in_colour = picture.pixels.ndim == 4
    pixels = stretched(picture.pixels) if in_colour else picture.pixels
    title = f"layer {depth}, {LABELS[info.projection]}" + (", each at its own contrast" if in_colour else "")
    return title, _panel(pixels, palette.weights("signed", "light"))


def _panel(pictures: np.ndarray, colours: bytes) -> Image.Image:
    """The first pictures in a square of tiles, on white."""
    nearest = (pictures[: SIDE * SIDE].astype(np.int16) + STEP // 2) // STEP * STEP  # zero, 128, stays
    tiles = tiled(nearest.clip(1, 255).astype(np.uint8), SIDE, SIDE)
    if tiles.ndim == 2:
        table = np.frombuffer(colours, np.uint8).reshape(-1, 3).copy()
        table[palette.TRANSPARENT] = 255
        tiles = table[tiles]
    image = Image.new("RGB", (tiles.shape[1], tiles.shape[0]), "white")
    coloured = Image.fromarray(tiles)
    image.paste(coloured, mask=coloured.getchannel("A") if coloured.mode == "RGBA" else None)
    scale = max(1, WIDTH // image.width)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def _joined(panels: list[Panel]) -> Image.Image:
    """Side by side, each under its title."""
    width = MARGIN + sum(image.width + MARGIN for _, image in panels)
    height = HEAD + max((image.height for _, image in panels), default=0) + MARGIN
    sheet = Image.new("RGB", (width, height), "white")
    draw, font, left = ImageDraw.Draw(sheet), ImageFont.load_default(FONT), MARGIN
    for title, image in panels:
        draw.text((left, 6), title, fill=palette.INK["light"], font=font)
        sheet.paste(image, (left, HEAD))
        left += image.width + MARGIN
    return sheet
