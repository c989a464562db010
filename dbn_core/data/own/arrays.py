"""Images given as named arrays: `images`, and where there are any `labels`, `class_names` and `split`.

Other usual names do, too (`roles`); arrays that are split already are read as `halves` says.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from dbn_core.data.own import limits
from dbn_core.data.own.halves import from_halves
from dbn_core.data.own.material import Material, text
from dbn_core.data.own.names import class_names, shown
from dbn_core.data.own.roles import Held
from dbn_core.data.own.shapes import as_classes, as_column, as_images, check_length, whole
from dbn_core.errors import DataError

WANTED = (
    "Give `images`, numbers of shape (n, height, width) or (n, height, width, 3), and if you like `labels` (n,), "
    "`class_names` and `split` (n,) with 0 for training and 1 for held-out images."
)


def from_arrays(arrays: Mapping[str, Held], name: str) -> Material:
    """The images of a file by the roles of its arrays. Raises DataError: what is wrong and what is wanted."""
    if "images" not in arrays and "x_train" in arrays:
        return from_halves(arrays, name)
    if "images" not in arrays:
        raise DataError(f"{shown(name)} has no array `images`. {WANTED}")
    images, notes = as_images(arrays["images"].values, arrays["images"].what, WANTED)
    labels, names = _labels(arrays, len(images))
    return Material(images, labels, names, _split(arrays, len(images)), notes=notes)


def _labels(arrays: Mapping[str, Held], count: int) -> tuple[npt.NDArray[np.uint8] | None, tuple[str, ...]]:
    """(an index for each image, the names of the classes); numbers name themselves unless `class_names` does."""
    held, names = arrays.get("labels"), arrays.get("class_names")
    if held is None:
        return None, ()
    labels = as_column(held.values)
    check_length(labels, count, held.what, WANTED)
    labels = whole(labels, held.what, WANTED)
    if names is None or labels.dtype.kind in "US":
        return as_classes(labels, held.what, WANTED)
    texts = names.values.astype(str) if names.values.dtype.kind in "iu" else names.values
    if texts.ndim != 1 or texts.dtype.kind not in "US" or len(texts) > limits.CLASSES:
        raise DataError(f"{names.what} is no list of at most {limits.CLASSES} texts. {WANTED}")
    if int(labels.min(initial=0)) < 0 or int(labels.max(initial=0)) >= len(texts):
        raise DataError(f"{held.what} go beyond its {len(texts)} `{names.name}`. {WANTED}")
    return labels.astype(np.uint8), class_names([text(item) for item in texts.tolist()])


def _split(arrays: Mapping[str, Held], count: int) -> npt.NDArray[np.bool_] | None:
    held = arrays.get("split")
    if held is None:
        return None
    split = as_column(held.values)
    check_length(split, count, held.what, WANTED)
    if split.dtype.kind not in "bui" or not set(np.unique(split).tolist()) <= {0, 1}:
        raise DataError(f"{held.what} holds other numbers than 0 (training) and 1 (held out). {WANTED}")
    return split.astype(np.bool_)
