"""The bundled digits: 8,000 + 2,000 real MNIST images in one file of 1.7 MB; `assets/digits.md` says whose they are."""

import zipfile
from pathlib import Path

import numpy as np

from dbn_core.data.catalogue import ASSETS, dataset_info
from dbn_core.data.dataset import Dataset
from dbn_core.errors import DataError

FILE = ASSETS / "digits.npz"


def load_digits(path: Path = FILE) -> Dataset:
    """The digits, both splits in a shuffled order. Raises DataError when the file is missing or damaged."""
    info = dataset_info("digits")
    try:
        # Opened here: NumPy leaves a file open that turns out to be no archive.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            images, labels = archive["images"], archive["labels"]
            train, test = archive["train"], archive["test"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"The bundled digits in {path} cannot be read ({error}). Restore the file.") from error
    return Dataset(
        name=info.name,
        train=images[train],
        test=images[test],
        train_labels=labels[train],
        test_labels=labels[test],
        shape=info.shape,
        label_names=info.label_names,
    )
