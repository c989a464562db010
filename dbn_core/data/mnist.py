"""MNIST and its like: four idx files in `<folder>/<Name>/raw`, as torchvision lays them out, packed or unpacked.

What is there is read and never written to. What is not there in full is downloaded first.
"""

from pathlib import Path

from dbn_core.data.dataset import Bytes, Dataset
from dbn_core.data.download import check_md5, download
from dbn_core.data.idx import read_idx
from dbn_core.data.info import DatasetInfo, Progress
from dbn_core.data.published import IdxFile
from dbn_core.errors import DataError


def load_mnist(info: DatasetInfo, folder: Path, progress: Progress | None = None) -> Dataset:
    """The whole data set, downloaded into `folder` if it is not there.

    Raises DataError naming the files and where to put them when they are neither there nor to be had.
    """
    say = progress or _silent
    raw = info.raw_folder(folder)
    arrays = [_load(info, item, raw, say) for item in info.files if isinstance(item, IdxFile)]
    return Dataset(
        name=info.name,
        train=arrays[0],
        train_labels=arrays[1],
        test=arrays[2],
        test_labels=arrays[3],
        shape=info.shape,
        label_names=info.label_names,
    )


def _load(info: DatasetInfo, item: IdxFile, raw: Path, say: Progress) -> Bytes:
    problems: list[str] = []
    array = _find(item, raw, problems)
    if array is not None:
        return array
    try:
        download(info, item, raw, say)
    except DataError as error:
        raise DataError(_how_to_get(info, raw, [*problems, str(error)])) from error
    return read_idx(raw / item.gz_name, item.shape)


def _find(item: IdxFile, raw: Path, problems: list[str]) -> Bytes | None:
    """The array from the unpacked or the packed file, whichever is sound; what is wrong goes to `problems`."""
    for path in (raw / item.name, raw / item.gz_name):
        if path.is_file():
            try:
                return _read_checked(item, path)
            except DataError as error:
                problems.append(str(error))
    return None


def _read_checked(item: IdxFile, path: Path) -> Bytes:
    if path.name == item.gz_name:
        check_md5(item, path)
    return read_idx(path, item.shape)


def _how_to_get(info: DatasetInfo, raw: Path, problems: list[str]) -> str:
    missing = ", ".join(item.gz_name for item in info.files if not item.is_in(raw)) or "sound copies of its files"
    return (
        f"{info.title} is not complete on this machine. {' '.join(problems)} "
        f"Put {missing} into the folder {raw.absolute()} (unpacked files will do as well), "
        "or train on `digits`, which needs no download."
    )


def _silent(_: str) -> None:
    """For callers that show no progress."""
