"""The bundled digits are real MNIST digits, split fairly."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from dbn_core.data import Dataset, dataset_info, load_dataset
from dbn_core.data.digits import load_digits
from dbn_core.errors import DataError
from dbn_core.places import ASSETS

# How often each digit occurs among the first 10,000 training images of MNIST.
CLASS_COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_dataset("digits")


def test_the_split_has_8000_images_to_train_on_and_2000_held_out(digits: Dataset) -> None:
    assert digits.train.shape == (8_000, 28, 28)
    assert digits.test.shape == (2_000, 28, 28)
    assert digits.train_labels.shape == (8_000,)
    assert digits.test_labels.shape == (2_000,)
    assert {array.dtype for array in (digits.train, digits.test, digits.train_labels)} == {np.dtype(np.uint8)}
    assert digits.pixels == 784


def test_every_class_occurs_as_often_as_in_mnist(digits: Dataset) -> None:
    labels = np.concatenate([digits.train_labels, digits.test_labels])
    assert np.bincount(labels).tolist() == CLASS_COUNTS


def test_each_class_gives_its_share_to_the_held_out_images(digits: Dataset) -> None:
    expected = np.array(CLASS_COUNTS) * 2_000 / 10_000
    assert np.abs(np.bincount(digits.test_labels) - expected).max() < 1


def test_the_first_images_of_either_split_are_a_fair_sample(digits: Dataset) -> None:
    # Short runs train on the first images only. A class has 100 in 1,000 give or take 9.5; 5 standard deviations.
    for labels in (digits.train_labels[:1_000], digits.test_labels[:1_000]):
        assert np.abs(np.bincount(labels, minlength=10) - np.array(CLASS_COUNTS) / 10).max() < 48


def test_no_image_occurs_twice_nor_in_both_splits(digits: Dataset) -> None:
    images = [image.tobytes() for image in np.concatenate([digits.train, digits.test])]
    assert len(set(images)) == 10_000


def test_the_first_zero_of_mnist_is_there_to_the_byte() -> None:
    with np.load(ASSETS / "digits.npz", allow_pickle=False) as archive:
        first_zero, label = archive["images"][0], archive["labels"][0]
    assert label == 0
    # Image 1 of the training set is its first zero; these values were read from the published idx file.
    assert first_zero[4, 12:20].tolist() == [0, 0, 0, 51, 159, 253, 159, 50]
    assert hashlib.md5(first_zero.tobytes(), usedforsecurity=False).hexdigest() == "f81bff978d39d9f800e373d772229c9c"


def test_grey_values_have_the_mean_and_spread_of_mnist(digits: Dataset) -> None:
    intensities = np.concatenate([digits.train, digits.test]) / 255
    assert intensities.mean() == pytest.approx(0.1307, abs=0.002)
    assert intensities.std() == pytest.approx(0.3081, abs=0.002)
    assert digits.train.min() == 0
    assert digits.train.max() == 255


def test_the_bundled_file_is_small_and_says_whose_it_is() -> None:
    assert (ASSETS / "digits.npz").stat().st_size < 2_000_000
    provenance = (ASSETS / "digits.md").read_text(encoding="utf-8")
    assert "MIT License" in provenance
    assert "Juan Cazala" in provenance


def test_the_catalogue_says_what_the_digits_hold(digits: Dataset) -> None:
    info = dataset_info("digits")
    assert (info.train_count, info.test_count) == (len(digits.train), len(digits.test))
    assert info.label_names == digits.label_names
    assert info.shape == digits.shape
    assert info.is_bundled
    assert info.is_present(Path("nowhere"))


def test_a_damaged_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    damaged = tmp_path / "digits.npz"
    damaged.write_bytes((ASSETS / "digits.npz").read_bytes()[:-1_009])
    with pytest.raises(DataError, match=r"digits\.npz cannot be read .* Restore the file"):
        load_digits(damaged)
