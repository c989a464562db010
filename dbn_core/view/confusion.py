"""Who is taken for whom, and the mistakes a classifier was surest of, as JSON-ready data."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.view.drawing import picture
from dbn_core.view.palette import Theme
from dbn_core.view.words import figure


def confusion_data(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of `inference.classification.classify`, without pictures."""
    return {
        "names": list(answer["label_names"]),
        "images": answer["images"],
        "epoch": round(answer["position"].epoch, 2),
        "rows": [_row(row) for row in answer["rows"]],
    }


def mistakes(answer: Mapping[str, Any]) -> dict[str, list[int]]:
    """Numbers of the held-out images behind the mistakes, by classifier, in their order."""
    return {row["classifier"]: [number for number, *_ in row["mistakes"]] for row in answer["rows"]}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    counts = np.asarray(row["confusion"])
    return {
        "classifier": row["classifier"],
        "error": round(float(row["error"]), 3),
        "deviation": round(float(row["error_deviation"]), 3),
        "loss": float(figure(float(row["loss"]))),
        "confusion": counts.tolist(),
        "class_errors": [None if error is None else round(float(error), 6) for error in row["class_errors"]],
        "mistakes": [
            {"number": int(number), "truth": int(truth), "answer": int(answer), "probability": float(sure)}
            for number, truth, answer, sure in row["mistakes"]
        ],
        "worst": worst(counts),
    }


def worst(counts: npt.NDArray[np.int64]) -> list[int]:
    """[true class, answer] of the commonest mistake; the first cell where there is none."""
    wrong = counts - np.diag(np.diag(counts))
    row, column = divmod(int(wrong.argmax()), wrong.shape[1])
    return [row, column]


def cell_data(answer: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    """An answer of `inference.classification.images_of_cell`."""
    return {
        "images": [
            {"number": int(number), "probability": float(sure), "picture": picture(pixels, theme)}
            for number, sure, pixels in zip(answer["numbers"], answer["probability"], answer["pixels"], strict=True)
        ]
    }


def pictures(images: Sequence[npt.NDArray[np.uint8]], theme: Theme) -> list[str]:
    """Images as addresses that hold them."""
    return [picture(image, theme) for image in images]
