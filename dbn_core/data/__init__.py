"""Data sets: uint8 images and labels in memory, read once a process. NumPy only; preprocessing belongs to training."""

from pathlib import Path
from threading import Lock

from dbn_core.data.catalogue import catalogue, dataset_info, holds_digits
from dbn_core.data.dataset import Dataset
from dbn_core.data.digits import load_digits
from dbn_core.data.info import DatasetInfo, Progress, data_folder
from dbn_core.data.own.shelf import load_own, stamp

__all__ = ["Dataset", "DatasetInfo", "catalogue", "data_folder", "dataset_info", "holds_digits", "load_dataset"]

_loaded: dict[tuple[str, Path], tuple[tuple[int, int], Dataset]] = {}
_locks: dict[tuple[str, Path], Lock] = {}
_guard = Lock()


def load_dataset(name: str, folder: Path | str | None = None, progress: Progress | None = None) -> Dataset:
    """The data set of this name: the same object each time it is asked for in this process, from any thread.

    `folder` holds the data sets that are not bundled, by default DBN_DATA or `data`. `progress` is told in a sentence
    what is being downloaded. Raises DataError when the name is unknown, or the files are neither there nor to be had.
    """
    info = dataset_info(name, None if folder is None else Path(folder).expanduser().resolve())
    root = Path() if info.is_bundled else Path(folder or data_folder()).expanduser().resolve()
    key = (name, root)
    with _guard:
        lock = _locks.setdefault(key, Lock())
    # One lock a data set: a long download of one holds up nobody who wants another.
    with lock:
        version = stamp(name, root) if info.is_own else (0, 0)  # other images may have taken the name
        if key not in _loaded or _loaded[key][0] != version:
            _loaded[key] = (version, _load(info, root, progress))
        return _loaded[key][1]


def _load(info: DatasetInfo, root: Path, progress: Progress | None) -> Dataset:
    if info.is_own:
        return load_own(info.name, root)
    return load_digits() if info.read is None else info.read(info, root, progress)
