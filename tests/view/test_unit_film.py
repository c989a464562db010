"""One unit's film: which moments it shows, and that each shows what was stored."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from dbn_core.view import palette
from dbn_core.view.unit_film import chosen, rescaled, unit_film


def colour(index: int) -> tuple[int, ...]:
    return tuple(palette.weights("signed", "light")[3 * index : 3 * index + 3])


def test_a_short_run_is_shown_whole() -> None:
    assert chosen([3, 5, 11], 7) == [0, 1, 2]
    assert chosen([], 7) == []
    assert chosen([4], 7) == [0]


@pytest.mark.parametrize(
    "steps", [list(range(0, 5000, 7)), [0, 1, 2, 4, 8, 16, 32, *range(100, 20_000, 100)], list(range(25))]
)
def test_a_long_run_keeps_its_ends_and_shows_ever_longer_gaps(steps: list[int]) -> None:
    places = chosen(steps, 11)
    assert len(places) == 11
    assert (places[0], places[-1]) == (0, len(steps) - 1)
    assert all(first < second for first, second in pairwise(places))
    gaps = [steps[second] - steps[first] for first, second in pairwise(places)]
    assert gaps[-1] == max(gaps)
    assert gaps[-1] > 3 * gaps[0]


def test_a_gain_scales_weights_around_zero_and_cuts_them_off() -> None:
    pixels = np.array([[28, 128, 228]], np.uint8)
    assert rescaled(pixels, 0.5).tolist() == [[78, 128, 178]]
    assert rescaled(pixels, 2.0).tolist() == [[1, 128, 255]]


def test_one_scale_shows_growth_and_each_its_own_shows_form() -> None:
    weak, strong = np.full((3, 2), 128, np.uint8), np.full((3, 2), 128, np.uint8)
    weak[1, 1] = strong[1, 1] = 255  # both fill their own scale, of 0.1 and of 1

    def pixel(contrast: str, frame: int) -> tuple[int, ...]:
        png = unit_film([weak, strong], [0.1, 1.0], contrast, "signed", "light")  # pyright: ignore[reportArgumentType]
        return tuple(np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))[1, frame * 3 + 1])

    assert pixel("shared", 0) == colour(128 + 13)
    assert pixel("shared", 1) == pixel("each", 0) == pixel("each", 1) == colour(255)
