"""Reads idx files, the format MNIST is published in, packed by gzip or not.

0, 0, type (8 = unsigned byte), number of dimensions d; d big-endian 32-bit lengths; the values, last index fastest.
"""

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from dbn_core.data.dataset import Bytes
from dbn_core.errors import DataError

UNSIGNED_BYTE = 8
GZIP_MAGIC = b"\x1f\x8b"


def read_idx(path: Path, shape: tuple[int, ...] | None = None) -> Bytes:
    """The array of unsigned bytes in an idx file, read only.

    Raises DataError when the file cannot be read, is no idx file of unsigned bytes, is cut short or too long, or holds
    an array of another shape than `shape`.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            file.seek(0)
            if packed:
                with gzip.open(file) as unpacked:
                    return _read(unpacked, str(path), shape, None)
            return _read(file, str(path), shape, None)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is cut short or damaged ({error}). Remove it and fetch it again.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error


def read_idx_file(file: IO[bytes], name: str, most: int) -> Bytes:
    """The same of an open file with this name, and at most so many values; no more is read of any other."""
    packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    try:
        return _read(gzip.GzipFile(fileobj=file) if packed else file, name, None, most)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{name} is cut short or damaged ({error}). Remove it and fetch it again.") from error


def is_idx(head: bytes) -> bool:
    """Whether a file that begins so is of unsigned bytes, packed or not."""
    if head.startswith(GZIP_MAGIC):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 4)
        except zlib.error:
            return False
    return len(head) > 3 and head[:3] == bytes((0, 0, UNSIGNED_BYTE)) and 1 <= head[3] <= 4


def _read(file: IO[bytes] | gzip.GzipFile, path: str, wanted: tuple[int, ...] | None, most: int | None) -> Bytes:
    shape = _read_shape(file, path)
    if wanted is not None and shape != wanted:
        raise DataError(f"{path} holds an array of {_times(shape)}, where {_times(wanted)} is expected.")
    size = prod(shape)
    if most is not None and size > most:
        raise DataError(f"{path} promises {size:,} values; at most {most:,} are taken. Give fewer images.")
    content = file.read(size + 1)
    if len(content) != size:
        kind = "cut short" if len(content) < size else "too long"
        raise DataError(f"{path} is {kind}: its header promises {size:,} values. Remove it and fetch it again.")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _read_shape(file: IO[bytes] | gzip.GzipFile, path: str) -> tuple[int, ...]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] != UNSIGNED_BYTE or not 1 <= magic[3] <= 4:
        raise DataError(f"{path} is not an idx file of unsigned bytes: it begins with {magic!r}.")
    lengths = file.read(4 * magic[3])
    if len(lengths) < 4 * magic[3]:
        raise DataError(f"{path} is cut short: it ends within its header. Remove it and fetch it again.")
    return tuple(int(length) for length in np.frombuffer(lengths, dtype=">u4"))


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{length:,}" for length in shape)
