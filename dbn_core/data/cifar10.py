"""CIFAR-10 in its binary version: `cifar-10-binary.tar.gz`, or the folder `cifar-10-batches-bin` that it unpacks to.

torchvision keeps the Python version beside it (`cifar-10-batches-py`), which consists of pickles. Reading a pickle may
run whatever it says, so the lab never does, not even through a restricted reader: the binary version holds the same
images and labels as plain bytes. Each record is one label and 3,072 pixels: 32 x 32 red ones, then green, then blue.
"""

import tarfile
import zlib
from pathlib import Path

import numpy as np

from dbn_core.data.dataset import Bytes, Dataset
from dbn_core.data.download import check_md5, download
from dbn_core.data.info import DatasetInfo, Progress
from dbn_core.data.published import BatchArchive
from dbn_core.errors import DataError

PICKLES = "cifar-10-batches-py"
SIDE = 32
RECORD = 1 + 3 * SIDE**2


def load_cifar10(info: DatasetInfo, folder: Path, progress: Progress | None = None) -> Dataset:
    """The whole data set, downloaded into `folder` if it is not there; nothing is unpacked to the disk.

    Raises DataError naming the file, where to put it, and what to train on instead.
    """
    archive = next(item for item in info.files if isinstance(item, BatchArchive))
    place = info.raw_folder(folder)
    contents = _unpacked(archive, place) or _packed(info, archive, place, progress or _silent)
    batches = [_records(content, name) for name, content in zip(archive.names, contents, strict=True)]
    return Dataset(
        name=info.name,
        train=np.concatenate([images for images, _ in batches[:-1]]),
        test=batches[-1][0],
        train_labels=np.concatenate([labels for _, labels in batches[:-1]]),
        test_labels=batches[-1][1],
        shape=info.shape,
        label_names=info.label_names,
    )


def _unpacked(archive: BatchArchive, place: Path) -> list[bytes]:
    """The batches from their folder; none where it is not complete."""
    if not archive.is_unpacked_in(place):
        return []
    try:
        return [(place / archive.unpacked / name).read_bytes() for name in archive.names]
    except OSError as error:
        raise DataError(f"{place / archive.unpacked} cannot be read: {error.strerror or error}.") from error


def _packed(info: DatasetInfo, archive: BatchArchive, place: Path, say: Progress) -> list[bytes]:
    path = place / archive.gz_name
    try:
        if not path.is_file():
            download(info, archive, place, say)
        check_md5(archive, path)
        return _members(archive, path)
    except OSError as error:
        raise DataError(_how_to_get(info, archive, place, f"{path} cannot be read ({error.strerror})")) from error
    except DataError as error:
        raise DataError(_how_to_get(info, archive, place, str(error).rstrip("."))) from error


def _members(archive: BatchArchive, path: Path) -> list[bytes]:
    """The batches out of the archive, into memory: no name in it ever becomes a path."""
    contents: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:gz") as file:
            for member in file:
                folder, _, name = member.name.rpartition("/")
                if folder != archive.unpacked or name not in archive.names or member.size != archive.member_bytes:
                    continue
                content = file.extractfile(member)
                if content is not None:
                    contents[name] = content.read(archive.member_bytes)
        return [contents[name] for name in archive.names]
    except (tarfile.TarError, EOFError, zlib.error, KeyError) as error:
        raise DataError(f"{path} is damaged ({error}); remove it") from error


def _records(content: bytes, name: str) -> tuple[Bytes, Bytes]:
    """(images (n, 32, 32, 3), labels (n,)) of one batch. Raises DataError for a label that is none of the ten."""
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    labels = records[:, 0].copy()
    if labels.max() > 9:
        raise DataError(f"{name} of CIFAR-10 is damaged: it holds the label {labels.max()}. Fetch it again.")
    return np.ascontiguousarray(records[:, 1:].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)), labels


def _how_to_get(info: DatasetInfo, archive: BatchArchive, place: Path, problem: str) -> str:
    pickles = f" ({PICKLES} there holds Python pickles, which are never loaded)" if (place / PICKLES).is_dir() else ""
    return (
        f"{info.title.split(' (')[0]} is not on this machine and could not be fetched ({problem}): put "
        f"{archive.gz_name}, the binary version, or the folder {archive.unpacked} that it unpacks to, into the folder "
        f"{place.absolute()}{pickles}, or train on `digits`, which needs no download."
    )


def _silent(_: str) -> None:
    """For callers that show no progress."""
