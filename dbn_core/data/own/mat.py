"""Images in a `.mat` as MATLAB saves it with -v7 or -v6, and Octave likewise: arrays by their usual names.

    128 bytes, the last two of which say the order of bytes; then elements: type, length (4 bytes each), content
    a matrix is an element of elements: flags with its class, sizes, name, numbers, first index fastest; perhaps packed

MATLAB counts images along the last axis, (height, width[, 3], n), as SVHN has them; Python along the first. Labels say
which axis it is, else the sizes, and where both could be meant it is MATLAB's. EMNIST's struct is read, too. SciPy is
not asked: damaged files end its process. The form of -v7.3 is HDF5, another one.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isqrt, prod
from typing import IO, Any, Literal

import numpy as np
import numpy.typing as npt

from dbn_core.data.own import limits
from dbn_core.data.own.arrays import from_arrays
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import listed, printable, shown
from dbn_core.data.own.roles import Held, by_role
from dbn_core.errors import DataError

WANTED = (
    "Give `X` or `images` of shape (height, width, n), (height, width, 3, n) or (n, pixels), and if you like `y` or "
    "`labels`."
)
_HDF5 = b"\x89HDF\r\n\x1a\n"
_HEADER = 128
_MATRIX, _PACKED = 14, 15  # types of elements
_STORED = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_STRUCT = 2  # a class of matrices; those of numbers:
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_LOGICAL, _COMPLEX = 0x200, 0x800  # flags
_DEEPEST, _FIELDS = 3, 100  # of structs
Array = npt.NDArray[Any]


def read_mat(file: IO[bytes], name: str, size: int | None) -> Material:  # noqa: ARG001
    """Its images as they are, in Python's order of axes. Raises DataError: what is wrong and what is wanted."""
    content = file.read(limits.STORED_BYTES + 1)
    order = _order_of_bytes(content, shown(name))
    try:
        variables = dict(_Reader(name, order, limits.STORED_BYTES).variables(memoryview(content)))
    except (ValueError, TypeError, LookupError, OverflowError, zlib.error) as error:
        raise DataError(
            f"{shown(name)} is no sound .mat ({printable(str(error))[:200]}); save it again with save -v7."
        ) from error
    arrays = _emnist(variables) or {key: value for key, value in variables.items() if isinstance(value, np.ndarray)}
    roles = by_role(arrays)
    if "images" not in roles and "x_train" not in roles:
        there = f" It holds {listed(sorted(variables))}." if variables else ""
        raise DataError(f"{shown(name)} has no array of images by a usual name.{there} {WANTED}")
    return from_arrays(_in_order({role: Held(key, name, arrays[key]) for role, key in roles.items()}), name)


def _order_of_bytes(content: bytes, name: str) -> Literal["<", ">"]:
    """Raises DataError for another form, and for a file that is too large."""
    if content.startswith(b"MATLAB 7.3") or _HDF5 in content[:1024]:
        raise DataError(
            f"{name} is of MATLAB's form 7.3 (HDF5), which is not read; in MATLAB load it and save it again with "
            f"save('{name}', '-v7')."
        )
    orders: dict[bytes, Literal["<", ">"]] = {b"IM": "<", b"MI": ">"}
    order = orders.get(content[126:128])
    if order is None:
        raise DataError(f"{name} is no .mat of MATLAB's form 5; save it again with save -v7.")
    if len(content) > limits.STORED_BYTES:
        raise DataError(f"{name} is larger than {limits.STORED_BYTES // limits.MIB:,} MiB; give fewer images.")
    return order


