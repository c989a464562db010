"""Images in a `.parquet`: image files in a column, as Hugging Face saves data sets, or a table with a number a pixel.

The column `image` (or `img`) holds files, as bytes or as a struct {bytes, path}; `label` holds classes, whose names the
schema may have under `huggingface`. Without such a column all others hold numbers: the pixels of an image a row, line
by line. Row groups are read a few rows at a time, and what they claim to hold is checked before.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.own import limits
from dbn_core.data.own.faults import FileFaultError
from dbn_core.data.own.gathering import gather
from dbn_core.data.own.material import Material, refuse_too_many
from dbn_core.data.own.names import class_names, printable, shown
from dbn_core.data.own.shapes import as_classes, check_length
from dbn_core.data.own.sources import ImageFile, ImageFiles
from dbn_core.data.own.tables import HEADS, MOST_NUMBERS, pixels_of_table
from dbn_core.errors import DataError
from dbn_core.integers import from_json

if TYPE_CHECKING:
    from pyarrow import Field, RecordBatch, Schema
    from pyarrow.parquet import ParquetFile

WANTED = (
    "Give a column image of image files and a column label, as Hugging Face saves data sets, or a column a pixel with "
    "numbers alone and a column label."
)
IMAGES = ("image", "img", "images")
_ROWS = 16  # at once: a packed column may repeat one large file in all of them
_LABEL = 1000  # characters
_Labels = tuple[npt.NDArray[np.uint8] | None, tuple[str, ...]]


def read_parquet(file: IO[bytes], name: str, size: int | None) -> Material:
    """Its images with their classes. Raises DataError: what is wrong and what is wanted."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file, pre_buffer=False)
        _check(table, name)
        names = {field.name.lower(): field.name for field in reversed(list(table.schema_arrow))}
        images = next(
            (names[head] for head in IMAGES if head in names and _is_file(table.schema_arrow, names[head])), None
        )
        label = next((names[head] for head in HEADS if head in names), None)
        if images is None:
            return _numbers(table, label, name)
        labels = _labels(table, label, name)
        files = ImageFiles(tuple(_files(table, images)), ())
        return replace(gather(files, name, size), labels=labels[0], names=labels[1])
    except (pa.ArrowException, OSError, ValueError, TypeError, LookupError, MemoryError, RecursionError) as error:
        raise DataError(
            f"{shown(name)} is no sound .parquet ({printable(str(error))[:200]}); write it again."
        ) from error


def _check(table: "ParquetFile", name: str) -> None:
    told = table.metadata
    refuse_too_many(told.num_rows, name)
    groups = [told.row_group(group).total_byte_size for group in range(told.num_row_groups)]
    if sum(groups) > limits.UNPACKED_BYTES or min(groups, default=0) < 0:
        raise DataError(
            f"{shown(name)} unpacks to more than {limits.UNPACKED_BYTES // limits.MIB:,} MiB; give fewer images."
        )
    if not told.num_rows:
        raise DataError(f"{shown(name)} holds no rows. {WANTED}")


def _is_file(schema: "Schema", column: str) -> bool:
    """It holds bytes, or a struct with bytes."""
    import pyarrow as pa

    field: Field[Any] = schema.field(column)
    if pa.types.is_struct(field.type):
        return field.type.get_field_index("bytes") >= 0
    return pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type)


def _batches(table: "ParquetFile", columns: Sequence[str], rows: int) -> "Iterator[RecordBatch]":
    return table.iter_batches(batch_size=rows, columns=list(columns), use_threads=False)


# -- image files ------------------------------------------------------------------------------------------------------


def _files(table: "ParquetFile", column: str) -> Iterator[ImageFile]:
    """A file for each row, read in their order: of all but the rows at hand nothing is in memory."""
    rows = _Rows(lambda: _contents(table, column))
    for row in range(table.metadata.num_rows):
        yield ImageFile(f"row {row + 1}", (), lambda row=row: rows.at(row))


