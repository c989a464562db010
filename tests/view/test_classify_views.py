"""Answers of workers as the Classify page draws them."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dbn_core.config import RunConfig
from dbn_core.questions.classification import Classification, ClassifierFigures
from dbn_core.questions.features import PlacedImages
from dbn_core.questions.recognition import Recognised, RecognisedLayer
from dbn_core.records import MetricPoint, Position
from dbn_core.view import confusion
from dbn_core.view.feature_map import COLOURS, SIGNS, map_data
from dbn_core.view.few_labels_chart import few_labels_data
from dbn_core.view.palette import PAGE, contrast
from dbn_core.view.recognition import recognition_data, squared_error

HERE = Position(700, 7.25, "finetune")


def opened(address: str) -> Image.Image:
    head, _, text = address.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(text)))


def recognised(classifiers: dict[str, Any] | None = None) -> Recognised:
    seen = np.zeros((5, 7), np.uint8)
    layer: RecognisedLayer = {
        "units": 11,
        "activity": np.linspace(0, 1, 11, dtype=np.float32),
        "reconstruction": seen + 51,
        "strongest": [10, 9, 3],
        "above": np.array([0.5, 0.25, 0.125], np.float32),
        "filters": np.full((3, 5, 7), 128, np.uint8),
        "scale": 0.5,
    }
    return {
        "classifiers": classifiers or {"fine_tuned": np.array([0.25, 0.75], np.float32)},
        "label_names": ("left", "right"),
        "fitted": 0,
        "number": None,
        "label": None,
        "seen": seen,
        "stack": "pretrained layers",
        "position": HERE,
        "layers": [layer],
    }


def test_a_recognised_picture_comes_with_probabilities_and_every_layer() -> None:
    data = recognition_data(recognised(), "light")
    assert data["classifiers"] == [{"id": "fine_tuned", "label": "fine-tuned", "probabilities": [0.25, 0.75]}]
    assert (data["epoch"], data["names"]) == (7.25, ["left", "right"])
    layer = data["layers"][0]
    levels = np.frombuffer(base64.b64decode(layer["activity"]), np.uint8)
    assert levels[[0, 5, 10]].tolist() == [0, 128, 255]
    assert opened(layer["picture"]).width == layer["columns"]
    assert layer["reconstruction"] is not None
    assert opened(layer["reconstruction"]).size == (7, 5)
    assert layer["error"] == 0.04
    assert opened(layer["filters"]).size == (6 * 8 - 1, 5)


def test_small_probabilities_are_not_rounded_to_nothing() -> None:
    answer = recognised(classifiers={"fine_tuned": np.array([2e-6, 1 - 2e-6])})
    assert recognition_data(answer, "light")["classifiers"][0]["probabilities"] == [2e-6, 1 - 2e-6]


def test_the_classifier_that_is_usually_better_comes_first() -> None:
    even = np.array([0.5, 0.5], np.float32)
    names = ("label_units", "another", "up_down", "hybrid", "fine_tuned")
    data = recognition_data(recognised(classifiers=dict.fromkeys(names, even)), "light")
    assert [each["id"] for each in data["classifiers"]] == ["fine_tuned", "hybrid", "up_down", "label_units", "another"]


def test_where_there_is_no_way_back_nothing_is_drawn() -> None:
    answer = recognised()
    answer["layers"][0]["reconstruction"] = None
    layer = recognition_data(answer, "dark")["layers"][0]
    assert (layer["reconstruction"], layer["error"]) == (None, None)


def test_squared_error_is_per_pixel_in_the_unit_interval() -> None:
    assert squared_error(np.array([[0, 255]], np.uint8), np.array([[255, 255]], np.uint8)) == 0.5


def judged() -> Classification:
    row: ClassifierFigures = {
        "metric": "test_error_label_units",
        "classifier": "label_units",
        "error": 100 * 5 / 17,
        "error_deviation": 11.05,
        "loss": 0.98765,
        "confusion": np.array([[6, 1, 0], [3, 4, 1], [0, 0, 2]]),
        "class_errors": [14.2857, 50.0, None],
        "mistakes": [(13, 1, 0, 0.98765), (3, 0, 1, 0.75)],
    }
    return {
        "rows": [row],
        "metrics": {row["metric"]: row["error"]},
        "images": 17,
        "label_names": ("a", "b", "c"),
        "unit": "% of held-out images given a wrong class",
        "position": HERE,
    }


def test_a_confusion_matrix_opens_at_the_commonest_mistake() -> None:
    answer = judged()
    images = np.stack([np.zeros((5, 7), np.uint8), np.full((5, 7), 255, np.uint8)])
    data = confusion.confusion_data(answer, [images], "light")
    row = data["rows"][0]
    assert row["worst"] == [1, 0]
    assert row["confusion"] == [[6, 1, 0], [3, 4, 1], [0, 0, 2]]
    assert row["class_errors"] == [14.2857, 50.0, None]
    assert {**row["mistakes"][0], "picture": ""} == {
        "number": 13,
        "truth": 1,
        "answer": 0,
        "probability": 0.98765,
        "picture": "",
    }
    paper, ink = (opened(mistake["picture"]).convert("L").getpixel((0, 0)) for mistake in row["mistakes"])
    assert (paper, ink) == (255, 24)
    assert (row["classifier"], row["label"]) == ("label_units", "label units")
    assert confusion.mistakes(answer) == {"label_units": [13, 3]}


def test_without_a_mistake_the_first_cell_is_open() -> None:
    assert confusion.worst(np.diag([3, 2, 1])) == [0, 0]


def test_images_of_a_cell_keep_their_order() -> None:
    pixels = np.stack([np.full((5, 7), level, np.uint8) for level in (0, 255)])
    sure = np.array([0.9, 0.5])
    data = confusion.cell_data({"numbers": [19, 5], "probability": sure, "pixels": pixels, "position": HERE}, "light")
    assert [(image["number"], image["probability"]) for image in data["images"]] == [(19, 0.9), (5, 0.5)]
    assert [opened(image["picture"]).convert("RGB").getpixel((0, 0)) for image in data["images"]] == [
        (255, 255, 255),
        (20, 25, 30),
    ]


@pytest.mark.parametrize("colours", [(), (3,)])
def test_each_mark_finds_its_image_on_the_sheet(colours: tuple[int, ...]) -> None:
    pixels = np.zeros((43, 5, 7, *colours), np.uint8)
    pixels[41] = 255
    answer: PlacedImages = {
        "places": np.arange(86, dtype=np.float32).reshape(43, 2),
        "pixels": pixels,
        "labels": np.zeros(43, np.uint8),
        "label_names": ("only",),
        "explained": [0.5, 0.25],
        "agreement": 87.654,
        "units": 23,
        "stack": "pretrained layers",
        "position": HERE,
    }
    data = map_data(answer, "dark")
    sheet = np.asarray(opened(data["sheet"]).convert("L"))
    assert sheet.shape == (2 * 5, 40 * 7)
    bright = [at for at in range(80) if sheet[at // 40 * 5 + 2, at % 40 * 7 + 3] > 200]
    assert bright == [41]
    assert (data["x"][1], data["y"][1], data["agreement"]) == (2.0, 3.0, 87.7)


def test_classes_can_be_told_by_colour_and_by_sign() -> None:
    assert len(set(SIGNS)) == 10
    for theme in ("light", "dark"):
        assert len(set(COLOURS[theme])) == 10
        assert all(contrast(colour, PAGE[theme]) >= 3 for colour in COLOURS[theme])


def test_few_labels_fill_line_by_line() -> None:
    def point(name: str, value: float) -> MetricPoint:
        return MetricPoint(name, value, Position(1, 1.0, "fewlabels"))

    metrics = [point("error/global/100/0", 20.0), point("error/global/100/1", 24.0), point("error/scratch/100/0", 31.0)]
    data = few_labels_data(metrics, RunConfig().with_values({"fewlabels.seeds": 2}))
    assert (data["done"], data["all"]) == (3, 30)
    by_method = {method["method"]: method["points"] for method in data["methods"]}
    assert by_method["frozen"] == []
    assert by_method["global"] == [{"labels": 100, "mean": 22.0, "spread": 2.8284, "errors": [20.0, 24.0]}]
