"""Other views of the same images: in grey, or as many small patches. Pure functions of a data set."""

from dataclasses import replace

import numpy as np

from dbn_core.data.dataset import Bytes, Dataset
from dbn_core.errors import DataError

PER_IMAGE = 10  # patches, at most
TRAIN_PATCHES, TEST_PATCHES = 100_000, 10_000  # at most
_LUMA = (19_595, 38_470, 7_471)  # 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) in units of 2^-16, as Pillow rounds it


def view(data: Dataset, *, grey: bool = False, patch: int | None = None, seed: int = 0) -> Dataset:
    """The data set as the settings of a run want it. Raises DataError for a patch larger than the images."""
    seen = in_grey(data) if grey else data
    return seen if patch is None else in_patches(seen, patch, seed)


def in_grey(data: Dataset) -> Dataset:
    """Colour images as their luma, (n, height, width); grey ones as they are."""
    if data.shape[2] == 1:
        return data
    return replace(data, train=luma(data.train), test=luma(data.test), shape=(*data.shape[:2], 1))


def luma(images: Bytes) -> Bytes:
    """(n, height, width, 3) -> (n, height, width)."""
    out = np.empty(images.shape[:3], np.uint8)
    for index, image in enumerate(images):  # one at a time: a 32-bit copy of all would be large
        out[index] = (image.astype(np.uint32) @ np.array(_LUMA, np.uint32) + 2**15) >> 16
    return out


def in_patches(data: Dataset, side: int, seed: int) -> Dataset:
    """Square patches at random places, drawn once from `seed`: up to 10 an image, 100,000 to train on, 10,000 held out.

    Patches of held-out images are held out too. A patch has no class. Raises DataError where an image is too small.
    """
    height, width, channels = data.shape
    if side > min(height, width):
        raise DataError(
            f"data.patch is {side} but the images of {data.name} are {height} x {width}; give at most "
            f"{min(height, width)}, or none for whole images."
        )
    # Each split draws from a stream of its own.
    train = _cut(data.train, side, TRAIN_PATCHES, np.random.default_rng((seed, 0)))
    test = _cut(data.test, side, TEST_PATCHES, np.random.default_rng((seed, 1)))
    return replace(
        data,
        train=train,
        test=test,
        train_labels=np.zeros(len(train), np.uint8),
        test_labels=np.zeros(len(test), np.uint8),
        shape=(side, side, channels),
        label_names=(),
    )


def _cut(images: Bytes, side: int, limit: int, generator: np.random.Generator) -> Bytes:
    """Patches (n, side, side[, 3]), in random order; each image gives as many as every other, or one more."""
    count = min(limit, PER_IMAGE * len(images))
    sources = generator.permutation(np.arange(count) % len(images))
    tops = generator.integers(0, images.shape[1] - side + 1, count)
    lefts = generator.integers(0, images.shape[2] - side + 1, count)
    windows = np.lib.stride_tricks.sliding_window_view(images, (side, side), axis=(1, 2))
    cut = windows[sources, tops, lefts]  # (n, side, side) or (n, 3, side, side)
    return np.ascontiguousarray(np.moveaxis(cut, 1, -1) if images.ndim == 4 else cut)