class _Rows:
    """Contents of rows that are asked for one after the other; an earlier one begins again."""

    def __init__(self, begin: Callable[[], Iterator[bytes | None]]) -> None:
        self._begin = begin
        self._next, self._rows = 0, begin()

    def at(self, row: int) -> bytes:
        """Of this row, from 0. Raises FileFaultError for none, and for too many bytes."""
        if row < self._next:
            self._next, self._rows = 0, self._begin()
        content = None
        while self._next <= row:
            content = next(self._rows, None)
            self._next += 1
        if content is None:
            raise FileFaultError(f"row {row + 1}", "has no bytes of an image", "embed the files or leave the row out")
        if len(content) > limits.IMAGE_BYTES:
            limit = limits.IMAGE_BYTES // limits.MIB
            raise FileFaultError(f"row {row + 1}", f"is larger than {limit:,} MiB", "make it smaller first")
        return content


def _contents(table: "ParquetFile", column: str) -> Iterator[bytes | None]:
    for batch in _batches(table, [column], _ROWS):
        for cell in batch.column(0):
            value = cell.as_py()
            yield value.get("bytes") if isinstance(value, dict) else value


def _labels(table: "ParquetFile", column: str | None, name: str) -> _Labels:
    if column is None:
        return None, ()
    what = f"The column {shown(column)} of {shown(name)}"
    held: list[int | float | str] = []
    for batch in _batches(table, [column], _ROWS):
        cells = batch.column(0).to_pylist()
        if not all(isinstance(cell, int | float) or (isinstance(cell, str) and len(cell) < _LABEL) for cell in cells):
            raise DataError(
                f"{what} holds cells that are no labels; give whole numbers or short texts in all of them. {WANTED}"
            )
        held += cells
    known = _known_names(table.schema_arrow, column)
    labels = np.array(held)
    check_length(labels, table.metadata.num_rows, what, WANTED)
    if known and labels.dtype.kind in "iu":
        if int(labels.min()) < 0 or int(labels.max()) >= len(known):
            raise DataError(f"{what} goes beyond the {len(known)} names of classes in its schema; write it again.")
        return labels.astype(np.uint8), class_names(known)
    return as_classes(labels, what, WANTED)


def _known_names(schema: "Schema", column: str) -> list[str]:
    """Of classes, as Hugging Face writes them into the schema; none where it says nothing of this column."""
    text = (schema.metadata or {}).get(b"huggingface")
    try:
        told = from_json(text)["info"]["features"][column]["names"] if text else []
    except (json.JSONDecodeError, UnicodeDecodeError, LookupError, TypeError):
        return []
    is_usable = isinstance(told, list) and len(told) <= limits.CLASSES and all(isinstance(item, str) for item in told)
    return list(told) if is_usable else []


# -- numbers ----------------------------------------------------------------------------------------------------------


def _numbers(table: "ParquetFile", label: str | None, name: str) -> Material:
    import pyarrow as pa

    fields = [field for field in table.schema_arrow if field.name != label]
    kinds = pa.types
    wrong = next(
        (f for f in fields if not (kinds.is_integer(f.type) or kinds.is_floating(f.type) or kinds.is_boolean(f.type))),
        None,
    )
    if wrong is not None or not fields:
        there = (
            f"The column {shown(wrong.name)} of {shown(name)} holds {wrong.type}."
            if wrong
            else f"{shown(name)} has no columns of pixels."
        )
        raise DataError(f"{printable(there)} {WANTED}")
    rows = table.metadata.num_rows
    if len(fields) > limits.SIDE**2 * 3 or rows * len(fields) > MOST_NUMBERS:
        raise DataError(
            f"{shown(name)} holds more numbers than are taken, {rows:,} x {len(fields):,}; give fewer images."
        )
    labels = _labels(table, label, name)
    types = [np.dtype(field.type.to_pandas_dtype()) for field in fields]
    pixels = np.empty((rows, len(fields)), np.result_type(*set(types)))
    at = 0
    for batch in _batches(table, [field.name for field in fields], 1024):
        for place, column in enumerate(batch.columns):
            if column.null_count:
                raise DataError(
                    f"The column {shown(fields[place].name)} of {shown(name)} has empty cells; fill them in."
                )
            pixels[at : at + len(batch), place] = column.to_numpy(zero_copy_only=False)
        at += len(batch)
    if at != rows:
        raise DataError(f"{shown(name)} holds {at:,} rows where it promises {rows:,}; write it again.")
    images, notes = pixels_of_table([field.name for field in fields], pixels, shown(name), WANTED)
    return Material(images, *labels, None, notes=notes, is_table=pixels.dtype.kind in "iu")
