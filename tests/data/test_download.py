"""A download is taken only when it is whole; every other end is a sentence. Served on loopback, no mirror is asked."""

import gzip
import hashlib
import struct
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from dbn_core.data.catalogue import DatasetInfo, IdxFile, dataset_info
from dbn_core.data.download import download
from dbn_core.data.idx import read_idx
from dbn_core.errors import DataError

LABELS = np.arange(101, dtype=np.uint8)
PACKED = gzip.compress(struct.pack(">BBBBI", 0, 0, 8, 1, 101) + LABELS.tobytes(), mtime=0)
ITEM = IdxFile("some-labels-idx1-ubyte", (101,), len(PACKED), hashlib.md5(PACKED, usedforsecurity=False).hexdigest())
UNREACHABLE = "http://127.0.0.1:1/"  # nobody listens on port 1


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing about it."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address it is served under."""
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def info() -> DatasetInfo:
    return dataset_info("mnist")


def silent(_: str) -> None: ...


def test_a_file_is_fetched_announced_and_put_in_its_place(
    served: tuple[Path, str], info: DatasetInfo, tmp_path: Path
) -> None:
    folder, address = served
    (folder / ITEM.gz_name).write_bytes(PACKED)
    said: list[str] = []
    raw = tmp_path / "data" / "MNIST" / "raw"

    download(info, ITEM, raw, said.append, [address])

    assert np.array_equal(read_idx(raw / ITEM.gz_name, (101,)), LABELS)
    assert [path.name for path in raw.iterdir()] == [ITEM.gz_name]
    assert said == ["Downloading MNIST: some-labels-idx1-ubyte.gz (0.0 MB)"]


def test_the_next_mirror_is_asked_when_one_gives_a_damaged_file(
    served: tuple[Path, str], info: DatasetInfo, tmp_path: Path
) -> None:
    folder, address = served
    (folder / ITEM.gz_name).write_bytes(PACKED)
    (folder / "stale").mkdir()
    (folder / "stale" / ITEM.gz_name).write_bytes(PACKED[:-13])

    download(info, ITEM, tmp_path / "raw", silent, [UNREACHABLE, f"{address}stale/", address])

    assert (tmp_path / "raw" / ITEM.gz_name).read_bytes() == PACKED


def test_half_a_file_is_never_left_behind(served: tuple[Path, str], info: DatasetInfo, tmp_path: Path) -> None:
    folder, address = served
    (folder / ITEM.gz_name).write_bytes(PACKED[: len(PACKED) // 2])
    with pytest.raises(DataError, match="could not be downloaded"):
        download(info, ITEM, tmp_path / "raw", silent, [address])
    assert list((tmp_path / "raw").iterdir()) == []


def test_a_file_that_nobody_has_is_reported_with_the_reason(
    served: tuple[Path, str], info: DatasetInfo, tmp_path: Path
) -> None:
    _, address = served
    with pytest.raises(DataError, match=r"could not be downloaded \(.*Connection refused; File not found\)"):
        download(info, ITEM, tmp_path / "raw", silent, [UNREACHABLE, address])


def test_a_folder_that_cannot_be_made_is_named(info: DatasetInfo, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(DataError, match=r"data/raw cannot be written to"):
        download(info, ITEM, tmp_path / "data" / "raw", silent, [UNREACHABLE])
