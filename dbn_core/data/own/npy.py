"""One `.npy`, which may come from anybody, as an array: never a pickle, and nothing allocated on its word."""

import io
import sys
import tokenize
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.own.names import printable
from dbn_core.errors import DataError

_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
# What a header that was not written by NumPy may raise; it is read as a Python literal, whose depth may be hostile.
_BROKEN = (
    ValueError,
    KeyError,
    EOFError,
    TypeError,
    SyntaxError,
    tokenize.TokenError,
    RecursionError,
    MemoryError,
)


def read_array(content: bytes, what: str, wanted: str) -> npt.NDArray[Any]:
    """Numbers or texts, only if the header promises exactly the bytes that follow.

    what: names the array in a sentence; wanted: a sentence that ends each refusal. Raises DataError.
    """
    file = io.BytesIO(content)
    try:
        shape, fortran, dtype = _HEADERS[np.lib.format.read_magic(file)](file)
    except _BROKEN as error:
        reason = printable(str(error))[:200]
        raise DataError(f"{what} is not a NumPy array, or a damaged one ({reason}); save it again.") from error
    if dtype.hasobject or dtype.kind not in "buifUS" or not dtype.itemsize:
        kind = printable(str(dtype))[:60]
        raise DataError(f"{what} holds {kind}, where numbers (or texts as labels) are wanted. {wanted}")
    if any(length < 0 for length in shape):
        raise DataError(f"{what} says that it is of shape {shape}, and no length is negative. {wanted}")
    promised, there = prod(shape) * dtype.itemsize, len(content) - file.tell()
    if promised != there:
        raise DataError(
            f"{what} is cut short or damaged: its header promises {promised:,} bytes of numbers, and {there:,} follow; "
            f"copy or save it again."
        )
    if dtype.kind == "U":
        signs = np.frombuffer(content, np.dtype("u4").newbyteorder(dtype.byteorder), offset=file.tell())
        if signs.max(initial=0) > sys.maxunicode:
            raise DataError(f"{what} holds texts with signs beyond Unicode. {wanted}")
    return np.frombuffer(content, dtype, offset=file.tell()).reshape(shape, order="F" if fortran else "C")