@dataclass(slots=True)
class _Reader:
    """Reads elements; what it finds wrong is a ValueError. left: bytes that may still be unpacked or made."""

    name: str
    order: Literal["<", ">"]
    left: int

    def variables(self, content: memoryview) -> Iterator[tuple[str, Any]]:
        """(name, numbers or the fields of a struct) of all that are such, in their order."""
        at = _HEADER
        while at + 8 <= len(content):
            kind, body, after = self._element(content, at)
            if kind == _PACKED:
                after = at + 8 + len(body)  # alone is not filled up to 8 bytes
                kind, body, _ = self._element(self._unpacked(body), 0)
            if kind == _MATRIX:
                name, value = self._matrix(body, 0)
                if value is not None:
                    yield name, value
            at = after

    def _element(self, content: memoryview, at: int) -> tuple[int, memoryview, int]:
        """(type, content, where the next one begins)."""
        kind, length = (int(number) for number in np.frombuffer(content[at : at + 8], f"{self.order}u4"))
        if kind >> 16:  # a small one: its length, and its content, in these 8 bytes
            length, kind = kind >> 16, kind & 0xFFFF
            body, after = content[at + 4 : at + 4 + min(length, 4)], at + 8
        else:
            body, after = content[at + 8 : at + 8 + length], at + 8 + length + -length % 8
        if len(body) != length:
            raise ValueError("it is cut short")
        return kind, body, after

    def _unpacked(self, packed: memoryview) -> memoryview:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, self.left + 1)
        self._take(len(content))
        return memoryview(content)

    def _take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            most = f"{limits.STORED_BYTES // limits.MIB:,} MiB"
            raise DataError(f"{shown(self.name)} unpacks to more than {most}; give fewer images.")

    def _matrix(self, content: memoryview, depth: int) -> tuple[str, Any]:
        """(name, numbers, fields of a single struct, or None for all else)."""
        _, flags, at = self._element(content, 0)
        flag = int(np.frombuffer(flags[:4], f"{self.order}u4")[0])
        if flag & 0xFF not in {*_CLASSES, _STRUCT}:
            return "", None  # some have no sizes
        _, sizes, at = self._element(content, at)
        _, name, at = self._element(content, at)
        shape = tuple(int(size) for size in np.frombuffer(sizes, f"{self.order}i4"))
        text = bytes(name).decode("latin-1")
        if min(shape, default=-1) < 0:
            raise ValueError(f"{text!r:.60} is of shape {shape}")
        if flag & 0xFF == _STRUCT and shape == (1, 1) and depth < _DEEPEST:
            return text, self._fields(content, at, depth)
        if flag & 0xFF == _STRUCT or flag & _COMPLEX:
            return text, None
        return text, self._numbers(content, at, shape, flag)

    def _numbers(self, content: memoryview, at: int, shape: tuple[int, ...], flag: int) -> Array:
        kind, body, _ = self._element(content, at)
        stored = np.frombuffer(body, np.dtype(_STORED[kind]).newbyteorder(self.order))
        if len(stored) != prod(shape):
            raise ValueError(f"an array of shape {shape} holds {len(stored):,} numbers")
        wanted = np.dtype(np.bool_ if flag & _LOGICAL else _CLASSES[flag & 0xFF])
        self._take(stored.size * wanted.itemsize)
        return stored.astype(wanted).reshape(shape, order="F")

    def _fields(self, content: memoryview, at: int, depth: int) -> dict[str, Any]:
        _, lengths, at = self._element(content, at)
        _, names, at = self._element(content, at)
        length = int(np.frombuffer(lengths, f"{self.order}i4")[0])
        if not 0 < length <= 64 or len(names) > length * _FIELDS:
            raise ValueError("it holds a struct of too many fields")
        fields: dict[str, Any] = {}
        for start in range(0, len(names), length):
            kind, body, at = self._element(content, at)
            field = bytes(names[start : start + length]).split(b"\0")[0].decode("latin-1")
            fields[field] = self._matrix(body, depth + 1)[1] if kind == _MATRIX else None
        return fields


def _emnist(variables: Mapping[str, Any]) -> dict[str, Array]:
    """The arrays of `dataset.train` and `dataset.test`; none of any other file. Its rows hold columns of pixels."""
    arrays: dict[str, Array] = {}
    held = variables.get("dataset")
    for part in ("train", "test"):
        inside = held.get(part) if isinstance(held, dict) else None
        images, labels = (inside.get(key) if isinstance(inside, dict) else None for key in ("images", "labels"))
        if not (isinstance(images, np.ndarray) and isinstance(labels, np.ndarray) and images.ndim == 2):
            return {}
        side = isqrt(images.shape[1])
        if side * side != images.shape[1]:
            return {}
        arrays |= {f"x_{part}": images.reshape(-1, side, side).transpose(0, 2, 1), f"y_{part}": labels}
    return arrays


def _in_order(arrays: Mapping[str, Held]) -> dict[str, Held]:
    """The same with the images along the first axis."""
    held = dict(arrays)
    for role, array in arrays.items():
        if role == "images" or role.startswith("x_"):
            labels = arrays.get("labels" if role == "images" else f"y_{role.removeprefix('x_')}")
            count = None if labels is None else max(labels.values.shape, default=0)
            held[role] = Held(array.name, array.file, _images_first(array.values, count))
    return held


def _images_first(array: npt.NDArray[Any], count: int | None) -> npt.NDArray[Any]:
    """count: of the labels, None without."""
    if array.ndim == 2:
        return array.T if count is not None and array.shape[0] != count == array.shape[1] else array
    if array.ndim not in {3, 4}:
        return array
    ends = array.shape[0], array.shape[-1]
    is_python = ends[0] == count != ends[1] or (count not in ends and _looks_like_python(array.shape))
    return array if is_python else np.moveaxis(array, -1, 0)


def _looks_like_python(shape: tuple[int, ...]) -> bool:
    """(n, height, width[, 3]), judged by sizes alone, and not (height, width[, 3], n)."""
    if len(shape) == 4:
        return shape[3] in {1, 3} and shape[2] not in {1, 3}
    return shape[1] == shape[2] != shape[0]
