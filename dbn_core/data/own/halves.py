"""Arrays that are split already: `x_train` and `x_test` as Keras has them, perhaps `x_val`, with labels or without."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.own.material import Material
from dbn_core.data.own.names import shown
from dbn_core.data.own.roles import PARTS, Held
from dbn_core.data.own.shapes import as_classes, as_column, as_images, check_length
from dbn_core.errors import DataError

WANTED = "Give x_train, y_train, x_test and y_test as Keras has them: images of one size, and a label for each."


def from_halves(arrays: Mapping[str, Held], name: str) -> Material:
    """Images of all parts; those of x_test are held out, those of x_val where there is no x_test.

    Raises DataError: what is wrong and what is wanted.
    """
    there = [part for part in PARTS if f"x_{part}" in arrays]
    labelled = [part for part in PARTS if f"y_{part}" in arrays]
    if there[:1] != ["train"] or len(there) < 2 or labelled not in ([], there):
        there_alone = ", ".join(sorted(held.name for held in arrays.values()))
        raise DataError(f"{shown(name)} holds {there_alone} alone. {WANTED}")
    given = [arrays[f"x_{part}"] for part in there]
    images, notes = _images(given)
    counts = [len(part) for part in images]
    labels, names = _labels([arrays[f"y_{part}"] for part in labelled], counts, name)
    parts = tuple(zip([held.name for held in given], counts, strict=True))
    split = np.repeat([part == there[-1] for part in there], counts)
    return Material(np.concatenate(images), labels, names, split, notes=notes, parts=parts)


def _images(given: list[Held]) -> tuple[list[npt.NDArray[Any]], tuple[str, ...]]:
    first, notes = as_images(given[0].values, given[0].what, WANTED)
    images = [first, *(as_images(held.values, held.what, WANTED)[0] for held in given[1:])]
    for held, part in zip(given, images, strict=True):
        if part.shape[1:] != first.shape[1:]:
            raise DataError(f"{given[0].what} is of shape {first.shape} and `{held.name}` of {part.shape}. {WANTED}")
    return images, notes


def _labels(labels: list[Held], counts: list[int], name: str) -> tuple[npt.NDArray[np.uint8] | None, tuple[str, ...]]:
    if not labels:
        return None, ()
    columns = [as_column(held.values) for held in labels]
    for held, column, count in zip(labels, columns, counts, strict=True):
        check_length(column, count, held.what, WANTED)
    texts = {held.name: held.values.dtype.kind in "US" for held in labels}
    if len(set(texts.values())) > 1:
        told = " and ".join(f"`{key}` {'holds texts' if is_text else 'does not'}" for key, is_text in texts.items())
        raise DataError(f"In {shown(name)} {told}. {WANTED}")
    return as_classes(np.concatenate(columns), f"The labels in {shown(name)}", WANTED)
