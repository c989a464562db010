"""CIFAR-10: records read without unpacking, found packed or unpacked, refused with one sentence; pickles stay shut."""

import gzip
import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import dbn_core.data.cifar10 as module
from dbn_core.data.catalogue import DatasetInfo, dataset_info
from dbn_core.data.cifar10 import RECORD, load_cifar10
from dbn_core.data.download import _mirrors
from dbn_core.data.published import BatchArchive, PublishedFile
from dbn_core.errors import DataError

CASES = 7  # records in a batch, here


def batch(seed: int) -> bytes:
    records = np.random.default_rng(seed).integers(0, 256, (CASES, RECORD), dtype=np.uint8)
    records[:, 0] = (np.arange(CASES) + seed) % 10
    return records.tobytes()


def tarred(archive: BatchArchive) -> bytes:
    """The same bytes at whatever time: their digest is known beforehand."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as file:
        contents = {f"{archive.unpacked}/{name}": batch(seed) for seed, name in enumerate(archive.names)}
        for name, content in {"../outside.bin": b"x" * len(batch(0)), **contents}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return out.getvalue()


@pytest.fixture
def info() -> DatasetInfo:
    """The entry of the catalogue, with batches of seven records."""
    original = dataset_info("cifar10")
    archive = original.files[0]
    assert isinstance(archive, BatchArchive)
    small = replace(archive, member_bytes=CASES * RECORD)
    content = tarred(small)
    known = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return replace(original, files=(replace(small, gz_bytes=len(content), gz_md5=known),))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_info: DatasetInfo, item: PublishedFile, _place: Path, _say: object) -> None:
        raise DataError(f"{item.gz_name} could not be downloaded (no network).")

    monkeypatch.setattr(module, "download", refuse)


def archive_of(info: DatasetInfo) -> BatchArchive:
    archive = info.files[0]
    assert isinstance(archive, BatchArchive)
    return archive


def unpack(archive: BatchArchive, place: Path) -> None:
    (place / archive.unpacked).mkdir()
    for seed, name in enumerate(archive.names):
        (place / archive.unpacked / name).write_bytes(batch(seed))


def test_a_record_is_a_label_and_three_planes_of_colour(info: DatasetInfo, tmp_path: Path) -> None:
    unpack(archive_of(info), tmp_path)
    data = load_cifar10(info, tmp_path)
    assert data.train.shape == (5 * CASES, 32, 32, 3)
    assert data.test.shape == (CASES, 32, 32, 3)
    record = np.frombuffer(batch(2), np.uint8)[3 * RECORD : 4 * RECORD]
    image = data.train[2 * CASES + 3]
    assert data.train_labels[2 * CASES + 3] == record[0]
    assert image[5, 11, 0] == record[1 + 5 * 32 + 11]
    assert image[5, 11, 2] == record[1 + 2 * 1024 + 5 * 32 + 11]
    assert info.is_present(tmp_path)


def test_the_packed_archive_is_read_without_unpacking_it(info: DatasetInfo, tmp_path: Path) -> None:
    archive = archive_of(info)
    (tmp_path / archive.gz_name).write_bytes(tarred(archive))
    packed = load_cifar10(info, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [archive.gz_name]
    unpack(archive, tmp_path)
    unpacked = load_cifar10(info, tmp_path)
    assert np.array_equal(packed.train, unpacked.train)
    assert np.array_equal(packed.test_labels, unpacked.test_labels)


@pytest.mark.usefixtures("offline")
def test_without_files_and_network_one_sentence_names_file_folder_and_alternative(
    info: DatasetInfo, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as caught:
        load_cifar10(info, tmp_path)
    message = str(caught.value)
    assert all(part in message for part in ("cifar-10-binary.tar.gz", str(tmp_path), "`digits`", "no network"))
    assert message.count(". ") == 0
    assert not info.is_present(tmp_path)


@pytest.mark.usefixtures("offline")
def test_the_pickles_of_torchvision_are_never_loaded(info: DatasetInfo, tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for name in ("data_batch_1", "test_batch", "batches.meta"):
        (folder / name).write_bytes(b"cos\nsystem\n(S'touch opened'\ntR.")
    with pytest.raises(DataError, match="cifar-10-batches-py there holds Python pickles, which are never loaded"):
        load_cifar10(info, tmp_path)


def test_a_damaged_archive_and_a_wrong_label_are_named(info: DatasetInfo, tmp_path: Path) -> None:
    archive = archive_of(info)
    (tmp_path / archive.gz_name).write_bytes(tarred(archive)[:-7])
    with pytest.raises(DataError, match="is not the published file"):
        load_cifar10(info, tmp_path)
    (tmp_path / archive.gz_name).unlink()
    unpack(archive, tmp_path)
    path = tmp_path / archive.unpacked / archive.names[1]
    path.write_bytes(b"\x0b" + path.read_bytes()[1:])
    with pytest.raises(DataError, match=r"data_batch_2\.bin of CIFAR-10 is damaged: it holds the label 11"):
        load_cifar10(info, tmp_path)


def test_it_is_fetched_from_where_torchvision_has_its_own_version(info: DatasetInfo) -> None:
    from torchvision.datasets import CIFAR10

    (mirror,) = _mirrors(info)
    assert CIFAR10.url.startswith(mirror)
    assert mirror.endswith("/")
