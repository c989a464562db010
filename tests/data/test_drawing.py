"""A drawing becomes what MNIST holds: proved on MNIST's own digits, drawn large, moved, inverted and on grey paper."""

import numpy as np
import pytest
from PIL import Image

from dbn_core.data import load_dataset
from dbn_core.data.dataset import Bytes
from dbn_core.data.drawing import as_digit, fitted, stands_on_black
from dbn_core.errors import DataError


def large(digit: Bytes, times: int = 11, how: Image.Resampling = Image.Resampling.NEAREST) -> Bytes:
    return np.asarray(Image.fromarray(digit).resize((28 * times, 28 * times), how))


def apart(a: Bytes, b: Bytes) -> float:
    """Mean squared difference of two images in [0, 1]."""
    return float(np.mean((a / 255.0 - b / 255.0) ** 2))


@pytest.fixture(scope="module")
def digits() -> Bytes:
    return load_dataset("digits").test[:101]


def test_held_out_digits_drawn_large_come_back_nearly_themselves(digits: Bytes) -> None:
    power = np.mean([apart(digit, np.zeros_like(digit)) for digit in digits])
    exact = [apart(as_digit(large(digit)), digit) for digit in digits]
    smooth = [apart(as_digit(large(digit, how=Image.Resampling.BICUBIC)), digit) for digit in digits]
    # Where the centre of mass is between two pixels it may be rounded the other way: a few move by one pixel.
    assert np.median(exact) < 0.01 * power
    assert np.mean(exact) < 0.03 * power
    assert np.mean(smooth) < 0.1 * power


def test_size_place_and_polarity_of_the_drawing_change_nothing(digits: Bytes) -> None:
    digit = large(digits[7], 7)
    ink = digit[np.ix_(digit.any(1), digit.any(0))]
    page = np.zeros((331, 443), np.uint8)
    page[13 : 13 + ink.shape[0], 199 : 199 + ink.shape[1]] = ink
    wanted = as_digit(digit)
    assert np.array_equal(as_digit(page), wanted)
    assert np.array_equal(as_digit(255 - page), wanted)


def test_ink_fills_a_box_of_20_pixels_and_its_mass_is_in_the_middle() -> None:
    page = np.full((199, 311), 255, np.uint8)
    page[17:181, 61:71] = 0  # a tall line
    digit = as_digit(page)
    rows, columns = np.flatnonzero(digit.any(1)), np.flatnonzero(digit.any(0))
    assert len(rows) == 20
    assert len(columns) == 1
    assert digit.max() == 255
    centre = (digit.sum(1) * np.arange(28)).sum() / digit.sum(), (digit.sum(0) * np.arange(28)).sum() / digit.sum()
    assert centre == pytest.approx((14, 14), abs=0.5)


def test_grey_unquiet_paper_is_taken_out(digits: Bytes) -> None:
    generator = np.random.default_rng(3)
    ink = large(digits[11], how=Image.Resampling.BICUBIC) / 255.0
    photograph = 190 - 150 * ink + generator.normal(0, 4, ink.shape)
    digit = as_digit(np.clip(photograph, 0, 255).astype(np.uint8))
    assert apart(digit, as_digit(large(digits[11], how=Image.Resampling.BICUBIC))) < 0.01
    assert not digit[0].any()


def test_colours_count_by_their_brightness() -> None:
    page = np.full((53, 59, 3), 255, np.uint8)
    page[11:43, 23:31] = (0, 0, 160)
    in_grey = np.asarray(Image.fromarray(page).convert("L"))
    assert np.array_equal(as_digit(page), as_digit(in_grey))


@pytest.mark.parametrize("grey", [0, 255, 131])
def test_a_blank_picture_is_refused_with_a_sentence(grey: int) -> None:
    page = np.full((31, 37), grey, np.uint8)
    for make in (as_digit, lambda picture: fitted(picture, (28, 28))):
        with pytest.raises(DataError, match="blank"):
            make(page)


def test_another_picture_keeps_its_middle_and_its_proportions() -> None:
    picture = np.zeros((40, 120, 3), np.uint8)
    picture[:, 40:80] = (250, 10, 10)
    colour, grey = fitted(picture, (16, 16, 3)), fitted(picture, (16, 16))
    assert colour.shape == (16, 16, 3)
    assert np.array_equal(colour[8, 8], [250, 10, 10])
    assert colour.reshape(-1, 3).min(0)[0] == 250  # the middle square, nothing of what is beside it
    assert grey.shape == (16, 16)
    assert np.array_equal(
        fitted(grey_page := np.tile(10 * np.arange(16, dtype=np.uint8), (16, 1)), (16, 16)), grey_page
    )


def test_bright_paper_is_inverted_for_images_that_stand_on_black() -> None:
    picture = np.full((28, 28), 255, np.uint8)
    picture[9:19, 9:19] = 55
    assert fitted(picture, (28, 28), dark_paper=True)[14, 14] == 200
    assert fitted(255 - picture, (28, 28), dark_paper=True)[14, 14] == 200
    assert fitted(picture, (28, 28))[14, 14] == 55


def test_digits_stand_on_black(digits: Bytes) -> None:
    assert stands_on_black(digits)
    assert not stands_on_black(255 - digits)
