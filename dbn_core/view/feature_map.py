"""Features on a plane as JSON-ready data: places, classes with a colour and a sign each, one sheet of all images."""

from math import ceil
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.questions.features import PlacedImages
from dbn_core.view import palette, png
from dbn_core.view.palette import Theme
from dbn_core.view.recognition import address

SHEET = 40  # images side by side
# A class is told by its colour and by its sign, so that no eye has to rely on hues.
SIGNS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "triangle-down", "star", "hexagon", "hourglass")
COLOURS: dict[Theme, tuple[str, ...]] = {
    "light": (*palette.LAYERS["light"], "#6B8E00", "#008B9A"),
    "dark": (*palette.LAYERS["dark"], "#A3D15C", "#4FD0DE"),
}


class FeatureMap(TypedDict):
    """Images by place. `sheet`: all of them as one picture of `columns` tiles a row, `tile` (height, width) px each.

    explained: share of the variance on each axis; agreement: % of the nearest neighbours of the same class.
    """

    x: list[float]
    y: list[float]
    labels: list[int]
    names: list[str]
    explained: list[float] | None
    agreement: float | None
    units: int
    stack: str
    epoch: float
    sheet: str
    columns: int
    tile: list[int]


def map_data(answer: PlacedImages, theme: Theme) -> FeatureMap:
    """An answer of `inference.feature_map`."""
    places = np.asarray(answer["places"])
    pixels = np.asarray(answer["pixels"])
    return {
        "x": [float(f"{value:.4g}") for value in places[:, 0]],
        "y": [float(f"{value:.4g}") for value in places[:, 1]],
        "labels": np.asarray(answer["labels"]).tolist(),
        "names": list(answer["label_names"]),
        "explained": answer["explained"],
        "agreement": None if answer["agreement"] is None else round(float(answer["agreement"]), 1),
        "units": answer["units"],
        "stack": answer["stack"],
        "epoch": round(answer["position"].epoch, 2),
        "sheet": address(sheet(pixels, theme)),
        "columns": SHEET,
        "tile": [int(pixels.shape[1]), int(pixels.shape[2])],
    }


def sheet(pixels: npt.NDArray[np.uint8], theme: Theme) -> bytes:
    """PNG of (n, height, width[, 3]) images, 40 side by side without gaps."""
    count, height, width, *colours = pixels.shape
    rows = ceil(count / SHEET)
    tiles = np.zeros((rows * SHEET, height, width, *colours), np.uint8)
    tiles[:count] = pixels if colours else np.maximum(pixels, 1)
    grid = tiles.reshape(rows, SHEET, height, width, *colours).swapaxes(1, 2)
    return png.encode(grid.reshape(rows * height, SHEET * width, *colours), palette.ink(theme))
