"""idx files are read packed and unpacked; what is not a whole one is refused in a sentence."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbn_core.data.idx import read_idx
from dbn_core.errors import DataError

VALUES = np.arange(3 * 5 * 7, dtype=np.uint8).reshape(3, 5, 7)


def idx_bytes(array: np.ndarray) -> bytes:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


def written(folder: Path, content: bytes, name: str = "some-idx3-ubyte") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["unpacked", "packed"])
@pytest.mark.parametrize("name", ["some-idx3-ubyte", "some-idx3-ubyte.gz"])
def test_a_file_is_read_whatever_its_name_says(tmp_path: Path, pack: Callable[[bytes], bytes], name: str) -> None:
    path = written(tmp_path, pack(idx_bytes(VALUES)), name)
    assert np.array_equal(read_idx(path, (3, 5, 7)), VALUES)


@given(st.lists(st.integers(0, 7), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_any_array_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, shape: list[int], seed: int
) -> None:
    array = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    path = written(tmp_path_factory.mktemp("idx"), idx_bytes(array))
    assert np.array_equal(read_idx(path), array)
    assert read_idx(path).shape == tuple(shape)


def test_the_array_cannot_be_written_to(tmp_path: Path) -> None:
    array = read_idx(written(tmp_path, idx_bytes(VALUES)))
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0, 0] = 1


@pytest.mark.parametrize("kept", [0, 3, 7, 16, 16 + 104])
def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path, kept: int) -> None:
    path = written(tmp_path, idx_bytes(VALUES)[:kept])
    with pytest.raises(DataError, match=r"some-idx3-ubyte is (cut short|not an idx file)"):
        read_idx(path)


@pytest.mark.parametrize("lost", [1, 11, 40])
def test_a_packed_file_cut_short_anywhere_is_refused(tmp_path: Path, lost: int) -> None:
    path = written(tmp_path, gzip.compress(idx_bytes(VALUES))[:-lost])
    with pytest.raises(DataError, match="cut short or damaged"):
        read_idx(path)


def test_a_packed_file_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(idx_bytes(VALUES)))
    content[-6] ^= 1
    with pytest.raises(DataError, match="damaged"):
        read_idx(written(tmp_path, bytes(content)))


def test_a_file_longer_than_its_header_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="too long: its header promises 105 values"):
        read_idx(written(tmp_path, idx_bytes(VALUES) + b"\0"))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not an idx file of unsigned bytes: it begins with b'<htm'"):
        read_idx(written(tmp_path, b"<html>an error page</html>"))


def test_an_idx_file_of_floats_is_refused(tmp_path: Path) -> None:
    floats = struct.pack(">BBBBI", 0, 0, 0x0D, 1, 2) + struct.pack(">2f", 0.5, 1.5)
    with pytest.raises(DataError, match="not an idx file of unsigned bytes"):
        read_idx(written(tmp_path, floats))


def test_another_shape_is_named_beside_the_expected_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="an array of 3 x 5 x 7, where 60,000 x 28 x 28 is expected"):
        read_idx(written(tmp_path, idx_bytes(VALUES)), (60_000, 28, 28))


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing-here cannot be read: No such file"):
        read_idx(tmp_path / "nothing-here")
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        read_idx(tmp_path)
