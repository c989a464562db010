"""Colours: contrast, symmetry and order."""

from itertools import combinations
from typing import get_args

import numpy as np
import pytest

from dbn_core.view import palette
from dbn_core.view.palette import Theme

THEMES: tuple[Theme, ...] = get_args(Theme)


@pytest.mark.parametrize("theme", THEMES)
def test_every_line_can_be_seen_on_its_page(theme: Theme) -> None:
    for colour in palette.LAYERS[theme]:
        assert palette.contrast(colour, palette.PAGE[theme]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_there_is_another_colour_for_each_of_eight_layers(theme: Theme) -> None:
    colours = [np.array(palette.rgb(colour), float) for colour in palette.LAYERS[theme]]
    assert len(colours) == 8
    assert min(np.linalg.norm(a - b) for a, b in combinations(colours, 2)) > 40


def test_contrast_is_that_of_the_guidelines() -> None:
    assert palette.contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert palette.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert palette.contrast("#0072B2", "#0072B2") == 1


@pytest.mark.parametrize("theme", THEMES)
def test_negative_weights_are_blue_and_positive_ones_are_vermillion(theme: Theme) -> None:
    colours = np.frombuffer(palette.weights("signed", theme), np.uint8).reshape(256, 3).astype(int)
    assert (colours[20:110, 2] > colours[20:110, 0]).all()
    assert (colours[146:236, 0] > colours[146:236, 2]).all()


@pytest.mark.parametrize("theme", THEMES)
def test_a_larger_weight_stands_out_more_from_the_page_on_both_sides(theme: Theme) -> None:
    colours = np.frombuffer(palette.weights("signed", theme), np.uint8).reshape(256, 3)
    contrasts = [palette.contrast("#{:02X}{:02X}{:02X}".format(*row), palette.PAGE[theme]) for row in colours[1:]]
    below, above = contrasts[:128][::-1], contrasts[127:]
    for side in (below, above):
        assert np.diff(side).min() > -0.02
    assert contrasts[127] < 1.2
    assert min(contrasts[0], contrasts[-1]) > 7


@pytest.mark.parametrize("theme", THEMES)
def test_the_colour_bar_shows_the_colours_of_the_picture(theme: Theme) -> None:
    stops = palette.stops("signed", theme)
    colours = np.frombuffer(palette.weights("signed", theme), np.uint8).reshape(256, 3)
    assert [tuple(colours[index]) for index in (1, 128, 255)] == [
        palette.rgb(stops[0]),
        palette.rgb(stops[len(stops) // 2]),
        palette.rgb(stops[-1]),
    ]
