"""An `.npz` as Keras keeps its data sets: `x_train` and `x_test`, with labels `y_train` and `y_test` or without."""

from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.own.material import Material
from dbn_core.data.own.names import shown
from dbn_core.data.own.shapes import as_classes, as_images, check_length
from dbn_core.errors import DataError

KEYS = ("x_train", "y_train", "x_test", "y_test")
WANTED = "Give x_train, y_train, x_test and y_test as Keras has them: images of one size, and a label for each."


def from_halves(arrays: dict[str, npt.NDArray[Any]], name: str) -> Material:
    """Images of both halves, those of x_test held out. Raises DataError: what is wrong and what is wanted."""
    missing = [key for key in ("x_train", "x_test") if key not in arrays]
    if missing or ("y_train" in arrays) != ("y_test" in arrays):
        raise DataError(f"{shown(name)} holds {', '.join(sorted(arrays))} alone. {WANTED}")
    train, notes = as_images(arrays["x_train"], f"`x_train` in {shown(name)}", WANTED)
    test, _ = as_images(arrays["x_test"], f"`x_test` in {shown(name)}", WANTED)
    if train.shape[1:] != test.shape[1:]:
        raise DataError(f"In {shown(name)} `x_train` is of shape {train.shape} and `x_test` of {test.shape}. {WANTED}")
    split = np.arange(len(train) + len(test)) >= len(train)
    labels, names = _labels(arrays, len(train), len(test), name)
    notes = ("The images of x_train are trained on, those of x_test held out.", *notes)
    return Material(np.concatenate([train, test]), labels, names, split, notes=notes)


def _labels(
    arrays: dict[str, npt.NDArray[Any]], train: int, test: int, name: str
) -> tuple[npt.NDArray[np.uint8] | None, tuple[str, ...]]:
    if "y_train" not in arrays:
        return None, ()
    halves = []
    for key, count in (("y_train", train), ("y_test", test)):
        labels = arrays[key]
        column = labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels
        check_length(column, count, f"`{key}` in {shown(name)}", WANTED)
        halves.append(column)
    if halves[0].dtype.kind in "US" and halves[1].dtype.kind != halves[0].dtype.kind:
        raise DataError(f"In {shown(name)} `y_train` holds texts and `y_test` does not. {WANTED}")
    return as_classes(np.concatenate(halves), f"The labels in {shown(name)}", WANTED)
