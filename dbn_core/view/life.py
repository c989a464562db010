"""One unit's life for the browser: a frame of diagnostics, a unit's figures over time, and what excites it."""

import base64
from collections.abc import Iterable, Sequence
from typing import Literal, NotRequired, TypedDict

import numpy as np

from dbn_core.frames import Frame
from dbn_core.questions.units import Life, Parts
from dbn_core.view import grid, mosaic, ordering, reconstructions
from dbn_core.view.feed import rounded
from dbn_core.view.mosaic import MosaicOptions
from dbn_core.view.palette import Theme
from dbn_core.view.unit_states import UnitStates, unit_states
from dbn_core.view.unit_words import unit_words

HISTOGRAMS = ("W", "v_bias", "h_bias")
FIGURES: tuple[Literal["norm", "bias", "activity"], ...] = ("norm", "bias", "activity")
COLUMNS = 8  # of the training images shown
LARGE = 4  # times a single picture is enlarged


# -- what a page is told -----------------------------------------------------------------------------------------------


class Histogram(TypedDict):
    """Counts over equal bins from `low` to `high`."""

    counts: list[int]
    low: float | None
    high: float | None


class LayerFrame(TypedDict):
    """One moment of a layer. `orders`: for each measure, units by falling value; `states`: of units without a part."""

    step: int
    epoch: float
    stage: str
    histograms: dict[str, Histogram]
    orders: dict[str, list[int]]
    states: UnitStates


class UnitHistory(TypedDict):
    """One unit through frames, as columns."""

    id: list[int]
    step: list[int]
    epoch: list[float]
    norm: list[float | None]
    bias: list[float | None]
    activity: list[float | None]


Extremes = TypedDict("Extremes", {"picture": str, "from": float | None, "to": float | None})
Extremes.__doc__ = "Images at one end of a unit's activity, as a data address, and the range of that activity."


class Part(TypedDict):
    """A unit of the layer below, and its filter as strong as its weight makes it."""

    unit: int
    weight: float | None
    picture: str


class Whole(TypedDict):
    """A unit of the layer above."""

    unit: int
    weight: float | None


class UnitLife(TypedDict):
    """What excites a unit, and what it is made of where there are layers below and above it.

    responds, best_mean: pictures, of what it responds to and of the mean of the `best` images that excite it most;
    answers_to: in words, which classes these are of, empty without classes.
    """

    cases: int
    epoch: float
    responds: str
    best: int
    best_mean: str
    answers_to: str
    histogram: list[int]
    most: Extremes
    least: Extremes
    parts: NotRequired[list[Part]]
    wholes: NotRequired[list[Whole]]


def frame_as_data(frame: Frame, shown: int) -> LayerFrame:
    """Histograms, and the orders and states of the first `shown` units."""
    return {
        "step": frame.position.step,
        "epoch": round(frame.position.epoch, 4),
        "stage": frame.position.stage,
        "histograms": {
            name: _histogram(frame.arrays[f"histogram.{name}"])
            for name in HISTOGRAMS
            if f"histogram.{name}" in frame.arrays
        },
        "orders": ordering.orders(frame.arrays, shown),
        "states": unit_states(frame.arrays, shown),
    }


def _histogram(array: np.ndarray) -> Histogram:
    """A histogram of a frame: counts, then the two ends of its range."""
    *counts, low, high = array.tolist()
    return {"counts": [round(count) for count in counts], "low": rounded(low), "high": rounded(high)}


def history(frames: Iterable[tuple[int, Frame]], unit: int) -> UnitHistory:
    """One unit through `frames` (id, frame). Raises IndexError for a unit that the layer does not have."""
    columns: UnitHistory = {"id": [], "step": [], "epoch": [], "norm": [], "bias": [], "activity": []}
    for number, frame in frames:
        columns["id"].append(number)
        columns["step"].append(frame.position.step)
        columns["epoch"].append(round(frame.position.epoch, 4))
        for name in FIGURES:
            columns[name].append(rounded(float(frame.arrays[f"unit.{name}"][unit])))
    return columns


def life_as_data(answer: Life, theme: Theme) -> UnitLife:
    """What a worker says of a unit (`dbn_core.inference.unit_life`), with pictures as data addresses."""
    data: UnitLife = {
        "cases": answer["cases"],
        "epoch": round(answer["position"].epoch, 4),
        "responds": data_address(mosaic.mosaic(answer["responds"][None], MosaicOptions(1, 1, theme, scale=LARGE))),
        "best": answer["best"],
        "best_mean": data_address(grid.grid(answer["best_mean"][None], 1, 1, theme, LARGE)),
        "answers_to": unit_words(answer),
        "histogram": np.asarray(answer["histogram"]).astype(int).tolist(),
        "most": _extremes(answer["most"], answer["most_activity"], theme),
        "least": _extremes(answer["least"], answer["least_activity"], theme),
    }
    if answer["parts"] is not None:
        data["parts"] = _parts(answer["parts"], theme)
    if answer["wholes"] is not None:
        wholes = answer["wholes"]
        data["wholes"] = [
            {"unit": unit, "weight": rounded(float(weight))}
            for unit, weight in zip(wholes["units"], wholes["weights"], strict=True)
        ]
    return data


def _extremes(images: np.ndarray, activity: np.ndarray, theme: Theme) -> Extremes:
    low, high = sorted((float(activity[0]), float(activity[-1])))
    return {"picture": _images(images, theme), "from": rounded(low), "to": rounded(high)}


def _images(images: np.ndarray, theme: Theme) -> str:
    rows = -(-len(images) // COLUMNS)
    padded = np.zeros((rows * COLUMNS, *images.shape[1:]), np.uint8)
    padded[: len(images)] = images
    png = reconstructions.strip(padded.reshape(rows, COLUMNS, *images.shape[1:]), COLUMNS, theme, 2)
    return data_address(png)


def _parts(parts: Parts, theme: Theme) -> list[Part]:
    """Units of the layer below, each filter as strong as its weight makes it in this unit, sign included."""
    weights = np.asarray(parts["weights"], dtype=float)
    strongest = max(float(np.abs(weights).max()), 1e-12)
    tiles = weighted(parts["pixels"], weights / strongest)
    return [
        {
            "unit": int(unit),
            "weight": rounded(float(weight)),
            "picture": data_address(mosaic.mosaic(tile[None], MosaicOptions(1, 1, theme, scale=2))),
        }
        for unit, weight, tile in zip(parts["units"], weights, tiles, strict=True)
    ]


def weighted(pixels: np.ndarray, weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """Filters (units, height, width) as uint8 around 128, each times its weight in [-1, 1]."""
    factors = np.asarray(weights, dtype=float).reshape(-1, *[1] * (pixels.ndim - 1))
    signed = (pixels.astype(float) - mosaic.ZERO) * factors
    return np.clip(np.round(signed) + mosaic.ZERO, 1, 255).astype(np.uint8)


def data_address(png: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
