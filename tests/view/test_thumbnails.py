"""Thumbnails show images as they are, side by side, none blurred."""

import io

import numpy as np
import pytest
from PIL import Image

from dbn_core.view import thumbnails


@pytest.mark.parametrize("channels", [(), (3,)])
def test_grey_and_coloured_images_keep_their_values_in_a_row(channels: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 7, 11, *channels), dtype=np.uint8)
    with Image.open(io.BytesIO(thumbnails.row(images))) as opened:
        row = np.asarray(opened.convert("RGBA"))
    scale = 3  # the first whole number that makes 11 pixels at least 32
    assert row.shape == (7 * scale, (5 * 11 + 4 * thumbnails.GAP) * scale, 4)
    third = row[::scale, 2 * (11 + thumbnails.GAP) * scale :: scale][:, :11, :3]
    assert np.array_equal(third, images[2] if channels else np.repeat(images[2][..., None], 3, axis=2))


def test_large_images_stay_as_they_are() -> None:
    with Image.open(io.BytesIO(thumbnails.row(np.zeros((2, 64, 64), np.uint8)))) as row:
        assert row.size == (64 + thumbnails.GAP + 64, 64)
