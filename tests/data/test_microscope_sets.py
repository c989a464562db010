"""The tiny data sets: what is in them, counted another way."""

import math

import numpy as np
import pytest

from dbn_core.data.digits import load_digits
from dbn_core.data.tiny import SIDE, as_pattern, gray, tiny_names, tiny_set, tiny_title
from dbn_core.errors import DataError


def image(pattern: int, side: int) -> np.ndarray:
    return np.array([[pattern >> (row * side + column) & 1 for column in range(side)] for row in range(side)])


@pytest.mark.parametrize("side", [3, 4])
def test_bars_and_stripes_are_constant_along_rows_or_columns_and_complete(side: int) -> None:
    tiny = tiny_set(f"bars-{side}")
    images = [image(int(pattern), side) for pattern in tiny.patterns]
    assert all((one == one[:, :1]).all() or (one == one[:1, :]).all() for one in images)
    assert len(set(tiny.patterns.tolist())) == len(images) == 2 * 2**side - 2
    assert tiny.entropy == pytest.approx(math.log(len(images)))


@pytest.mark.parametrize("name", ["ring", "moons"])
def test_every_pattern_of_the_plane_is_a_cell_and_neighbours_differ_in_one_unit(name: str) -> None:
    tiny = tiny_set(name)
    numbers = np.arange(SIDE)
    steps = gray(numbers)[1:] ^ gray(numbers)[:-1]
    assert all(int(step).bit_count() == 1 for step in steps)
    assert sorted(gray(numbers)) == list(numbers)
    assert tiny.bits == 8
    assert (tiny.counts > 0).all()
    assert len(np.unique(tiny.patterns)) == len(tiny.patterns)


def test_the_ring_is_round() -> None:
    tiny = tiny_set("ring")
    back = {int(code): number for number, code in enumerate(gray(np.arange(SIDE)))}
    away = [math.hypot(back[int(p) & 15] - 7.5, back[int(p) >> 4] - 7.5) for p in tiny.patterns]
    assert np.average(away, weights=tiny.counts) == pytest.approx(5.5, abs=0.2)
    assert all(abs(distance - 5.5) < 2 for distance in away)


@pytest.mark.parametrize("side", [3, 4])
def test_patches_are_counted_as_a_loop_over_the_digits_counts_them(side: int) -> None:
    tiny = tiny_set(f"patches-{side}")
    pixels = load_digits().train[:, 8:20, 6:22].astype(int)  # a part is enough: it must not count more than the whole
    half = (pixels[:, ::2, ::2] + pixels[:, 1::2, ::2] + pixels[:, ::2, 1::2] + pixels[:, 1::2, 1::2]) / 4 >= 128
    counted: dict[int, int] = {}
    for row in range(half.shape[1] - side + 1):
        for column in range(half.shape[2] - side + 1):
            window = half[:, row : row + side, column : column + side].reshape(len(half), -1)
            for pattern, count in zip(*np.unique(as_pattern(window), return_counts=True), strict=True):
                counted[int(pattern)] = counted.get(int(pattern), 0) + int(count)
    known = dict(zip(tiny.patterns.tolist(), tiny.counts.tolist(), strict=True))
    blank, full = 0, 2 ** (side * side) - 1
    assert blank not in known
    assert full not in known
    assert all(known[pattern] >= count for pattern, count in counted.items() if pattern not in {blank, full})


def test_every_set_fits_the_microscope_and_has_a_title() -> None:
    for name in tiny_names():
        tiny = tiny_set(name)
        assert tiny.title == tiny_title(name)
        assert tiny.bits <= 16
        assert tiny.patterns.max() < 2**tiny.bits
        assert 0 < tiny.entropy <= math.log(len(tiny.patterns)) + 1e-12


def test_an_unknown_set_is_refused_with_the_list() -> None:
    with pytest.raises(DataError, match=r"no tiny data set 'donut'.*bars-3"):
        tiny_set("donut")
