"""Which units of a layer take no part, for the marks on their tiles: they hold for whatever the tiles show."""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np

from dbn_core.view.frame_data import restless, silent

CONSTANT_BELOW = 0.01  # deviation of the probability over the cases, as in the engine's metrics


class UnitStates(TypedDict):
    """Numbers of units at one moment. `constant`: those that never change, at whatever probability in between."""

    dead: list[int]
    always_on: list[int]
    constant: list[int]


def unit_states(arrays: Mapping[str, np.ndarray], shown: int) -> UnitStates:
    """Of the first `shown` units, from the arrays of a frame of diagnostics."""
    activity = arrays["unit.activity"][:shown]
    dead, always_on = silent(activity), restless(activity)
    norm = arrays["unit.norm"][:shown].astype(float)
    # A frame holds how far a unit moves the layer below: its deviation times the length of its weights.
    moved = arrays["unit.usefulness"][:shown].astype(float)
    constant = np.flatnonzero(moved <= CONSTANT_BELOW * norm)
    return {
        "dead": dead,
        "always_on": always_on,
        "constant": [unit for unit in constant.tolist() if unit not in {*dead, *always_on}],
    }
