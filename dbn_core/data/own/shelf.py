"""Where one's own data sets lie: `<folder of data sets>/own/<name>.npz`, uint8 arrays and texts, never a pickle."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.config.data import OWN, OWN_NAME, is_own
from dbn_core.data.dataset import Dataset
from dbn_core.data.info import DatasetInfo, data_folder
from dbn_core.data.own import limits
from dbn_core.data.own.names import printable
from dbn_core.data.scale import PIXELS, Scale
from dbn_core.errors import DataError
from dbn_core.places import COMMAND

SUFFIX = ".npz"
_USUAL = np.array([*PIXELS.ends, PIXELS.is_of_files])
Arrays = dict[str, npt.NDArray[Any]]


def own_sets(folder: Path | None = None) -> tuple[DatasetInfo, ...]:
    """All that have been added and can be read, by name."""
    return tuple(found for found in _looked_at(folder) if isinstance(found, DatasetInfo))


def damaged_sets(folder: Path | None = None) -> tuple[str, ...]:
    """A sentence on each file on the shelf that cannot be read."""
    return tuple(found for found in _looked_at(folder) if isinstance(found, str))


def own_names(folder: Path | None = None) -> tuple[str, ...]:
    """`own/...` of all files on the shelf, without reading them."""
    names = (path.stem for path in shelf(folder).glob(f"*{SUFFIX}") if OWN_NAME.fullmatch(path.stem))
    return tuple(f"{OWN}{name}" for name in sorted(names))


def own_info(name: str, folder: Path | None = None) -> DatasetInfo:
    """What `own/<name>` holds; no image is read. Raises DataError when there is none."""
    arrays = _read(name, folder, ("shape", "counts", "label_names"), ("scale",))
    try:
        height, width, channels = (int(length) for length in arrays["shape"])
        train, test = (int(count) for count in arrays["counts"])
        black, white, is_of_files = map(float, arrays.get("scale", _USUAL))
        scale = Scale(black, white, bool(is_of_files))
    except (TypeError, ValueError) as error:
        raise DataError(_damaged(name, folder)) from error
    return _info(name, (height, width, channels), (train, test), arrays["label_names"], scale)


def info_of(data: Dataset, scale: Scale) -> DatasetInfo:
    """What `own_info` tells of a data set once it is on the shelf."""
    return _info(data.name, data.shape, (len(data.train), len(data.test)), data.label_names, scale)


def _info(
    name: str, shape: tuple[int, int, int], counts: tuple[int, int], classes: Iterable[object], scale: Scale
) -> DatasetInfo:
    return DatasetInfo(
        name=name,
        title=f"{name.removeprefix(OWN)} (your own)",
        shape=shape,
        train_count=counts[0],
        test_count=counts[1],
        label_names=tuple(printable(str(text)) for text in classes),
        source="Images that were added here.",
        licence="As those who added them have it.",
        scale=scale,
    )


def load_own(name: str, folder: Path | None = None) -> Dataset:
    """The images themselves. Raises DataError when there are none, or the file is damaged."""
    info = own_info(name, folder)
    arrays = _read(name, folder, ("train", "test", "train_labels", "test_labels"))
    shape = info.shape if info.shape[2] > 1 else info.shape[:2]
    wanted = {
        "train": (info.train_count, *shape),
        "test": (info.test_count, *shape),
        "train_labels": (info.train_count,),
        "test_labels": (info.test_count,),
    }
    if any(arrays[key].shape != size or arrays[key].dtype != np.uint8 for key, size in wanted.items()):
        raise DataError(_damaged(name, folder))
    return Dataset(
        name=name,
        train=arrays["train"],
        test=arrays["test"],
        train_labels=arrays["train_labels"],
        test_labels=arrays["test_labels"],
        shape=info.shape,
        label_names=info.label_names,
    )


def save_own(name: str, data: Dataset, folder: Path | None = None, scale: Scale = PIXELS) -> None:
    """Put a new data set on the shelf, whole or not at all; scale: on which its images came.

    Raises DataError when the name is taken.
    """
    place = shelf(folder)
    path = place / f"{free_name(name, folder)}{SUFFIX}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".adding-", dir=place) as temporary:
            written = Path(temporary) / path.name
            np.savez(
                written,
                train=data.train,
                test=data.test,
                train_labels=data.train_labels,
                test_labels=data.test_labels,
                shape=np.array(data.shape),
                counts=np.array([len(data.train), len(data.test)]),
                label_names=np.array(data.label_names, dtype=np.str_),
                scale=np.array([*scale.ends, scale.is_of_files]),
            )
            written.replace(path)
    except OSError as error:
        raise DataError(f"{place.absolute()} cannot be written to: {error.strerror or error}.") from error


def remove_own(name: str, folder: Path | None = None) -> None:
    """Take a data set off the shelf; runs trained on it keep what they learnt. Raises DataError when there is none."""
    path = _path(name, folder)
    try:
        path.unlink()
    except FileNotFoundError:
        raise DataError(_nothing(name, folder)) from None
    except OSError as error:
        raise DataError(f"{path} cannot be removed: {error.strerror or error}.") from error


def free_name(name: str, folder: Path | None = None) -> str:
    """The name without `own/`, when it may be given to a new data set. Raises DataError."""
    short = name.removeprefix(OWN)
    if not OWN_NAME.fullmatch(short):
        raise DataError(
            f"{short[:60]!r} is no name for a data set; give 1 to 40 small letters, digits and hyphens, such as cats."
        )
    taken = own_names(folder)
    if f"{OWN}{short}" in taken:
        raise DataError(f"There is already a data set {OWN}{short}; choose another name, or remove that one first.")
    if len(taken) >= limits.SETS:
        raise DataError(f"There are {len(taken)} data sets of your own, as many as are kept; remove one first.")
    return short


def stamp(name: str, folder: Path | None = None) -> tuple[int, int]:
    """What changes when other images take the name: size and time of the file; zeros where there is none."""
    try:
        status = _path(name, folder).stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def shelf(folder: Path | None = None) -> Path:
    """The folder of one's own data sets."""
    return (folder or data_folder()) / OWN


def _path(name: str, folder: Path | None) -> Path:
    if not is_own(name):
        raise DataError(f"{name[:60]!r} is not a data set of your own; these are named own/NAME.")
    return shelf(folder) / f"{name.removeprefix(OWN)}{SUFFIX}"


def _read(name: str, folder: Path | None, keys: tuple[str, ...], newer: tuple[str, ...] = ()) -> Arrays:
    """newer: keys that files of older labs lack."""
    path = _path(name, folder)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {key: archive[key] for key in (*keys, *(key for key in newer if key in archive))}
    except FileNotFoundError:
        raise DataError(_nothing(name, folder)) from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(_damaged(name, folder)) from error


def _looked_at(folder: Path | None) -> Iterator[DatasetInfo | str]:
    """Of each file what it holds, or a sentence on what is wrong with it: no list must fail over one entry."""
    for name in own_names(folder):
        try:
            yield own_info(name, folder)
        except DataError as error:
            yield str(error)


def _nothing(name: str, folder: Path | None) -> str:
    there = ", ".join(own_names(folder))
    return (
        f"There is no data set {name} here{f' (there are {there})' if there else ''}; add its images with "
        f"`{COMMAND} datasets add PATH --name {name.removeprefix(OWN)}` or on the Train page."
    )


def _damaged(name: str, folder: Path | None) -> str:
    return f"{_path(name, folder).absolute()} is damaged; remove {name} and add its images again."
