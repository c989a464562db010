"""The order of tiles in a mosaic."""

import numpy as np

from dbn_core.view.ordering import arranged, order_of, orders


def test_the_largest_value_comes_first_and_equal_ones_keep_their_places() -> None:
    assert order_of(np.array([2.0, 7.0, 2.0, 5.0, 2.0], np.float32), 5) == [1, 3, 0, 2, 4]


def test_units_without_a_picture_take_no_part() -> None:
    assert order_of(np.array([1.0, 3.0, 2.0, 9.0, 8.0]), 3) == [1, 2, 0]


def test_what_is_no_number_comes_last() -> None:
    assert order_of(np.array([np.nan, -1.0, 4.0, np.nan]), 4) == [2, 1, 0, 3]


def test_each_order_follows_its_own_array() -> None:
    arrays = {
        "unit.activity": np.array([0.1, 0.9, 0.5]),
        "unit.norm": np.array([3.0, 1.0, 2.0]),
        "unit.bias": np.zeros(3),
    }
    assert orders(arrays, 3) == {"activity": [1, 2, 0], "norm": [0, 2, 1]}


def test_arranging_moves_filters_and_loses_none() -> None:
    pixels = np.arange(5, dtype=np.uint8).reshape(5, 1, 1).repeat(3, 1)
    assert arranged(pixels, [3, 1, 11])[:, 0, 0].tolist() == [3, 1, 0, 2, 4]
