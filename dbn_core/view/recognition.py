"""What a network makes of one picture, as JSON-ready data: probabilities, and each layer in pictures."""

import base64
from collections.abc import Sequence
from math import ceil, sqrt
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.classifiers import LABELS, label_of
from dbn_core.questions.recognition import Recognised, RecognisedLayer
from dbn_core.view import palette, png
from dbn_core.view.mosaic import MosaicOptions, mosaic
from dbn_core.view.palette import Theme

FILTER_COLUMNS = 6
FIRST = tuple(LABELS)

Bytes = npt.NDArray[np.uint8]


class Opinion(TypedDict):
    """What one classifier says of an image: a probability for each class."""

    id: str
    label: str
    probabilities: list[float]


class LayerSight(TypedDict):
    """What one layer makes of an image.

    activity: of each unit, 0 to 255, as bytes in base64, in rows of `columns`, and as a picture; mean: of it, 0 to 1;
    reconstruction: from this layer down, with its squared error per pixel, None where there is none; strongest: units
    that exceed their usual activity most, `above` by how much, with their filters in one picture.
    """

    units: int
    columns: int
    activity: str
    picture: str
    mean: float
    reconstruction: str | None
    error: float | None
    strongest: list[int]
    above: list[float]
    filters: str
    filter_columns: int


class Recognition(TypedDict):
    """One image before a network. `fitted`: images that the probe has seen, 0 where it is none; `number`, `label`: of a
    held-out image; `stack`: whose layers these are.
    """

    names: list[str]
    classifiers: list[Opinion]
    fitted: int
    number: int | None
    label: int | None
    seen: str
    stack: str
    epoch: float
    layers: list[LayerSight]


def recognition_data(answer: Recognised, theme: Theme) -> Recognition:
    """An answer of `inference.recognition`; pictures as addresses that hold them (`data:`)."""
    seen = answer["seen"]
    return {
        "names": list(answer["label_names"]),
        "classifiers": [
            {"id": name, "label": label_of(name), "probabilities": [float(p) for p in probabilities]}
            for name, probabilities in sorted(answer["classifiers"].items(), key=lambda item: _place(item[0]))
        ],
        "fitted": answer["fitted"],
        "number": answer["number"],
        "label": answer["label"],
        "seen": picture(seen, theme),
        "stack": answer["stack"],
        "epoch": round(answer["position"].epoch, 2),
        "layers": [_layer(layer, seen, theme) for layer in answer["layers"]],
    }


def _place(classifier: str) -> int:
    return FIRST.index(classifier) if classifier in FIRST else len(FIRST)


def picture(pixels: Bytes, theme: Theme) -> str:
    """An image as an address: grey values as ink on the page, colours as they are."""
    shown = np.maximum(pixels, 1) if pixels.ndim == 2 else pixels
    return address(png.encode(shown, palette.ink(theme)))


def address(content: bytes) -> str:
    """A PNG file as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _layer(layer: RecognisedLayer, seen: Bytes, theme: Theme) -> LayerSight:
    levels = np.rint(255 * np.asarray(layer["activity"])).astype(np.uint8)
    columns = ceil(sqrt(len(levels) * 1.6))
    back = layer["reconstruction"]
    return {
        "units": layer["units"],
        "columns": columns,
        "activity": base64.b64encode(levels.tobytes()).decode(),
        "picture": address(_sheet(levels, columns, theme)),
        "mean": round(float(np.mean(layer["activity"])), 4),
        "reconstruction": None if back is None else picture(back, theme),
        "error": None if back is None else squared_error(seen, back),
        "strongest": list(layer["strongest"]),
        "above": [round(float(value), 3) for value in layer["above"]],
        "filters": address(_filters(layer["filters"], layer["strongest"], theme)),
        "filter_columns": FILTER_COLUMNS,
    }


def squared_error(seen: Bytes, back: Bytes) -> float:
    """Per pixel, both in [0, 1]."""
    return round(float(np.mean((seen / 255.0 - back / 255.0) ** 2)), 5)


def _sheet(levels: Bytes, columns: int, theme: Theme) -> bytes:
    """One pixel a unit, row by row, ink is activity."""
    rows = ceil(len(levels) / columns)
    sheet = np.full(rows * columns, palette.TRANSPARENT, np.uint8)
    sheet[: len(levels)] = np.maximum(levels, 1)
    return png.encode(sheet.reshape(rows, columns), palette.ink(theme))


def _filters(filters: Bytes, units: Sequence[int], theme: Theme) -> bytes:
    rows = max(1, ceil(len(units) / FILTER_COLUMNS))
    # Each with its own contrast: deep filters differ in size by orders of magnitude.
    return mosaic(filters, MosaicOptions(FILTER_COLUMNS, rows, theme, contrast="each"))
