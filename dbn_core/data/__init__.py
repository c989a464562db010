"""Data sets: uint8 images and labels in memory, read once a process. NumPy only; scaling belongs to training."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from dbn_core.data.catalogue import DatasetInfo, catalogue, data_folder, dataset_info
from dbn_core.data.dataset import Dataset
from dbn_core.data.digits import load_digits
from dbn_core.data.mnist import load_mnist

__all__ = ["Dataset", "DatasetInfo", "catalogue", "data_folder", "dataset_info", "load_dataset"]

_loaded: dict[tuple[str, Path], Dataset] = {}
_locks: dict[tuple[str, Path], Lock] = {}
_guard = Lock()


def load_dataset(name: str, folder: Path | str | None = None, progress: Callable[[str], None] | None = None) -> Dataset:
    """The data set of this name: the same object each time it is asked for in this process, from any thread.

    `folder` holds the data sets that are not bundled, by default DBN_DATA or `data`. `progress` is told in a sentence
    what is being downloaded. Raises DataError when the name is unknown, or the files are neither there nor to be had.
    """
    info = dataset_info(name)
    root = Path() if info.is_bundled else Path(folder or data_folder()).expanduser().resolve()
    key = (name, root)
    with _guard:
        lock = _locks.setdefault(key, Lock())
    # One lock a data set: a long download of one holds up nobody who wants another.
    with lock:
        if key not in _loaded:
            _loaded[key] = load_digits() if info.is_bundled else load_mnist(info, root, progress)
        return _loaded[key]
