"""In which order filters lie in a mosaic."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

Order = Literal["training", "activity", "norm", "usefulness"]
MEASURED: tuple[Order, ...] = ("activity", "norm", "usefulness")


def order_of(values: np.ndarray, shown: int) -> list[int]:
    """The first `shown` units, by falling value; units alike keep their places, what is no number comes last.

    values (units,). Only as many units as are shown take part, since only those have pictures.
    """
    part = np.asarray(values[:shown], dtype=float)
    return np.argsort(np.where(np.isnan(part), np.inf, -part), kind="stable").tolist()


def orders(arrays: Mapping[str, np.ndarray], shown: int) -> dict[str, list[int]]:
    """Every order that the arrays of a frame of diagnostics allow; `unit.activity` gives `activity`."""
    return {name: order_of(arrays[f"unit.{name}"], shown) for name in MEASURED if f"unit.{name}" in arrays}


def arranged(pixels: np.ndarray, order: list[int]) -> np.ndarray:
    """Filters (units, height, width[, 3]) in that order; units that it does not name follow in their own."""
    known = [unit for unit in order if unit < len(pixels)]
    rest = sorted(set(range(len(pixels))) - set(known))
    return pixels[[*known, *rest]]
