"""One unit's life for the browser: a frame of diagnostics, a unit's figures over time, and what excites it."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from dbn_core.frames import Frame
from dbn_core.view import mosaic, ordering, reconstructions
from dbn_core.view.feed import rounded
from dbn_core.view.mosaic import MosaicOptions
from dbn_core.view.palette import Theme

HISTOGRAMS = ("W", "v_bias", "h_bias")
FIGURES = ("norm", "bias", "activity")
COLUMNS = 8  # of the training images shown


def frame_as_data(frame: Frame, shown: int) -> dict[str, Any]:
    """Histograms and the orders of the first `shown` units, JSON-ready.

    A histogram is `counts` over equal bins from `low` to `high`.
    """
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
    }


def _histogram(array: np.ndarray) -> dict[str, Any]:
    """A histogram of a frame: counts, then the two ends of its range."""
    *counts, low, high = array.tolist()
    return {"counts": [round(count) for count in counts], "low": rounded(low), "high": rounded(high)}


def history(frames: Iterable[tuple[int, Frame]], unit: int) -> dict[str, list[Any]]:
    """One unit through `frames` (id, frame), as columns: id, step, epoch and its `FIGURES`.

    Raises IndexError for a unit that the layer does not have.
    """
    columns: dict[str, list[Any]] = {name: [] for name in ("id", "step", "epoch", *FIGURES)}
    for number, frame in frames:
        columns["id"].append(number)
        columns["step"].append(frame.position.step)
        columns["epoch"].append(round(frame.position.epoch, 4))
        for name in FIGURES:
            columns[name].append(rounded(float(frame.arrays[f"unit.{name}"][unit])))
    return columns


def life_as_data(answer: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    """What a worker says of a unit (`dbn_core.inference.unit_life`), with pictures as data addresses."""
    data: dict[str, Any] = {
        "cases": answer["cases"],
        "epoch": round(answer["position"].epoch, 4),
        "histogram": np.asarray(answer["histogram"]).astype(int).tolist(),
    }
    for name in ("most", "least"):
        activity = answer[f"{name}_activity"]
        ends = sorted((float(activity[0]), float(activity[-1])))
        data[name] = {"picture": _images(answer[name], theme), "from": rounded(ends[0]), "to": rounded(ends[1])}
    if "parts" in answer:
        data["parts"] = _parts(answer, theme)
    if "wholes" in answer:
        data["wholes"] = [
            {"unit": unit, "weight": rounded(float(weight))}
            for unit, weight in zip(answer["wholes"], answer["whole_weights"], strict=True)
        ]
    return data


def _images(images: np.ndarray, theme: Theme) -> str:
    rows = -(-len(images) // COLUMNS)
    padded = np.zeros((rows * COLUMNS, *images.shape[1:]), np.uint8)
    padded[: len(images)] = images
    png = reconstructions.strip(padded.reshape(rows, COLUMNS, *images.shape[1:]), COLUMNS, theme, 2)
    return data_address(png)


def _parts(answer: Mapping[str, Any], theme: Theme) -> list[dict[str, Any]]:
    """Units of the layer below, each filter as strong as its weight makes it in this unit, sign included."""
    weights = np.asarray(answer["part_weights"], dtype=float)
    strongest = max(float(np.abs(weights).max()), 1e-12)
    tiles = weighted(answer["part_pixels"], weights / strongest)
    return [
        {
            "unit": int(unit),
            "weight": rounded(float(weight)),
            "picture": data_address(mosaic.mosaic(tile[None], MosaicOptions(1, 1, theme, scale=2))),
        }
        for unit, weight, tile in zip(answer["parts"], weights, tiles, strict=True)
    ]


def weighted(pixels: np.ndarray, weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """Filters (units, height, width) as uint8 around 128, each times its weight in [-1, 1]."""
    factors = np.asarray(weights, dtype=float).reshape(-1, *[1] * (pixels.ndim - 1))
    signed = (pixels.astype(float) - mosaic.ZERO) * factors
    return np.clip(np.round(signed) + mosaic.ZERO, 1, 255).astype(np.uint8)


def data_address(png: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
