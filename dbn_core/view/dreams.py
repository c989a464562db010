"""Dreams for the browser: many chains in one picture, a dream as a film, and what a network can be asked to dream."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from dbn_core.config import RunConfig
from dbn_core.records import Position
from dbn_core.view import palette, png
from dbn_core.view.feed import rounded
from dbn_core.view.life import data_address
from dbn_core.view.mosaic import tiled
from dbn_core.view.palette import Theme

GAP = 2  # pixels between chains, before enlarging
ENLARGED = 2  # in a film of all chains, and
ENLARGED_CHAIN = 8  # in one of a single chain
SHADES = 16  # of ink in a film: half the bytes of 32, and the eye sees no difference in motion
PACE = 100  # ms a picture
REST = 2000  # ms for the last one
SHARPNESS = ("laplacian", "grey", "ink")


@dataclass(frozen=True, slots=True)
class Ability:
    """What a network can be asked to dream at a checkpoint, and a sentence where that is less than all."""

    dreams: bool
    labels: bool
    words: str


def ability(config: RunConfig, position: Position) -> Ability:
    """Of the network of `config` as it stood at `position`."""
    if config.epochs == 0:
        return Ability(False, False, "This run trained no layer as a generative model, so it has no dreams.")
    depth, number = len(config.layers), position.stage.removeprefix("layer")
    reached = int(number) if number.isdecimal() else depth
    labels = config.labels.joint and reached == depth
    if reached == depth:
        return Ability(True, labels, "")
    below = "Layer 1 dreams" if reached == 1 else f"Layers 1 to {reached} dream, with layer {reached} as the top"
    rest = " Label units belong to the last layer and come with it." if config.labels.joint else ""
    return Ability(True, labels, f"{below}: the later of the {depth} layers are not trained yet at this epoch.{rest}")


def sheet(pictures: np.ndarray, columns: int, theme: Theme, scale: int = 1) -> bytes:
    """PNG of (images, height, width[, 3]) uint8 in rows of `columns`; grey ones are drawn as ink on the page."""
    rows = -(-len(pictures) // columns)
    tiles = pictures if pictures.ndim == 4 else np.maximum(pictures, 1)
    return png.encode(tiled(tiles, columns, rows, GAP), palette.ink(theme), scale)


def film(pictures: Sequence[np.ndarray], columns: int, theme: Theme, scale: int = ENLARGED) -> bytes:
    """GIF of a dream, each picture as `sheet` lays it out; it repeats for ever."""
    images = [_frame(picture, columns, theme, scale) for picture in pictures]
    out = io.BytesIO()
    first, *rest = images
    duration = [PACE] * len(rest) + [REST]
    colours = {} if pictures[0].ndim == 4 else {"palette": first.getpalette()}
    first.save(out, "GIF", save_all=True, append_images=rest, duration=duration, loop=0, optimize=False, **colours)
    return out.getvalue()


def chain_film(pictures: Sequence[np.ndarray], chain: int, theme: Theme) -> bytes:
    """GIF of one chain of a dream, large. Raises IndexError for a chain that is not there."""
    if not 0 <= chain < len(pictures[0]):
        raise IndexError(f"there are {len(pictures[0])} chains, and no chain {chain}")
    return film([picture[chain : chain + 1] for picture in pictures], 1, theme, ENLARGED_CHAIN)


def _frame(pictures: np.ndarray, columns: int, theme: Theme, scale: int) -> Image.Image:
    rows = -(-len(pictures) // columns)
    if pictures.ndim == 4:
        large = tiled(pictures, columns, rows, GAP).repeat(scale, 0).repeat(scale, 1)
        paper = Image.new("RGB", (large.shape[1], large.shape[0]), palette.PAGE[theme])
        image = Image.fromarray(large)
        paper.paste(image, mask=image.getchannel("A"))
        return paper.quantize(128, dither=Image.Dither.NONE)
    shades = (pictures.astype(np.uint16) * SHADES // 256).astype(np.uint8)
    large = tiled(shades, columns, rows, GAP).repeat(scale, 0).repeat(scale, 1)
    image = Image.frombytes("P", (large.shape[1], large.shape[0]), large.tobytes())
    paper, ink = np.array(palette.rgb(palette.PAGE[theme])), np.array(palette.rgb(palette.INK[theme]))
    table = paper + np.linspace(0, 1, SHADES)[:, None] * (ink - paper)
    image.putpalette(table.round().astype(np.uint8).tobytes())
    return image


def interpolation_data(answer: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    """What a worker says of an interpolation (`dbn_core.inference.interpolate`), JSON-ready."""
    through, plain = answer["pictures"]
    return {
        "through": data_address(sheet(through, len(through), theme, 2)),
        "plain": data_address(sheet(plain, len(plain), theme, 2)),
        "count": len(through),
        "distance": [[rounded(float(value)) for value in row] for row in answer["distance"]],
    }


def quality_data(answer: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    """What a worker says of the quality of samples (`dbn_core.inference.generation`), JSON-ready."""
    plain = ("count", "reference", "steps", "seed", "scored", "classes", "judge", "pairs_of")
    own, nearest = answer["pairs"]["pictures"]
    position: Position = answer["position"]
    return {
        **{key: answer[key] for key in plain},
        "epoch": round(position.epoch, 4),
        "rows": [row | {"measures": _rounded(row["measures"])} for row in answer["rows"]],
        "pairs": {
            "own": data_address(sheet(own, len(own), theme, 2)),
            "nearest": data_address(sheet(nearest, len(nearest), theme, 2)),
            "count": len(own),
            "distance": [rounded(float(value)) for value in answer["pairs"]["distance"]],
        },
        "histograms": {
            name: found | {"shares": {key: [rounded(part) for part in row] for key, row in found["shares"].items()}}
            for name, found in answer["histograms"].items()
        },
    }


def _rounded(measures: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else rounded(value) for name, value in measures.items()}
