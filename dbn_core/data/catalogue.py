"""The data sets there are: what each holds, where it comes from, and whether it is on this disk now.

A row names what loads its files: a new form of file is its reader and its row. Looking here reads no image and imports
neither torch nor the network.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dbn_core.config.data import is_own
from dbn_core.data import digits
from dbn_core.data.cifar10 import load_cifar10
from dbn_core.data.info import DatasetInfo
from dbn_core.data.mnist import load_mnist
from dbn_core.data.own.shelf import own_info
from dbn_core.data.published import BatchArchive, IdxFile
from dbn_core.errors import DataError


def catalogue() -> tuple[DatasetInfo, ...]:
    """Every data set that the lab knows by itself, the bundled one first; `own.own_sets` lists what people added."""
    return _CATALOGUE


def dataset_info(name: str, folder: Path | None = None) -> DatasetInfo:
    """One entry, of the catalogue or one's own. Raises DataError naming the data sets there are."""
    if is_own(name):
        return own_info(name, folder)
    for info in _CATALOGUE:
        if info.name == name:
            return info
    known = ", ".join(info.name for info in _CATALOGUE)
    raise DataError(f"There is no data set {name!r}; choose one of {known}.")


def training_images(name: str, folder: Path | None = None) -> int | None:
    """How many training images a data set has; None for one that is not there or cannot be read."""
    try:
        return dataset_info(name, folder).train_count
    except DataError:
        return None


def holds_digits(name: str, folder: Path | None = None) -> bool:
    """Whether the classes of a data set are the ten digits; not of one that is not there or cannot be read."""
    try:
        return dataset_info(name, folder).label_names == digits.CLASSES
    except DataError:
        return False


def _mnist_like(sums: Sequence[tuple[int, str]], publisher: str, **entry: Any) -> DatasetInfo:
    """An entry in the form of MNIST, four IDX files; `sums` are the size and MD5 of each `.gz`, in this order."""
    train, test = 60_000, 10_000
    shapes: dict[str, tuple[int, ...]] = {
        "train-images-idx3-ubyte": (train, 28, 28),
        "train-labels-idx1-ubyte": (train,),
        "t10k-images-idx3-ubyte": (test, 28, 28),
        "t10k-labels-idx1-ubyte": (test,),
    }
    files = tuple(IdxFile(name, shape, *known) for (name, shape), known in zip(shapes.items(), sums, strict=True))
    form: dict[str, Any] = {"shape": (28, 28, 1), "train_count": train, "test_count": test, "read": load_mnist}
    return DatasetInfo(files=files, folder=f"{publisher}/raw", publisher=publisher, **form, **entry)


_CLOTHES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
_MNIST_SUMS = (
    (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
    (28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
    (1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
    (4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
)
_FASHION_SUMS = (
    (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
    (4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
    (5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
)

_CATALOGUE = (
    digits.INFO,
    _mnist_like(
        _MNIST_SUMS,
        "MNIST",
        name="mnist",
        title="MNIST",
        label_names=digits.CLASSES,
        source="MNIST, complete and in its original order (LeCun, Cortes, Burges).",
        licence=digits.MNIST_LICENCE,
    ),
    _mnist_like(
        _FASHION_SUMS,
        "FashionMNIST",
        name="fashion-mnist",
        title="Fashion-MNIST",
        label_names=_CLOTHES,
        source="Fashion-MNIST, complete and in its original order (Zalando Research).",
        licence="MIT, Zalando SE 2017.",
    ),
    DatasetInfo(
        name="cifar10",
        title="CIFAR-10 (colour)",
        shape=(32, 32, 3),
        train_count=50_000,
        test_count=10_000,
        label_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        source="CIFAR-10, binary version, complete and in its original order (Krizhevsky, Nair, Hinton).",
        licence="The authors state no licence; used for research with a citation of Krizhevsky 2009.",
        publisher="CIFAR10",
        read=load_cifar10,
        files=(
            BatchArchive(
                gz_name="cifar-10-binary.tar.gz",
                gz_bytes=170_052_171,
                gz_md5="c32a1d4ab5d03f1284b67883e8d87530",
                unpacked="cifar-10-batches-bin",
                names=(*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin"),
                member_bytes=30_730_000,
            ),
        ),
    ),
)
