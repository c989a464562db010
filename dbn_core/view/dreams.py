"""Dreams for the browser: many chains in one picture, a dream as a film, and what a network can be asked to dream."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from PIL import Image

from dbn_core.config import RunConfig
from dbn_core.config.stages import depth_of
from dbn_core.metric_table import SAMPLES, Metric, metric_of
from dbn_core.questions.dreaming import Interpolated
from dbn_core.questions.quality import Scored
from dbn_core.records import Position
from dbn_core.view import palette, png
from dbn_core.view.feed import rounded
from dbn_core.view.life import data_address
from dbn_core.view.mosaic import tiled
from dbn_core.view.palette import Theme
from dbn_core.view.texts import texts

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
    depth = len(config.layers)
    reached = depth_of(position.stage) or depth
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


class Interpolation(TypedDict):
    """Pictures from one image to another: through the network and plainly mixed, and each row's steps' distances."""

    through: str
    plain: str
    count: int
    distance: list[list[float | None]]


class Judge(TypedDict):
    """The small network that measures distances: % of held-out images wrong, and how many images it has seen."""

    error: float
    fitted: int
    heldout: int


class QualityRow(TypedDict):
    """One source of images; a measure is None where it does not apply."""

    key: str
    title: str
    measures: dict[str, float | None]


class Neighbours(TypedDict):
    """Samples above their nearest training images, as data addresses, and their distances."""

    own: str
    nearest: str
    count: int
    distance: list[float | None]


class Sharpness(TypedDict):
    """A measure of sharpness: shares over equal bins from `low` to `high`, by the key of the row."""

    low: float
    high: float
    shares: dict[str, list[float | None]]


class Quality(TypedDict):
    """Dreams beside real images, noise, copies and a VAE; `reference`: training images that all are compared with."""

    rows: list[QualityRow]
    pairs: Neighbours
    pairs_of: str
    histograms: dict[str, Sharpness]
    judge: Judge | None
    count: int
    reference: int
    steps: int
    seed: int
    scored: str
    classes: int
    epoch: float


def interpolation_data(answer: Interpolated, theme: Theme) -> Interpolation:
    """What a worker says of an interpolation (`dbn_core.inference.interpolate`), JSON-ready."""
    through, plain = answer["pictures"]
    return {
        "through": data_address(sheet(through, len(through), theme, 2)),
        "plain": data_address(sheet(plain, len(plain), theme, 2)),
        "count": len(through),
        "distance": [[rounded(float(value)) for value in row] for row in answer["distance"]],
    }


def page_texts() -> dict[str, Any]:
    """The words of the Generate page; measures of quality with the title and digits that their rows have."""
    words, row = texts("generate"), metric_of("free_energy")
    dream, quality = words["dream"], words["quality"]
    energy = dream["energy"] | {"axis": f"{row.title.lower()}, {row.unit}", "sign": row.sign}
    measures = [item | _of_row(SAMPLES[item["key"]]) for item in quality["measures"]]
    return words | {"dream": dream | {"energy": energy}, "quality": quality | {"measures": measures}}


def _of_row(row: Metric) -> dict[str, Any]:
    return {"label": f"{row.title[0].lower()}{row.title[1:]}", "digits": row.decimals}


def quality_data(answer: Scored, theme: Theme) -> Quality:
    """What a worker says of the quality of samples (`dbn_core.inference.generation`), JSON-ready."""
    own, nearest = answer["pairs"]["pictures"]
    return {
        "count": answer["count"],
        "reference": answer["reference"],
        "steps": answer["steps"],
        "seed": answer["seed"],
        "scored": answer["scored"],
        "classes": answer["classes"],
        "judge": answer["judge"],
        "pairs_of": answer["pairs_of"],
        "epoch": round(answer["position"].epoch, 4),
        "rows": [
            {"key": row["key"], "title": row["title"], "measures": _rounded(row["measures"])} for row in answer["rows"]
        ],
        "pairs": {
            "own": data_address(sheet(own, len(own), theme, 2)),
            "nearest": data_address(sheet(nearest, len(nearest), theme, 2)),
            "count": len(own),
            "distance": [rounded(float(value)) for value in answer["pairs"]["distance"]],
        },
        "histograms": {
            name: {
                "low": bins["low"],
                "high": bins["high"],
                "shares": {key: [rounded(part) for part in row] for key, row in bins["shares"].items()},
            }
            for name, bins in answer["histograms"].items()
        },
    }


def _rounded(measures: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else rounded(value) for name, value in measures.items()}
