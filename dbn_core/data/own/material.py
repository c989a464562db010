"""Images of one size with what is known about them, before they are a data set."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.dataset import Bytes
from dbn_core.data.own import limits
from dbn_core.data.own.leftovers import LeftOut
from dbn_core.data.own.names import class_names, natural, shown
from dbn_core.data.own.sources import ImageFile
from dbn_core.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """images: (n, height, width[, 3]), of any kind of real numbers. labels: (n,) indices into `names`.

    split: (n,), True where held out. found: least and most value before the images were resized, where they were.
    is_table: whole numbers or text, whose type says nothing of their scale. left_out: files beside them that were not
    taken. notes: sentences on how all this was read. parts: names and counts of the arrays that the images come from,
    where these are split already, the held-out ones last. files: the file of each image, where each has one. cut,
    resized: how many of these were, to the square in their middle and to another side.
    """

    images: npt.NDArray[Any] = field(repr=False)
    labels: Bytes | None
    names: tuple[str, ...]
    split: npt.NDArray[np.bool_] | None
    found: tuple[float, float] | None = None
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    is_table: bool = False
    parts: tuple[tuple[str, int], ...] = ()
    cut: int = 0
    resized: int = 0
    files: tuple[ImageFile, ...] = field(default=(), repr=False)


def refuse_too_many(count: int, name: str) -> None:
    """Raises DataError for more images than a data set may have. name: of the file or folder that they come from."""
    if count > limits.MOST:
        raise DataError(f"{shown(name)} holds {count:,} images; at most {limits.MOST:,} are allowed.")


def class_indices(labels: Sequence[object]) -> tuple[Bytes, tuple[str, ...]]:
    """(n,) indices into the names of the classes, and these: numbers by value, texts as people sort them.

    Raises DataError for too many, and for names that cannot be told apart.
    """
    distinct = sorted(
        set(labels), key=lambda label: (label, ()) if isinstance(label, int) else (0, natural(text(label)))
    )
    if len(distinct) > limits.CLASSES:
        raise DataError(f"There are {len(distinct):,} classes; at most {limits.CLASSES} are allowed.")
    at = {label: index for index, label in enumerate(distinct)}
    return np.array([at[label] for label in labels], np.uint8), class_names([text(label) for label in distinct])


def text(label: object) -> str:
    """Of a label or the name of a class, in bytes perhaps."""
    return label.decode("utf-8", "replace") if isinstance(label, bytes) else str(label)
