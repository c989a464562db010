"""Arrays and rows of numbers as images of one size, and labels in any form as classes."""

from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.dataset import Bytes
from dbn_core.data.own import limits
from dbn_core.data.own.material import class_indices
from dbn_core.errors import DataError


def as_images(array: npt.NDArray[Any], what: str, wanted: str) -> tuple[npt.NDArray[Any], tuple[str, ...]]:
    """((n, height, width[, 3]) of the same numbers, sentences on how they were read).

    Takes (n, height, width), one or three channels behind that, and (n, pixels) of square images. what: names the array
    in a sentence; wanted: ends each refusal. Raises DataError.
    """
    if array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if array.dtype.kind not in "buif" or array.ndim not in {2, 3, 4} or (array.ndim == 4 and array.shape[3] != 3):
        raise DataError(f"{what} is {array.dtype} of shape {array.shape}. {wanted}")
    if array.ndim > 2:
        return array, ()
    side = isqrt(array.shape[1])
    if side * side != array.shape[1] or side < limits.LEAST_SIDE:
        raise DataError(
            f"{what} has rows of {array.shape[1]:,} numbers, which make no square image; rows of 784, as of 28 x 28, "
            f"do. {wanted}"
        )
    return array.reshape(-1, side, side), (f"Rows of {side * side:,} numbers were read as images of {side} x {side}.",)


def as_column(labels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(n,) of labels that may lie in a matrix of one column or one row; any other as it is."""
    return labels.reshape(-1) if labels.ndim == 2 and 1 in labels.shape else labels


def as_classes(labels: npt.NDArray[Any], what: str, wanted: str) -> tuple[Bytes, tuple[str, ...]]:
    """(an index for each image, the names of the classes), which name themselves. Raises DataError."""
    return class_indices(list(whole(labels, what, wanted).tolist()))


def whole(labels: npt.NDArray[Any], what: str, wanted: str) -> npt.NDArray[Any]:
    """Labels with real numbers made whole ones. Raises DataError for numbers that are none, or not whole."""
    if labels.dtype.kind != "f":
        return labels
    finite = np.isfinite(labels)
    wrong = labels[~finite] if not finite.all() else labels[(labels != np.round(labels)) | (np.abs(labels) > 2**53)]
    if len(wrong):
        raise DataError(
            f"{what} hold {wrong[0]:g} (such values: {len(wrong):,}), where whole numbers or texts are wanted. {wanted}"
        )
    return labels.astype(np.int64)


def check_length(array: npt.NDArray[Any], count: int, what: str, wanted: str) -> None:
    """One entry an image. Raises DataError."""
    if array.shape != (count,):
        raise DataError(f"{what} has the shape {array.shape} for {count:,} images. {wanted}")
