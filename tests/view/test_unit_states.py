"""Which units take no part."""

import numpy as np

from dbn_core.view.unit_states import unit_states


def arrays(activity: list[float], deviation: list[float], norm: list[float]) -> dict[str, np.ndarray]:
    lengths = np.array(norm, np.float32)
    return {
        "unit.activity": np.array(activity, np.float32),
        "unit.norm": lengths,
        "unit.usefulness": np.array(deviation, np.float32) * lengths,
    }


def test_a_unit_is_dead_always_on_or_constant_but_never_two_of_them() -> None:
    frame = arrays([0.001, 0.3, 0.999, 0.05, 0.05], [0.0001, 0.2, 0.0001, 0.004, 0.2], [2.0, 2.0, 2.0, 7.0, 0.02])
    assert unit_states(frame, 5) == {"dead": [0], "always_on": [2], "constant": [3]}


def test_a_unit_that_is_seldom_on_but_surely_is_dead_only_below_half_a_percent() -> None:
    frame = arrays([0.0049, 0.0051], [0.07, 0.07], [1.0, 1.0])
    assert unit_states(frame, 2) == {"dead": [0], "always_on": [], "constant": []}


def test_only_the_units_that_are_drawn_are_named() -> None:
    frame = arrays([0.2, 0.0, 0.0], [0.2, 0.0, 0.0], [1.0, 1.0, 1.0])
    assert unit_states(frame, 2) == {"dead": [1], "always_on": [], "constant": []}


def test_a_unit_without_weights_never_changes() -> None:
    assert unit_states(arrays([0.5], [0.0], [0.0]), 1) == {"dead": [], "always_on": [], "constant": [0]}
