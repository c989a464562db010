"""A table as a file, a row an image: `.csv` or `.parquet`, and of numbers alone `.npy`."""

import csv
import io
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from dbn_core.archive import refuse_there, save
from dbn_core.errors import DataError

Column = tuple[str, ...] | npt.NDArray[np.float32]
Table = Mapping[str, Column]
Numbers = npt.NDArray[np.float32]


def save_table(file: Path, table: Table, *, replace: bool = False) -> None:
    """Columns of one length, by their names. Raises DataError for another suffix, ArchiveError as `archive.save`."""
    writer = WRITERS[refuse_other(file, tuple(WRITERS))]
    save(file, lambda out: writer(table, out), replace=replace)


def save_features(
    file: Path, names: tuple[str, ...], features: Numbers, *, replace: bool = False, names_file: Path | None = None
) -> None:
    """(images, units): in an `.npy` alone; else after a column of `names`, a column a unit, from 0. Raises as above.

    names_file: beside an `.npy`, a line for each row.
    """
    if file.suffix.lower() == NPY:
        if names_file is not None:
            refuse_there(file, replace=replace)  # before the names are written
            save(names_file, lambda out: out.writelines(f"{name}\n".encode() for name in names), replace=replace)
        save(file, lambda out: np.save(out, features, allow_pickle=False), replace=replace)
    else:
        units = {f"unit_{unit}": features[:, unit] for unit in range(features.shape[1])}
        save_table(file, {"image": names, **units}, replace=replace)


def refuse_other(file: Path, suffixes: tuple[str, ...]) -> str:
    """The suffix of the file. Raises DataError for none of these, and where nothing installed can write it."""
    suffix = file.suffix.lower()
    if suffix not in suffixes:
        raise DataError(f"--to is {file}; the name must end in {' or '.join(suffixes)}.")
    if suffix == PARQUET and find_spec("pyarrow") is None:
        raise DataError("A .parquet is written by pyarrow, which is not installed; install it, or write .csv.")
    return suffix


def _write_csv(table: Table, out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    for row in zip(*table.values(), strict=True):
        writer.writerow([cell if isinstance(cell, str) else str(cell) for cell in row])
    text.detach()


def _write_parquet(table: Table, out: IO[bytes]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({name: pa.array(column) for name, column in table.items()}), out)


NPY, PARQUET = ".npy", ".parquet"
NAMES = ".names.txt"  # beside an .npy
WRITERS: dict[str, Callable[[Table, IO[bytes]], None]] = {".csv": _write_csv, PARQUET: _write_parquet}
OF_TABLES = tuple(WRITERS)
OF_FEATURES = (NPY, *WRITERS)
