"""Who is taken for whom, and the mistakes a classifier was surest of, as JSON-ready data."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.classifiers import label_of
from dbn_core.metric_table import metric_of, significant
from dbn_core.questions.classification import CellImages, Classification, ClassifierFigures
from dbn_core.view.palette import Theme
from dbn_core.view.recognition import picture


class Mistake(TypedDict):
    """A held-out image given a wrong class, and how sure of it the classifier was."""

    number: int
    truth: int
    answer: int
    probability: float
    picture: str


class ConfusionRow(TypedDict):
    """One classifier: % wrong with its standard deviation, loss in nats, and counts by true class and answer.

    classifier is its id, label its words. class_errors: % of each class, None where there is no image of it; worst:
    (true class, answer) of the commonest.
    """

    classifier: str
    label: str
    error: float
    deviation: float
    loss: float
    confusion: list[list[int]]
    class_errors: list[float | None]
    mistakes: list[Mistake]
    worst: list[int]


class Confusion(TypedDict):
    """Every classifier of a run at a checkpoint, on so many held-out images."""

    names: list[str]
    images: int
    epoch: float
    sign: str
    rows: list[ConfusionRow]
    checkpoint: NotRequired[int]


class CellImage(TypedDict):
    """A held-out image with the probability that it was given."""

    number: int
    probability: float
    picture: str


class Cell(TypedDict):
    """The held-out images behind a cell of a confusion matrix."""

    images: list[CellImage]


def confusion_data(answer: Classification, images: Sequence[npt.NDArray[np.uint8]], theme: Theme) -> Confusion:
    """An answer of `inference.classification.classify`; `images`: those behind each classifier's mistakes."""
    return {
        "names": list(answer["label_names"]),
        "images": answer["images"],
        "epoch": round(answer["position"].epoch, 2),
        "sign": metric_of("test_error").sign,
        "rows": [_row(row, shown, theme) for row, shown in zip(answer["rows"], images, strict=True)],
    }


def mistakes(answer: Classification) -> dict[str, list[int]]:
    """Numbers of the held-out images behind the mistakes, by classifier, in their order."""
    return {row["classifier"]: [number for number, *_ in row["mistakes"]] for row in answer["rows"]}


def _row(row: ClassifierFigures, images: npt.NDArray[np.uint8], theme: Theme) -> ConfusionRow:
    counts = np.asarray(row["confusion"])
    return {
        "classifier": row["classifier"],
        "label": label_of(row["classifier"]),
        "error": round(float(row["error"]), 3),
        "deviation": round(float(row["error_deviation"]), 3),
        "loss": float(significant(float(row["loss"]))),
        "confusion": counts.tolist(),
        "class_errors": [None if error is None else round(float(error), 6) for error in row["class_errors"]],
        "mistakes": [
            {
                "number": int(number),
                "truth": int(truth),
                "answer": int(answer),
                "probability": float(sure),
                "picture": picture(image, theme),
            }
            for (number, truth, answer, sure), image in zip(row["mistakes"], images, strict=True)
        ],
        "worst": worst(counts),
    }


def worst(counts: npt.NDArray[np.int64]) -> list[int]:
    """[true class, answer] of the commonest mistake; the first cell where there is none."""
    wrong = counts - np.diag(np.diag(counts))
    row, column = divmod(int(wrong.argmax()), wrong.shape[1])
    return [row, column]


def cell_data(answer: CellImages, theme: Theme) -> Cell:
    """An answer of `inference.classification.images_of_cell`."""
    return {
        "images": [
            {"number": int(number), "probability": float(sure), "picture": picture(pixels, theme)}
            for number, sure, pixels in zip(answer["numbers"], answer["probability"], answer["pixels"], strict=True)
        ]
    }
