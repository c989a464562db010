"""Images given as a table of numbers, a row an image: `.csv` as Kaggle has MNIST, with a column of labels or without.

A column called label (or class, target, y) is that; without such a head the first or the last column is, where the
others alone make square images and no other column could be meant.
"""

import io
import re
from itertools import chain
from math import isqrt
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.own import limits
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import printable, shown
from dbn_core.data.own.shapes import as_classes, as_images
from dbn_core.errors import DataError

WANTED = (
    "Give a table with a row for each image: its pixels, line by line, and if you like a column called label with "
    "whole numbers; the first line may name the columns."
)
HEADS = ("label", "labels", "class", "target", "y")
MOST_NUMBERS = 2**28  # in a table
_LINE = 2**20  # characters of the first line
_NUMBERED = re.compile(r"([a-z_. ]*)([0-9]{1,6})")
_Numbers = npt.NDArray[np.float32]


def read_csv(file: IO[bytes], name: str, size: int | None) -> Material:  # noqa: ARG001
    """All rows as images, of grey values as they are. Raises DataError: what is wrong, and in which row."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline=None)
    try:
        heads, numbers = _read(text, shown(name))
    except UnicodeDecodeError as error:
        raise DataError(f"{shown(name)} is not text in UTF-8; save the table as CSV in UTF-8. {WANTED}") from error
    finally:
        text.detach()  # the file stays open for who has opened it
    column = _label_column(heads, numbers, shown(name))
    named = [head for place, head in enumerate(heads) if place != column]
    if column is None:
        images, notes = pixels_of_table(named, numbers, shown(name), WANTED)
        return Material(images, None, (), None, notes=notes, is_table=True)
    labels, names = as_classes(numbers[:, column], f"The labels in column {column + 1} of {shown(name)}", WANTED)
    pixels = np.delete(numbers, column, axis=1)
    images, notes = pixels_of_table(named, pixels, f"Without its labels {shown(name)}", WANTED)
    notes = (f"Column {column + 1} of {numbers.shape[1]:,} was read as the labels.", *notes)
    return Material(images, labels, names, None, notes=notes, is_table=True)


def pixels_of_table(
    heads: list[str], numbers: npt.NDArray[Any], what: str, wanted: str
) -> tuple[npt.NDArray[Any], tuple[str, ...]]:
    """(images, sentences on how they were read) of the columns of pixels, named by `heads` or not at all.

    They are put in the order of the numbers in their names. what: names the table; wanted: ends each refusal.
    """
    order = _order([head.lower() for head in heads])
    images, notes = as_images(numbers[:, order or slice(None)], what, wanted)
    return images, (*_reordered(order), *notes)


def _read(text: io.TextIOWrapper, name: str) -> tuple[list[str], _Numbers]:
    """(the names of the columns, in small letters, or none; all numbers)."""
    first = text.readline(_LINE)
    sign = max((",", ";", "\t"), key=first.count)
    cells = [cell.strip().strip('"').strip().lower() for cell in first.rstrip("\r\n").split(sign)]
    if len(cells) > limits.SIDE**2 + 1 or len(first) == _LINE:
        raise DataError(f"{name} has more columns than an image of {limits.SIDE} x {limits.SIDE} pixels. {WANTED}")
    heads = [] if all(map(_is_number, cells)) else cells
    rest = text if heads else chain([first], text)
    most = min(limits.MOST, MOST_NUMBERS // len(cells))
    lines = (line for line in rest if line.strip())
    beginning = next(lines, None)
    if beginning is None:
        raise DataError(f"{name} holds no rows of numbers. {WANTED}")
    try:
        numbers = np.loadtxt(
            chain([beginning], lines),
            dtype=np.float32,
            comments=None,
            delimiter=sign,
            ndmin=2,
            max_rows=most + 1,
            quotechar='"',
        )
    except UnicodeDecodeError:
        raise
    except ValueError as error:
        raise DataError(f"{name} is no table of numbers alone ({printable(str(error))[:200]}). {WANTED}") from error
    if len(numbers) > most:
        raise DataError(f"{name} holds more than {most:,} rows; at most so many are allowed. Give fewer images.")
    return heads, numbers


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _label_column(heads: list[str], numbers: _Numbers, name: str) -> int | None:
    """Its place, from 0; None where all columns are pixels."""
    named = [place for place, head in enumerate(heads) if head in HEADS]
    if len(named) == 1:
        return named[0]
    columns = numbers.shape[1]
    if isqrt(columns) ** 2 == columns or isqrt(columns - 1) ** 2 != columns - 1:
        return None  # all are pixels, or the number of columns will be refused
    possible = [place for place in (0, columns - 1) if _may_be_labels(numbers[:, place])]
    if len(possible) == 1:
        return possible[0]
    which = "the first and the last column" if possible else "no column at an end"
    raise DataError(
        f"In {name} {which} may be the labels; name the columns in a first line, one of them label. {WANTED}"
    )


def _order(heads: list[str]) -> list[int]:
    """Places of the columns of pixels in the order of the numbers in their names; empty where that is theirs already.

    Names that are not all one word with numbers that follow each other say nothing of the order.
    """
    parts = [_NUMBERED.fullmatch(head) for head in heads]
    if not heads or not all(parts) or len({part[1] for part in parts if part}) != 1:
        return []
    at = [int(part[2]) for part in parts if part]
    wanted = sorted(range(len(at)), key=at.__getitem__)
    is_told = [at[place] - min(at) for place in wanted] == list(range(len(at)))
    return wanted if is_told and wanted != list(range(len(at))) else []


def _reordered(order: list[int]) -> tuple[str, ...]:
    return ("The columns were put in the order of the numbers in their names.",) if order else ()


def _may_be_labels(column: _Numbers) -> bool:
    values = np.unique(column)
    return bool(np.isfinite(values).all() and (values == np.round(values)).all() and 1 < len(values) <= limits.CLASSES)
