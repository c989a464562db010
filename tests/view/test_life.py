"""One unit's life as the browser gets it."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from dbn_core.frames import Frame
from dbn_core.questions.units import Life
from dbn_core.records import Position
from dbn_core.view.grid import grid
from dbn_core.view.life import frame_as_data, history, life_as_data, weighted


def frame(step: int, norm: list[float]) -> Frame:
    values = np.array(norm, np.float32)
    counts = np.array([1, 5, 2, -0.5, 0.5], np.float32)
    arrays = {f"unit.{name}": values for name in ("norm", "bias", "activity", "usefulness")}
    return Frame(
        Position(step, step / 10, "layer1"), arrays | {"histogram.W": counts, "hidden": np.zeros((3, 5), np.uint8)}
    )


def opened(address: str) -> np.ndarray:
    head, _, packed = address.partition(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(packed))).convert("RGB"))


def test_a_histogram_is_counts_between_two_ends() -> None:
    data = frame_as_data(frame(30, [1, 3, 2]), 3)
    assert data["histograms"] == {"W": {"counts": [1, 5, 2], "low": -0.5, "high": 0.5}}
    assert data["orders"]["norm"] == [1, 2, 0]
    assert (data["step"], data["epoch"], data["stage"]) == (30, 3.0, "layer1")


def test_a_history_follows_one_unit_through_the_frames() -> None:
    frames = [(4, frame(10, [1, 3, 2])), (9, frame(20, [5, 7, float("nan")]))]
    assert history(frames, 1) == {
        "id": [4, 9],
        "step": [10, 20],
        "epoch": [1.0, 2.0],
        "norm": [3.0, 7.0],
        "bias": [3.0, 7.0],
        "activity": [3.0, 7.0],
    }
    assert history(frames, 2)["norm"] == [2.0, None]
    with pytest.raises(IndexError):
        history(frames, 3)


def test_a_part_is_as_strong_as_its_weight_and_turned_round_when_it_inhibits() -> None:
    pixels = np.full((3, 2, 2), 228, np.uint8)
    assert weighted(pixels, [1.0, -0.5, 0.0])[:, 0, 0].tolist() == [228, 78, 128]


def answer() -> Life:
    images = np.zeros((16, 5, 3), np.uint8)
    images[9, 2, 1] = 255
    return {
        "cases": 100,
        "position": Position(7, 0.5, "layer2"),
        "responds": np.array([[128, 128, 128], [255, 128, 1]], np.uint8),
        "best": 40,
        "best_mean": np.array([[0, 0, 0], [255, 0, 100]], np.uint8),
        "classes": ("plain", "striped"),
        "on": np.array([7, 3]),
        "on_best": np.array([12, 28]),
        "histogram": np.array([90.0, 10.0]),
        "most": images,
        "least": images[::-1],
        "most_activity": np.linspace(0.9, 0.5, 16, dtype=np.float32),
        "least_activity": np.linspace(0.01, 0.02, 16, dtype=np.float32),
        "parts": {
            "units": [88, 12],
            "weights": np.array([-1.5, 0.75], np.float32),
            "pixels": np.full((2, 5, 3), 255, np.uint8),
            "scale": 0.3,
        },
        "wholes": {"units": [3], "weights": np.array([0.25], np.float32)},
    }


def test_what_a_worker_says_becomes_pictures_words_and_links() -> None:
    data = life_as_data(answer(), "light")
    assert "parts" in data
    assert "wholes" in data
    assert (data["cases"], data["epoch"], data["histogram"]) == (100, 0.5, [90, 10])
    assert (data["most"]["from"], data["most"]["to"]) == (0.5, 0.9)
    assert (data["least"]["from"], data["least"]["to"]) == (0.01, 0.02)
    assert [(part["unit"], part["weight"]) for part in data["parts"]] == [(88, -1.5), (12, 0.75)]
    assert data["wholes"] == [{"unit": 3, "weight": 0.25}]
    most = opened(data["most"]["picture"])
    darkest = np.unravel_index(most.sum(2).argmin(), most.shape[:2])
    assert (darkest[0] // 2, darkest[1] // 2) == (5 + 2 + 2, 1 * (3 + 2) + 1)  # the tenth: second row, second column
    less, more = (opened(data["responds"])[7, place].astype(int) for place in (9, 1))
    assert less[2] > less[0]
    assert more[0] > more[2]
    mean = opened(data["best_mean"]).sum(2)
    assert data["best"] == 40
    assert mean[7, 1] < mean[7, 9] < mean[1, 1]  # ink on the page
    inhibiting, exciting = (opened(part["picture"])[0, 0].astype(int) for part in data["parts"])
    assert inhibiting[2] > inhibiting[0]  # blue
    assert exciting[0] > exciting[2]  # vermillion


def test_the_classes_that_a_unit_answers_to_are_said_and_why_its_pictures_differ() -> None:
    assert life_as_data(answer(), "light")["answers_to"] == (
        "It is on, p > 0.5, for 10 of 100 images: 70.0 % of them plain, 30.0 % of them striped. Of the 40 that excite "
        "it most 28 are striped, 70.0 % (class purity). So it answers to more than one class: the left picture is led "
        "by plain, which is more frequent, the right one by striped, which excites it more."
    )
    one: Life = {**answer(), "on": np.array([0, 50])}
    assert life_as_data(one, "light")["answers_to"].startswith(
        "It is on, p > 0.5, for 50 of 100 images: 100.0 % of them striped. Of"
    )
    assert "more than one class" not in life_as_data(one, "light")["answers_to"]
    never: Life = {**answer(), "on": np.array([0, 0])}
    assert life_as_data(never, "light")["answers_to"].startswith(
        "It is on, p > 0.5, for none of the 100 images. Of the"
    )
    unlabelled: Life = {**answer(), "classes": (), "on": np.array([], int), "on_best": np.array([], int)}
    assert life_as_data(unlabelled, "light")["answers_to"] == ""


def test_a_unit_of_the_only_layer_has_neither_parts_nor_wholes() -> None:
    alone: Life = {**answer(), "parts": None, "wholes": None}
    assert not {"parts", "wholes"} & set(life_as_data(alone, "dark"))


def test_images_lie_in_a_grid_as_filters_do_in_a_mosaic() -> None:
    pixels = np.zeros((5, 4, 3), np.uint8)
    pixels[4, 1, 2] = 255
    picture = np.asarray(Image.open(io.BytesIO(grid(pixels, 3, 2, "light", 2))).convert("RGBA"))
    assert picture.shape == (2 * (2 * 5 - 1), 2 * (3 * 4 - 1), 4)
    assert picture[2 * (5 + 1), 2 * (4 + 2), :3].sum() < 200
    assert not picture[:8, 6:8, 3].any()  # the gap
    assert not picture[10:, 16:, 3].any()  # the place without a unit
    with pytest.raises(ValueError, match="1 to 64"):
        grid(pixels, 65, 1, "light")
