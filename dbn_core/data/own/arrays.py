"""Images given as an `.npz`: `images`, and where there are any `labels`, `class_names` and `split`; never a pickle.

One of Keras, with `x_train` in the place of `images`, is read as `halves` says.
"""

import zipfile
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.own import halves, limits
from dbn_core.data.own.halves import from_halves
from dbn_core.data.own.material import Material, text
from dbn_core.data.own.names import class_names, shown
from dbn_core.data.own.npy import read_array
from dbn_core.data.own.shapes import as_classes, as_images, check_length, whole
from dbn_core.data.own.sources import Reader, as_sentences
from dbn_core.errors import DataError

WANTED = (
    "Give an .npz with `images`, numbers of shape (n, height, width) or (n, height, width, 3), and if you like "
    "`labels` (n,), `class_names` and `split` (n,) with 0 for training and 1 for held-out images."
)


def read_npz(file: IO[bytes], name: str, size: int | None) -> Material:  # noqa: ARG001
    """What the archive holds, its images as they are. Raises DataError: what is wrong and what is wanted."""
    with as_sentences(name), zipfile.ZipFile(file) as archive:
        arrays = _arrays(archive, name)
    if "images" not in arrays and "x_train" in arrays:
        return from_halves(arrays, name)
    if "images" not in arrays:
        raise DataError(f"{shown(name)} has no array `images`. {WANTED}")
    images, notes = as_images(arrays["images"], f"`images` in {shown(name)}", WANTED)
    labels, names = _labels(arrays, len(images), name)
    return Material(images, labels, names, _split(arrays, len(images), name), notes=notes)


def _arrays(archive: zipfile.ZipFile, name: str) -> dict[str, npt.NDArray[Any]]:
    reader = Reader(archive)
    wanted = {f"{key}.npy": key for key in ("images", "labels", "class_names", "split", *halves.KEYS)}
    members = [(wanted[info.filename], info) for info in archive.infolist() if info.filename in wanted]
    return {
        key: read_array(reader.read(info, limits.STORED_BYTES), f"`{key}` in {shown(name)}", WANTED)
        for key, info in members
    }


def _labels(
    arrays: dict[str, npt.NDArray[Any]], count: int, name: str
) -> tuple[npt.NDArray[np.uint8] | None, tuple[str, ...]]:
    """(an index for each image, the names of the classes); numbers name themselves unless `class_names` does."""
    labels = arrays.get("labels")
    if labels is None:
        return None, ()
    what = f"`labels` in {shown(name)}"
    check_length(labels, count, what, WANTED)
    labels = whole(labels, what, WANTED)
    names = arrays.get("class_names")
    if names is None or labels.dtype.kind in "US":
        return as_classes(labels, what, WANTED)
    if names.ndim != 1 or names.dtype.kind not in "US" or len(names) > limits.CLASSES:
        raise DataError(f"`class_names` in {shown(name)} is no list of at most {limits.CLASSES} texts. {WANTED}")
    if int(labels.min(initial=0)) < 0 or int(labels.max(initial=0)) >= len(names):
        raise DataError(f"`labels` in {shown(name)} go beyond its {len(names)} `class_names`. {WANTED}")
    return labels.astype(np.uint8), class_names([text(item) for item in names.tolist()])


def _split(arrays: dict[str, npt.NDArray[Any]], count: int, name: str) -> npt.NDArray[np.bool_] | None:
    split = arrays.get("split")
    if split is None:
        return None
    check_length(split, count, f"`split` in {shown(name)}", WANTED)
    if split.dtype.kind not in "bui" or not set(np.unique(split).tolist()) <= {0, 1}:
        raise DataError(f"`split` in {shown(name)} holds other numbers than 0 (training) and 1 (held out). {WANTED}")
    return split.astype(np.bool_)
