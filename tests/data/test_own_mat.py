"""A `.mat` is read in MATLAB's order of axes and in Python's; other forms are refused in a sentence."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy.io import savemat

from dbn_core.data.own import add_images, limits, load_own
from dbn_core.data.own.given import given_images
from tests.data.own_samples import picture, refused

IMAGES = np.stack([picture(index, 7, 7) for index in range(53)])
COLOUR = np.stack([picture(index, 7, 7, colour=True) for index in range(53)])
LABELS = 1 + np.arange(53) % 3


def mat(*, packed: bool = True, **arrays: Any) -> bytes:
    out = io.BytesIO()
    savemat(out, arrays, do_compression=packed)
    return out.getvalue()


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    ("arrays", "images"),
    [
        ({"X": COLOUR.transpose(1, 2, 3, 0), "y": LABELS[:, None]}, COLOUR),  # as SVHN
        ({"X": COLOUR.transpose(1, 2, 3, 0), "y": LABELS[None]}, COLOUR),
        ({"images": IMAGES.transpose(1, 2, 0), "labels": LABELS}, IMAGES),
        ({"images": IMAGES, "labels": LABELS}, IMAGES),  # as Python counts
        ({"X": COLOUR, "y": LABELS}, COLOUR),
        ({"X": IMAGES.reshape(53, 49), "y": LABELS}, IMAGES),
        ({"X": IMAGES.reshape(53, 49).T, "y": LABELS}, IMAGES),
        ({"X": IMAGES.transpose(1, 2, 0)[:, :, None], "y": LABELS.astype(float)}, IMAGES),
    ],
)
def test_images_and_labels_are_found_in_either_order(
    arrays: dict[str, np.ndarray], images: np.ndarray, packed: bool, tmp_path: Path
) -> None:
    others = {"note": "a text", "cells": np.array([1, "a"], object), "empty": np.zeros((0, 0)), "z": np.array([1j])}
    file = io.BytesIO(mat(packed=packed, **arrays, **others, sparse=scipy.sparse.csc_array(np.eye(3))))
    added = add_images(("x.mat", file), "x", folder=tmp_path)
    assert added.info.label_names == ("1", "2", "3")
    data = load_own("own/x", tmp_path)
    wanted = {(image.tobytes(), label) for image, label in zip(images, LABELS - 1, strict=True)}
    found = zip((*data.train, *data.test), (*data.train_labels, *data.test_labels), strict=True)
    assert {(image.tobytes(), int(label)) for image, label in found} == wanted


@pytest.mark.parametrize("images", [IMAGES.transpose(1, 2, 0), IMAGES, COLOUR.transpose(1, 2, 3, 0), COLOUR])
def test_without_labels_the_sizes_say_which_axis_counts_images(images: np.ndarray, tmp_path: Path) -> None:
    wanted = COLOUR if images.ndim == 4 else IMAGES
    (tmp_path / "x.mat").write_bytes(mat(packed=True, X=images))
    np.testing.assert_array_equal(given_images(tmp_path / "x.mat", wanted.shape[1:]).numbers, wanted)


def test_parts_keep_their_split(tmp_path: Path) -> None:
    arrays = {"train_x": IMAGES[:41].transpose(1, 2, 0), "train_y": LABELS[:41]}
    arrays |= {"test_x": IMAGES[41:].transpose(1, 2, 0), "test_y": LABELS[41:]}
    added = add_images(("x.mat", io.BytesIO(mat(packed=True, **arrays))), "x", folder=tmp_path)
    assert (added.info.train_count, added.info.test_count) == (41, 12)


def test_the_struct_of_emnist_is_read_with_its_images_upright(tmp_path: Path) -> None:
    parts = {
        part: {"images": IMAGES[rows].transpose(0, 2, 1).reshape(-1, 49), "labels": LABELS[rows, None].astype(float)}
        for part, rows in (("train", slice(41)), ("test", slice(41, 53)))
    }
    file = io.BytesIO(mat(dataset={**parts, "mapping": np.eye(3)}))
    added = add_images(("x.mat", file), "x", folder=tmp_path)
    assert (added.info.train_count, added.info.test_count, added.info.label_names) == (41, 12, ("1", "2", "3"))
    stored = load_own("own/x", tmp_path)
    assert {image.tobytes() for image in stored.test} == {image.tobytes() for image in IMAGES[41:]}


def test_numbers_keep_their_kind_and_either_order_of_bytes(tmp_path: Path) -> None:
    for kind in (bool, np.uint8, np.int16, np.float32, np.float64):
        (tmp_path / "x.mat").write_bytes(mat(X=(IMAGES.transpose(1, 2, 0) > 99).astype(kind)))
        given = given_images(tmp_path / "x.mat", (7, 7))
        white = 1 if kind is np.uint8 else 255
        np.testing.assert_array_equal(given.numbers, (IMAGES > 99) * white)
    big = struct.pack(">IIII", 6, 8, 9, 0) + struct.pack(">IIiiii", 5, 12, 7, 7, 53, 0)
    big += struct.pack(">HH4s", 1, 1, b"X") + struct.pack(">II", 2, IMAGES.size)
    big += IMAGES.transpose(1, 2, 0).tobytes(order="F") + bytes(-IMAGES.size % 8)
    head = b"MATLAB 5.0".ljust(124) + struct.pack(">H", 0x0100) + b"MI"
    (tmp_path / "x.mat").write_bytes(head + struct.pack(">II", 14, len(big)) + big)
    np.testing.assert_array_equal(given_images(tmp_path / "x.mat", (7, 7)).numbers, IMAGES)


def element(kind: int, content: bytes) -> bytes:
    return struct.pack("<II", kind, len(content)) + content


HEAD = b"MATLAB 5.0".ljust(124) + struct.pack("<H", 0x0100) + b"IM"


def test_other_forms_and_hostile_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hdf5 = b"MATLAB 7.3 MAT-file".ljust(512) + b"\x89HDF\r\n\x1a\n"
    assert (
        "form 7.3 (HDF5), which is not read; in MATLAB load it and save it again with save('x.mat', '-v7')"
        in refused("x.mat", hdf5, tmp_path)
    )
    assert "save('x.mat', '-v7')" in refused("x.mat", hdf5[512:], tmp_path)
    assert "no .mat of MATLAB's form 5" in refused("x.mat", b"nonsense", tmp_path)
    assert "no .mat of MATLAB's form 5" in refused("x.mat", b"", tmp_path)
    assert "no array of images by a usual name. It holds faces and lit." in refused(
        "x.mat", mat(faces=IMAGES, lit=LABELS), tmp_path
    )
    assert "no array of images by a usual name. Give" in refused("x.mat", mat(X=np.array([{"a": 1}], object)), tmp_path)
    assert "no sound .mat" in refused("x.mat", mat(packed=False, X=IMAGES, y=LABELS)[:-700], tmp_path)
    assert "no sound .mat" in refused("x.mat", HEAD + element(15, b"nonsense"), tmp_path)
    assert "`y` in x.mat has the shape (5,) for 53 images" in refused("x.mat", mat(X=IMAGES, y=LABELS[:5]), tmp_path)
    monkeypatch.setattr(limits, "STORED_BYTES", 5 * 2**20)
    bomb = HEAD + element(15, zlib.compress(element(14, bytes(6 * 2**20))))
    assert len(bomb) < 10_000
    assert "x.mat unpacks to more than 5 MiB" in refused("x.mat", bomb, tmp_path)
