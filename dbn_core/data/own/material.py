"""Images of one size with what is known about them, before they are a data set."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dbn_core.data.dataset import Bytes
from dbn_core.data.own import limits
from dbn_core.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """images: (n, height, width[, 3]). labels: (n,) indices into `names`. split: (n,), True where held out."""

    images: Bytes = field(repr=False)
    labels: Bytes | None
    names: tuple[str, ...]
    split: npt.NDArray[np.bool_] | None


def class_indices(labels: Sequence[object]) -> tuple[Bytes, tuple[str, ...]]:
    """(n,) indices into the sorted names of the classes, and these. Raises DataError for too many."""
    distinct = sorted(set(labels), key=lambda label: (label, "") if isinstance(label, int) else (0, str(label)))
    if len(distinct) > limits.CLASSES:
        raise DataError(f"There are {len(distinct):,} classes; at most {limits.CLASSES} are allowed.")
    at = {label: index for index, label in enumerate(distinct)}
    names = tuple(_text(label)[: limits.CLASS_NAME] for label in distinct)
    return np.array([at[label] for label in labels], np.uint8), names


def _text(label: object) -> str:
    return label.decode("utf-8", "replace") if isinstance(label, bytes) else str(label)
