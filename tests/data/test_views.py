"""Grey and patches: the same pixels, drawn once from a seed, training and held-out images kept apart."""

import numpy as np
import pytest
from PIL import Image

from dbn_core.data.dataset import Dataset
from dbn_core.data.views import in_grey, in_patches, view
from dbn_core.errors import DataError


def numbered(train: int = 17, test: int = 5, *, colour: bool = True) -> Dataset:
    """Every image has one value of red of its own, so that a patch tells where it came from."""
    generator = np.random.default_rng(3)
    images = generator.integers(0, 256, (train + test, 11, 13, 3), dtype=np.uint8)
    images[..., 0] = np.arange(train + test)[:, None, None]
    images = images if colour else images[..., 0]
    return Dataset(
        name="numbered",
        train=images[:train].copy(),
        test=images[train:].copy(),
        train_labels=np.zeros(train, np.uint8),
        test_labels=np.ones(test, np.uint8),
        shape=(11, 13, 3 if colour else 1),
        label_names=("a", "b"),
    )


def test_grey_is_the_luma_that_pillow_gives() -> None:
    data = numbered()
    grey = in_grey(data)
    assert grey.shape == (11, 13, 1)
    assert np.array_equal(grey.train[7], np.asarray(Image.fromarray(data.train[7]).convert("L")))
    assert in_grey(grey) is grey
    assert grey.label_names == data.label_names


def test_patches_are_parts_of_images_of_their_own_split() -> None:
    data = numbered()
    patches = in_patches(data, 5, seed=3)
    assert patches.train.shape == (170, 5, 5, 3)
    assert patches.test.shape == (50, 5, 5, 3)
    assert patches.shape == (5, 5, 3)
    assert patches.label_names == ()
    assert np.bincount(patches.train[:, 0, 0, 0]).tolist() == [10] * 17
    assert set(patches.test[:, 0, 0, 0]) == set(range(17, 22))
    windows = np.lib.stride_tricks.sliding_window_view(data.train[patches.train[0, 0, 0, 0]], (5, 5), axis=(0, 1))
    assert any(np.array_equal(np.moveaxis(window, 0, -1), patches.train[0]) for row in windows for window in row)


def test_every_place_of_an_image_is_drawn() -> None:
    data = numbered(colour=False)
    whole = in_patches(data, 11, seed=3)
    assert whole.train.shape == (170, 11, 11)
    data.train.setflags(write=True)
    data.train[:] = np.arange(13)
    assert set(in_patches(data, 11, seed=3).train[:, 0, 0]) == {0, 1, 2}


def test_patches_are_a_function_of_the_seed() -> None:
    data = numbered()
    assert np.array_equal(in_patches(data, 5, 3).train, in_patches(data, 5, 3).train)
    assert not np.array_equal(in_patches(data, 5, 3).train, in_patches(data, 5, 4).train)


def test_the_number_of_patches_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dbn_core.data.views.TRAIN_PATCHES", 37)
    counts = np.bincount(in_patches(numbered(), 3, 3).train[:, 0, 0, 0], minlength=17)
    assert sorted(set(counts.tolist())) == [2, 3]
    assert counts.sum() == 37


def test_a_patch_larger_than_the_images_is_refused_with_the_largest() -> None:
    with pytest.raises(DataError, match=r"data\.patch is 12 but the images of numbered are 11 x 13; give at most 11"):
        view(numbered(), patch=12)
