"""A part of a data set from an `.npz`: arrays `images`, `labels`, `split` (0 training, 1 test) and `class_names`."""

from pathlib import Path

import numpy as np

from dbn_core.data import Dataset
from dbn_core.errors import DataError


def read_subset(path: Path, name: str = "cifar10") -> Dataset:
    """The images as a data set of that name. Raises DataError when an array is missing."""
    with np.load(path, allow_pickle=False) as file:
        missing = {"images", "labels", "split", "class_names"} - set(file.files)
        if missing:
            raise DataError(f"{path} has no array {', '.join(sorted(missing))}; a subset needs them.")
        images, labels, split = file["images"], file["labels"].astype(np.uint8), file["split"]
        names = tuple(str(label) for label in file["class_names"])
    train, test = split == 0, split == 1
    shape = (images.shape[1], images.shape[2], images.shape[3])
    return Dataset(name, images[train], images[test], labels[train], labels[test], shape, names)
