"""Mosaics and strips: every pixel where it belongs, in the colour that it means."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dbn_core.view import palette
from dbn_core.view.filter_measures import picture_measures
from dbn_core.view.grid import grid
from dbn_core.view.mosaic import MosaicOptions, mosaic
from dbn_core.view.palette import Scheme, Theme
from dbn_core.view.reconstructions import strip

UNITS, HEIGHT, WIDTH = 7, 5, 3


def opened(png: bytes) -> np.ndarray:
    """(height, width, RGBA)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def colour(index: int, theme: Theme = "light", scheme: Scheme = "signed") -> tuple[int, ...]:
    return tuple(palette.weights(scheme, theme)[3 * index : 3 * index + 3])


@pytest.fixture
def filters() -> np.ndarray:
    pixels = np.full((UNITS, HEIGHT, WIDTH), 128, np.uint8)
    for unit in range(UNITS):
        pixels[unit, 1, 2] = 255 - unit
    return pixels


def test_each_unit_lies_at_its_own_place_in_reading_order(filters: np.ndarray) -> None:
    picture = opened(mosaic(filters, MosaicOptions(columns=4, rows=2)))
    for unit in range(UNITS):
        y, x = (unit // 4) * (HEIGHT + 1) + 1, (unit % 4) * (WIDTH + 1) + 2
        assert tuple(picture[y, x, :3]) == colour(255 - unit)
        assert tuple(picture[y - 1, x, :3]) == colour(128)


def test_gaps_and_places_without_a_unit_show_the_page(filters: np.ndarray) -> None:
    alpha = opened(mosaic(filters, MosaicOptions(columns=4, rows=2)))[..., 3]
    assert alpha.shape == (2 * (HEIGHT + 1) - 1, 4 * (WIDTH + 1) - 1)
    assert not alpha[HEIGHT].any()
    assert not alpha[:, WIDTH].any()
    assert not alpha[HEIGHT + 1 :, 3 * (WIDTH + 1) :].any()
    assert (alpha[:HEIGHT, :WIDTH] == 255).all()


def test_more_units_than_places_are_left_out(filters: np.ndarray) -> None:
    assert np.array_equal(
        opened(mosaic(filters, MosaicOptions(columns=2, rows=2))),
        opened(mosaic(filters[:4], MosaicOptions(columns=2, rows=2))),
    )


def test_enlarging_repeats_pixels_and_invents_none(filters: np.ndarray) -> None:
    small = opened(mosaic(filters, MosaicOptions(columns=4, rows=2)))
    large = opened(mosaic(filters, MosaicOptions(columns=4, rows=2, scale=3)))
    assert np.array_equal(large, small.repeat(3, axis=0).repeat(3, axis=1))


def test_a_shared_scale_keeps_filters_comparable_and_each_its_own_stretches_every_one() -> None:
    pixels = np.full((2, HEIGHT, WIDTH), 128, np.uint8)
    pixels[0, 0, 0], pixels[1, 0, 0], pixels[1, 2, 2] = 255, 138, 118
    shared = opened(mosaic(pixels, MosaicOptions(columns=2, rows=1)))
    own = opened(mosaic(pixels, MosaicOptions(columns=2, rows=1, contrast="each")))
    weak = WIDTH + 1
    assert tuple(shared[0, weak, :3]) == colour(138)
    assert tuple(own[0, weak, :3]) == colour(255)
    assert tuple(own[2, weak + 2, :3]) == colour(1)
    assert tuple(own[0, 0, :3]) == tuple(shared[0, 0, :3]) == colour(255)
    assert tuple(own[1, weak, :3]) == colour(128)


def test_a_filter_of_nothing_but_zeros_stays_zero_when_stretched() -> None:
    pixels = np.full((1, HEIGHT, WIDTH), 128, np.uint8)
    picture = opened(mosaic(pixels, MosaicOptions(columns=1, rows=1, contrast="each")))
    assert {tuple(pixel) for pixel in picture[..., :3].reshape(-1, 3)} == {colour(128)}


def test_colour_filters_keep_their_colours() -> None:
    pixels = np.random.default_rng(0).integers(1, 256, (UNITS, HEIGHT, WIDTH, 3), np.uint8)
    picture = opened(mosaic(pixels, MosaicOptions(columns=7, rows=1)))
    assert np.array_equal(picture[:, :WIDTH, :3], pixels[0])
    assert np.array_equal(picture[:, 6 * (WIDTH + 1) :, :3], pixels[6])


def test_gaps_between_colour_filters_show_the_page() -> None:
    pixels = np.full((3, HEIGHT, WIDTH, 3), 128, np.uint8)
    alpha = opened(mosaic(pixels, MosaicOptions(columns=2, rows=2, scale=2)))[..., 3]
    assert alpha.shape == (2 * (2 * HEIGHT + 1), 2 * (2 * WIDTH + 1))
    assert not alpha[2 * HEIGHT : 2 * HEIGHT + 2].any()
    assert not alpha[2 * HEIGHT + 2 :, 2 * WIDTH + 2 :].any()
    assert (alpha[: 2 * HEIGHT, : 2 * WIDTH] == 255).all()


def test_a_colour_filter_is_stretched_as_a_whole_so_that_its_hue_stays() -> None:
    pixels = np.full((1, HEIGHT, WIDTH, 3), 128, np.uint8)
    pixels[0, 2, 1] = (138, 133, 128)
    picture = opened(mosaic(pixels, MosaicOptions(columns=1, rows=1, contrast="each")))
    assert tuple(picture[2, 1, :3]) == (255, 192, 128)
    assert tuple(picture[0, 0, :3]) == (128, 128, 128)


def test_colour_images_and_reconstructions_are_shown_as_they_are() -> None:
    pixels = np.random.default_rng(2).integers(1, 256, (2, 5, HEIGHT, WIDTH, 3), np.uint8)
    picture = opened(strip(pixels, 3, "dark"))
    assert picture.shape == (2 * HEIGHT + 2, 3 * (WIDTH + 2) - 2, 4)
    for place, case in enumerate((0, 1, 3)):
        left = place * (WIDTH + 2)
        assert np.array_equal(picture[:HEIGHT, left : left + WIDTH, :3], pixels[0, case])
        assert np.array_equal(picture[HEIGHT + 2 :, left : left + WIDTH, :3], pixels[1, case])
    assert not picture[HEIGHT : HEIGHT + 2, :, 3].any()
    assert not picture[:, WIDTH : WIDTH + 2, 3].any()


def test_a_grid_of_colour_images_keeps_their_colours() -> None:
    pixels = np.random.default_rng(4).integers(1, 256, (3, HEIGHT, WIDTH, 3), np.uint8)
    picture = opened(grid(pixels, 2, 2, "light"))
    assert np.array_equal(picture[HEIGHT + 1 :, :WIDTH, :3], pixels[2])
    assert not picture[HEIGHT + 1 :, WIDTH + 1 :, 3].any()


def test_a_colour_filter_is_measured_by_the_strength_of_its_pixels() -> None:
    pixels = np.full((1, 11, 13, 3), 128, np.uint8)
    pixels[0, 5, 7] = (158, 168, 128)
    grey = np.full((1, 11, 13), 128, np.uint8)
    grey[0, 5, 7] = 178
    assert picture_measures(pixels) == pytest.approx(picture_measures(grey))


@pytest.mark.parametrize("wrong", [{"columns": 0}, {"rows": 65}, {"scale": 17}])
def test_a_mosaic_beyond_its_bounds_is_refused(wrong: dict[str, Any]) -> None:
    sizes: dict[str, Any] = {"columns": 1, "rows": 1} | wrong
    with pytest.raises(ValueError, match="1 to 64 columns"):
        MosaicOptions(**sizes)


def test_originals_stand_above_their_own_reconstructions() -> None:
    pixels = np.random.default_rng(1).integers(1, 256, (2, 4, HEIGHT, WIDTH), np.uint8)
    picture = opened(strip(pixels, 3, "light"))
    assert picture.shape[:2] == (2 * HEIGHT + 2, 3 * (WIDTH + 2) - 2)
    inks = np.frombuffer(palette.ink("light"), np.uint8).reshape(256, 3)
    for case in range(3):
        left = case * (WIDTH + 2)
        assert np.array_equal(picture[:HEIGHT, left : left + WIDTH, :3], inks[pixels[0, case]])
        assert np.array_equal(picture[HEIGHT + 2 :, left : left + WIDTH, :3], inks[pixels[1, case]])


def test_few_cases_of_a_row_in_the_order_of_classes_show_every_class() -> None:
    classes = np.repeat(np.arange(1, 11, dtype=np.uint8), 2)
    pixels = np.broadcast_to(classes[None, :, None, None], (2, 20, HEIGHT, WIDTH))
    picture = opened(strip(pixels, 10, "light"))
    inks = np.frombuffer(palette.ink("light"), np.uint8).reshape(256, 3)
    assert np.array_equal(picture[0, :: WIDTH + 2, :3], inks[1:11])


def test_no_ink_is_the_page_and_full_ink_is_the_text_in_both_themes() -> None:
    for theme in ("light", "dark"):
        inks = palette.ink(theme)
        assert tuple(inks[3:6]) == palette.rgb(palette.PAGE[theme])
        assert tuple(inks[-3:]) == palette.rgb(palette.INK[theme])
