"""MNIST and Fashion-MNIST: found in a folder packed or unpacked, read without writing, refused with the way out.

The complete files are used where DBN_TEST_DATA names a folder that holds them.
"""

import gzip
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import dbn_core.data.mnist as mnist_module
from dbn_core.data import Dataset, data_folder, dataset_info, load_dataset
from dbn_core.data.catalogue import DatasetInfo, IdxFile
from dbn_core.data.mnist import load_mnist
from dbn_core.errors import DataError


@pytest.fixture(scope="session")
def complete() -> Path:
    """A folder with both complete data sets."""
    folder = Path(os.environ.get("DBN_TEST_DATA", "nowhere"))
    if not all(dataset_info(name).is_present(folder) for name in ("mnist", "fashion-mnist")):
        pytest.skip("DBN_TEST_DATA names no folder with MNIST/raw and FashionMNIST/raw")
    return folder


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that reaches no mirror."""

    def refuse(_info: DatasetInfo, item: IdxFile, _raw: Path, _say: object) -> None:
        raise DataError(f"{item.gz_name} could not be downloaded (no network).")

    monkeypatch.setattr(mnist_module, "download", refuse)


def snapshot(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_mnist_is_read_whole_and_in_its_original_order(complete: Path) -> None:
    before = snapshot(complete)
    data = load_dataset("mnist", complete)
    assert data.train.shape == (60_000, 28, 28)
    assert data.test.shape == (10_000, 28, 28)
    assert data.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert data.test_labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.train_labels).tolist() == counts
    assert data.train.mean() / 255 == pytest.approx(0.1307, abs=5e-5)
    assert snapshot(complete) == before


def test_fashion_mnist_is_read_whole_with_the_names_of_its_classes(complete: Path) -> None:
    data = load_dataset("fashion-mnist", complete)
    assert np.bincount(data.train_labels).tolist() == [6_000] * 10
    assert np.bincount(data.test_labels).tolist() == [1_000] * 10
    assert data.train.mean() / 255 == pytest.approx(0.2860, abs=5e-5)
    assert [data.label_names[label] for label in data.train_labels[:2]] == ["Ankle boot", "T-shirt/top"]


def test_the_bundled_digits_are_the_first_ten_thousand_of_mnist(complete: Path) -> None:
    digits, mnist = load_dataset("digits"), load_dataset("mnist", complete)
    bundled = [*zip(map(bytes, digits.train), digits.train_labels.tolist(), strict=True)]
    bundled += zip(map(bytes, digits.test), digits.test_labels.tolist(), strict=True)
    published = zip(map(bytes, mnist.train[:10_000]), mnist.train_labels[:10_000].tolist(), strict=True)
    assert sorted(bundled) == sorted(published)


def test_unpacked_files_give_the_same_arrays_as_packed_ones(complete: Path, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for item in dataset_info("mnist").files:
        assert isinstance(item, IdxFile)
        packed = complete / "MNIST" / "raw" / item.gz_name
        with gzip.open(packed) as source, (raw / item.name).open("wb") as target:
            shutil.copyfileobj(source, target)
    assert dataset_info("mnist").is_present(tmp_path)

    packed_data, unpacked_data = load_dataset("mnist", complete), load_dataset("mnist", tmp_path)
    assert unpacked_data is not packed_data
    assert np.array_equal(unpacked_data.train, packed_data.train)
    assert np.array_equal(unpacked_data.test_labels, packed_data.test_labels)


@pytest.mark.usefixtures("offline")
def test_a_partial_download_is_not_taken_for_the_file(complete: Path, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    shutil.copytree(complete / "MNIST" / "raw", raw, copy_function=shutil.copyfile)
    raw.chmod(0o755)
    partial = raw / "t10k-images-idx3-ubyte.gz"
    partial.write_bytes(partial.read_bytes()[:-7_919])

    assert not dataset_info("mnist").is_present(tmp_path)
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte\.gz is not the published file: its MD5"):
        load_dataset("mnist", tmp_path)


@pytest.mark.usefixtures("offline")
def test_a_sound_packed_file_stands_in_for_a_damaged_unpacked_one(complete: Path, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    shutil.copytree(complete / "MNIST" / "raw", raw, copy_function=shutil.copyfile)
    raw.chmod(0o755)
    (raw / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01")
    assert load_dataset("mnist", tmp_path).train_labels[:3].tolist() == [5, 0, 4]


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("name", "folder"), [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST")])
def test_offline_the_error_names_the_files_the_folder_and_the_way_out(tmp_path: Path, name: str, folder: str) -> None:
    with pytest.raises(DataError) as caught:
        load_dataset(name, tmp_path)
    message = str(caught.value)
    assert "no network" in message
    assert str(tmp_path / folder / "raw") in message
    assert all(item.gz_name in message for item in dataset_info(name).files)
    assert "`digits`, which needs no download" in message


@pytest.mark.usefixtures("offline")
def test_a_failed_load_is_tried_again_and_not_remembered(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(DataError, match="not complete"):
            load_dataset("mnist", tmp_path)


def test_only_the_files_that_are_not_there_are_downloaded(
    complete: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    source = complete / "MNIST" / "raw"
    shutil.copyfile(source / "train-images-idx3-ubyte.gz", raw / "train-images-idx3-ubyte.gz")
    fetched: list[str] = []

    def fetch(_info: DatasetInfo, item: IdxFile, target: Path, say: mnist_module.Progress) -> None:
        say(item.gz_name)
        shutil.copyfile(source / item.gz_name, target / item.gz_name)

    monkeypatch.setattr(mnist_module, "download", fetch)
    data = load_mnist(dataset_info("mnist"), tmp_path, fetched.append)
    assert len(data.test) == 10_000
    assert fetched == ["train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataError, match="no data set 'cifar'; choose one of digits, mnist, fashion-mnist"):
        load_dataset("cifar")


def test_the_catalogue_says_what_is_missing_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBN_DATA", str(tmp_path))
    info = dataset_info("fashion-mnist")
    assert data_folder() == tmp_path
    assert info.raw_folder() == tmp_path / "FashionMNIST" / "raw"
    assert info.missing() == info.files
    assert not info.is_present()


def test_the_environment_decides_where_data_sets_are(complete: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBN_DATA", str(complete))
    assert load_dataset("mnist") is load_dataset("mnist", complete)


def test_many_threads_share_one_object_that_is_read_once(complete: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    start = threading.Barrier(7)

    def counted(info: DatasetInfo, folder: Path, progress: mnist_module.Progress | None) -> Dataset:
        reads.append(info.name)
        return load_mnist(info, folder, progress)

    def ask(_: int) -> object:
        start.wait()
        return load_dataset("fashion-mnist", complete)

    info = replace(dataset_info("fashion-mnist"), read=counted)
    monkeypatch.setattr("dbn_core.data.dataset_info", lambda *_: info)
    monkeypatch.setattr("dbn_core.data._loaded", {})
    with ThreadPoolExecutor(7) as pool:
        sets = list(pool.map(ask, range(7)))
    assert len({id(item) for item in sets}) == 1
    assert reads == ["fashion-mnist"]


def test_a_slow_download_of_one_data_set_holds_up_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started, finish = threading.Event(), threading.Event()

    def wait(_info: DatasetInfo, _item: IdxFile, _raw: Path, _say: object) -> None:
        started.set()
        finish.wait()
        raise DataError("no network")

    monkeypatch.setattr(mnist_module, "download", wait)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(load_dataset, "mnist", tmp_path)
        started.wait()
        assert len(load_dataset("digits").test) == 2_000
        finish.set()
        with pytest.raises(DataError, match="no network"):
            slow.result()


def test_images_and_labels_cannot_be_written_to() -> None:
    data = load_dataset("digits")
    for array in (data.train, data.test, data.train_labels, data.test_labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
