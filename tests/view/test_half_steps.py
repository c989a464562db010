"""The pictures and the arithmetic of the stepper."""

import io
import re

import numpy as np
from PIL import Image

from dbn_core.questions.stepping import Stepped
from dbn_core.records import Position
from dbn_core.view import half_steps, palette
from dbn_core.view.half_steps import HalfSteps

RATE = 0.5


def sigmoid(field: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-field))


def answer(hidden: int = 7, height: int = 3, width: int = 5) -> Stepped:
    """What a worker would say of a random network and digit."""
    random = np.random.default_rng(11)
    weights, b, c = random.normal(size=(hidden, height * width)), random.normal(size=15), random.normal(size=hidden)
    v0 = random.random(15)
    h0_field = c + weights @ v0
    h0_sample = (random.random(hidden) < sigmoid(h0_field)).astype(float)
    v1_field = b + h0_sample @ weights
    h1_field = c + weights @ sigmoid(v1_field)
    change = RATE * (np.outer(sigmoid(h0_field), v0) - np.outer(sigmoid(h1_field), sigmoid(v1_field)))
    return {
        "v0": v0,
        "W": weights,
        "W_after": weights + change,
        "v_bias": b,
        "h_bias": c,
        "h0_field": h0_field,
        "h0_probability": sigmoid(h0_field),
        "h0_sample": h0_sample,
        "v1_field": v1_field,
        "v1_probability": sigmoid(v1_field),
        "v1_sample": np.round(sigmoid(v1_field)),
        "h1_field": h1_field,
        "h1_probability": sigmoid(h1_field),
        "h1_sample": np.round(sigmoid(h1_field)),
        "error_before": 0.2,
        "error_after": 0.1,
        "free_energy": {"v0": (3.0, 2.0), "v1": (2.0, 2.5)},
        "shape": (height, width),
        "label": "3",
        "position": Position(),
    }


def colours(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))


def test_the_update_is_what_the_worker_has_done_to_the_weights() -> None:
    steps = HalfSteps(answer(), RATE)
    np.testing.assert_allclose(steps.update, steps.answer["W_after"] - steps.answer["W"], atol=1e-12)
    unit, pixel = steps.largest_pair()
    assert abs(steps.update[unit, pixel]) == np.abs(steps.update).max()


def test_the_arithmetic_gives_the_numbers_of_the_update() -> None:
    steps = HalfSteps(answer(), RATE)
    unit, pixel = 4, 8
    lines = half_steps.arithmetic(steps, unit, pixel)
    assert [line.phase for line in lines] == [1, 1, 2, 3, 4, 4]
    results = [re.findall(r"-?\d+(?:\.\d+)?", line.formula)[-1] for line in lines]
    expected = [
        steps.answer["h0_probability"][unit],
        steps.answer["h0_sample"][unit],
        steps.answer["v1_probability"][pixel],
        steps.answer["h1_probability"][unit],
        steps.update[unit, pixel],
        steps.answer["W_after"][unit, pixel],
    ]
    np.testing.assert_allclose([float(result) for result in results], expected, rtol=6e-3)
    # The two parts of each field are written out, and their sum is the field.
    bias, sign, rest = re.findall(r"\\sigma\(([-\d.]+) ([+-]) ([\d.]+)\)", lines[0].formula)[-1]
    np.testing.assert_allclose(float(bias) + float(sign + rest), steps.answer["h0_field"][unit], atol=0.02)


def test_a_number_in_a_formula_is_short_and_never_in_e_notation() -> None:
    assert [half_steps.n(value) for value in (0.0, 0.123456, -2.5, 1.5e-7)] == [
        "0",
        "0.123",
        "-2.5",
        r"1.50 \cdot 10^{-7}",
    ]
    assert [half_steps.with_sign(value) for value in (3.0, -3.0)] == ["+ 3", "- 3"]


def test_a_matrix_is_a_tile_a_unit_with_colours_symmetric_about_zero() -> None:
    values = np.zeros((3, 15))
    values[0], values[1] = 0.25, -0.25
    picture = half_steps.matrix(values, (3, 5), "light", 0.25)
    sheet, stops = colours(picture.picture), palette.stops("signed", "light")
    assert picture.scale == 0.25
    assert sheet.shape[:2] == (2 * 7, 2 * 11)
    assert tuple(sheet[0, 0, :3]) == palette.rgb(stops[-1])
    assert tuple(sheet[0, 12, :3]) == palette.rgb(stops[0])
    assert tuple(sheet[8, 0, :3]) == palette.rgb(stops[len(stops) // 2])
    assert sheet[0, 10, 3] == 0, "the gap is transparent"


def test_units_stand_where_their_filters_do() -> None:
    states = colours(half_steps.units(np.array([0.0, 1.0, 0.0]), (3, 5), "light"))
    filters = colours(half_steps.matrix(np.ones((3, 15)), (3, 5), "light").picture)
    assert states.shape == filters.shape
    np.testing.assert_array_equal(states[..., 3], filters[..., 3])
    assert tuple(states[0, 0, :3]) == palette.rgb(palette.PAGE["light"])
    assert tuple(states[0, 12, :3]) == palette.rgb(palette.INK["light"])


def test_only_the_first_hundred_units_of_a_large_layer_are_drawn() -> None:
    steps = HalfSteps({**answer(), "h_bias": np.zeros(4000), "h0_probability": np.ones(4000)}, RATE)
    assert steps.units == 100
    assert steps.positive.shape == (100, 15)
