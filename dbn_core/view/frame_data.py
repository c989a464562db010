"""A frame of diagnostics as small JSON-ready data for the browser, and as tables."""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import numpy as np

from dbn_core.config.stages import stage_name
from dbn_core.frames import Frame

DEAD_BELOW = 0.005  # mean probability, as in the engine's metrics
ALWAYS_ON_ABOVE = 0.995
HISTOGRAMS = {"W": "weights W", "v_bias": "visible biases b", "h_bias": "hidden biases c", "dW": "updates ΔW"}

Table = tuple[list[str], list[list[Any]]]  # header, rows


class Shares(TypedDict):
    """A histogram: shares in % over equal bins from `low` to `high`."""

    name: str
    low: float
    high: float
    share: list[float]


class FrameData(TypedDict):
    """One moment of a layer as the cards draw it. `dead`, `always_on`: numbers of units; `shown`: (cases, units)."""

    epoch: float
    stage: str
    step: int
    units: int
    dead: list[int]
    always_on: list[int]
    activity: list[float]
    lifetime: list[float]
    shown: list[int]
    histograms: dict[str, Shares]
    singular: list[float]
    covariance: list[float]


def frame_data(frame: Frame) -> FrameData:
    """Everything the cards draw of one frame, rounded to what can be seen."""
    arrays = frame.arrays
    activity = arrays["unit.activity"]
    return {
        "epoch": round(frame.position.epoch, 4),
        "stage": frame.position.stage,
        "step": frame.position.step,
        "units": len(activity),
        "dead": silent(activity),
        "always_on": restless(activity),
        "activity": _rounded(activity, 4),
        "lifetime": _rounded(arrays["unit.lifetime_sparsity"], 4),
        "shown": list(arrays["hidden"].shape),
        "histograms": {key: _histogram(name, arrays[f"histogram.{key}"]) for key, name in HISTOGRAMS.items()},
        "singular": _rounded(arrays.get("singular_values"), 4),
        "covariance": _rounded(arrays.get("covariance"), 4),
    }


def silent(activity: np.ndarray) -> list[int]:
    """Numbers of the dead units."""
    return np.flatnonzero(activity < DEAD_BELOW).tolist()


def restless(activity: np.ndarray) -> list[int]:
    """Numbers of the units that are always on."""
    return np.flatnonzero(activity > ALWAYS_ON_ABOVE).tolist()


def _histogram(name: str, packed: np.ndarray) -> Shares:
    counts, (low, high) = packed[:-2], packed[-2:]
    share = 100 * counts / max(counts.sum(), 1)
    return {"name": name, "low": _figures(low), "high": _figures(high), "share": _rounded(share, 3)}


def _rounded(values: np.ndarray | None, digits: int) -> list[float]:
    """Significant digits; nothing for an array that the frame does not have."""
    return [] if values is None else [_figures(value, digits) for value in values]


def _figures(value: float, digits: int = 4) -> float:
    return float(f"{value:.{digits}g}")


# -- tables -----------------------------------------------------------------------------------------------------------


def table(card: str, frames: Sequence[Frame]) -> Table:
    """The numbers behind a card; the last frame is the current one. Raises KeyError for a card without frames."""
    return TABLES[card](frames)


def _units(frames: Sequence[Frame]) -> Table:
    activity = frames[-1].arrays["unit.activity"]
    dead, on = set(silent(activity)), set(restless(activity))
    states = ["dead" if unit in dead else "always on" if unit in on else "" for unit in range(len(activity))]
    return ["unit", "mean activity", "state"], [
        [unit, _figures(value), state] for unit, (value, state) in enumerate(zip(activity, states, strict=True))
    ]


def _selectivity(frames: Sequence[Frame]) -> Table:
    arrays = frames[-1].arrays
    both = zip(arrays["unit.lifetime_sparsity"], arrays["unit.activity"], strict=True)
    rows = [[unit, _figures(sparsity), _figures(activity)] for unit, (sparsity, activity) in enumerate(both)]
    return ["unit", "lifetime sparsity", "mean activity"], sorted(rows, key=lambda row: -row[1])


def _histograms(frames: Sequence[Frame]) -> Table:
    rows: list[list[Any]] = []
    for key in HISTOGRAMS:
        packed = frames[-1].arrays[f"histogram.{key}"]
        edges = np.linspace(packed[-2], packed[-1], len(packed) - 1)
        rows += [
            [key, _figures(edges[at]), _figures(edges[at + 1]), int(count)] for at, count in enumerate(packed[:-2])
        ]
    return ["parameter", "from", "to", "count"], rows


def _spectra(name: str) -> Callable[[Sequence[Frame]], Table]:
    def spectra(frames: Sequence[Frame]) -> Table:
        held = [frame for frame in frames if name in frame.arrays]
        columns = [frame.arrays[name] for frame in held]
        heads = [f"{stage_name(frame.position.stage)}, epoch {frame.position.epoch:.2f}" for frame in held]
        longest = max(map(len, columns), default=0)
        rows = [
            [mode + 1, *(_figures(column[mode]) if mode < len(column) else "" for column in columns)]
            for mode in range(longest)
        ]
        return ["mode", *heads], rows

    return spectra


TABLES: dict[str, Callable[[Sequence[Frame]], Table]] = {
    "hidden": _units,
    "selectivity": _selectivity,
    "histograms": _histograms,
    "singular": _spectra("singular_values"),
    "covariance": _spectra("covariance"),
}
