"""Images given as an `.npz`: `images`, and where there are any `labels`, `class_names` and `split`; never a pickle."""

import io
import zipfile
from math import prod
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.own import limits
from dbn_core.data.own.material import Material, class_indices
from dbn_core.data.own.sources import Reader
from dbn_core.errors import DataError

WANTED = (
    "Give an .npz with `images`, uint8 of shape (n, height, width) or (n, height, width, 3), and if you like `labels` "
    "(n,), `class_names` and `split` (n,) with 0 for training and 1 for held-out images."
)
_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def in_npz(file: IO[bytes], name: str) -> Material:
    """What the archive holds. Raises DataError with what is wrong and what is wanted."""
    try:
        with zipfile.ZipFile(file) as archive:
            arrays = _arrays(archive, name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise DataError(f"{name} is not a sound .npz archive ({error}). {WANTED}") from error
    if "images" not in arrays:
        raise DataError(f"{name} has no array `images`. {WANTED}")
    images = _images(arrays["images"], name)
    labels, names = _labels(arrays, len(images), name)
    return Material(images, labels, names, _split(arrays, len(images), name))


def _arrays(archive: zipfile.ZipFile, name: str) -> dict[str, npt.NDArray[Any]]:
    reader = Reader(archive)
    wanted = {f"{key}.npy": key for key in ("images", "labels", "class_names", "split")}
    found = [(wanted[info.filename], info) for info in archive.infolist() if info.filename in wanted]
    return {key: _array(reader.read(info, limits.STORED_BYTES), f"`{key}` in {name}") for key, info in found}


def _array(content: bytes, what: str) -> npt.NDArray[Any]:
    """One `.npy`, only if its header promises exactly the bytes that follow: nothing is allocated on its word."""
    file = io.BytesIO(content)
    try:
        shape, fortran, dtype = _HEADERS[np.lib.format.read_magic(file)](file)
    except (ValueError, KeyError, EOFError) as error:
        raise DataError(f"{what} is not a NumPy array ({error}). {WANTED}") from error
    if dtype.hasobject or dtype.kind not in "buiUS":
        raise DataError(f"{what} holds {dtype}, where whole numbers (or texts as labels) are wanted. {WANTED}")
    if prod(shape) * dtype.itemsize != len(content) - file.tell():
        raise DataError(f"{what} is cut short or damaged. {WANTED}")
    return np.frombuffer(content, dtype, offset=file.tell()).reshape(shape, order="F" if fortran else "C")


def _images(images: npt.NDArray[Any], name: str) -> npt.NDArray[np.uint8]:
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.dtype != np.uint8 or images.ndim not in {3, 4} or (images.ndim == 4 and images.shape[3] != 3):
        raise DataError(f"`images` in {name} is {images.dtype} of shape {images.shape}. {WANTED}")
    return np.ascontiguousarray(images)


def _labels(
    arrays: dict[str, npt.NDArray[Any]], count: int, name: str
) -> tuple[npt.NDArray[np.uint8] | None, tuple[str, ...]]:
    """(an index for each image, the names of the classes); numbers name themselves unless `class_names` does."""
    labels = arrays.get("labels")
    if labels is None:
        return None, ()
    _check_length(labels, count, "labels", name)
    names = arrays.get("class_names")
    if names is None or labels.dtype.kind in "US":
        return class_indices(list(labels.tolist()))
    if names.ndim != 1 or names.dtype.kind not in "US" or len(names) > limits.CLASSES:
        raise DataError(f"`class_names` in {name} is no list of at most {limits.CLASSES} texts. {WANTED}")
    if int(labels.min(initial=0)) < 0 or int(labels.max(initial=0)) >= len(names):
        raise DataError(f"`labels` in {name} go beyond its {len(names)} `class_names`. {WANTED}")
    return labels.astype(np.uint8), tuple(str(text)[: limits.CLASS_NAME] for text in names.tolist())


def _split(arrays: dict[str, npt.NDArray[Any]], count: int, name: str) -> npt.NDArray[np.bool_] | None:
    split = arrays.get("split")
    if split is None:
        return None
    _check_length(split, count, "split", name)
    if split.dtype.kind not in "bui" or not set(np.unique(split).tolist()) <= {0, 1}:
        raise DataError(f"`split` in {name} holds other numbers than 0 (training) and 1 (held out). {WANTED}")
    return split.astype(np.bool_)


def _check_length(array: npt.NDArray[Any], count: int, key: str, name: str) -> None:
    if array.shape != (count,):
        raise DataError(f"`{key}` in {name} has the shape {array.shape} for {count:,} images. {WANTED}")
