"""A folder or a file of one's own, read: its images with all that is known about them."""

from pathlib import Path
from typing import IO

from dbn_core.data.own import limits
from dbn_core.data.own.formats import format_of, named
from dbn_core.data.own.gathering import gather
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import printable, shown
from dbn_core.data.own.sources import in_folder, loose
from dbn_core.errors import DataError

CHOSEN = "what was chosen"
_HEAD = 1024  # bytes that tell what a file is


OpenFile = tuple[str, IO[bytes]]
"""With its name, or its path within a folder that was chosen in a browser."""

Source = Path | OpenFile | list[OpenFile]
"""A folder, a file of one of the `FORMATS`, or open image files; folders in their names count as those of a folder."""


def name_of(source: Source) -> str:
    """What to call it in a sentence."""
    if isinstance(source, Path):
        return source.name or str(source)
    return source[0] if isinstance(source, tuple) else CHOSEN


def material_of(source: Source, size: int | None) -> Material:
    """All images of a folder, or of a file of one of the `FORMATS`, or all that are among several open files.

    size: the side to which image files are resized, or None; arrays are taken as they are. Raises DataError.
    """
    if not isinstance(source, Path):
        return _from_file(source[1], source[0], size) if isinstance(source, tuple) else _from_files(source, size)
    path = printable(str(source))
    try:
        if source.is_dir():
            return gather(in_folder(source), source.name or str(source), size)
        if source.exists() and not source.is_file():  # opening a pipe waits, and a device has no end
            raise DataError(f"{path} is a pipe or a device and no file; give a folder, {named()}.")
        with source.open("rb") as file:
            return _from_file(file, source.name, size)
    except FileNotFoundError:
        if source.is_symlink():
            raise DataError(f"{path} is a link to nothing; mend it, or give a folder, {named()}.") from None
        raise DataError(f"There is no {path}; give a folder, {named()}.") from None
    except (OSError, ValueError) as error:  # ValueError: a path with NUL
        told = error.strerror if isinstance(error, OSError) else None
        raise DataError(f"{path} cannot be read: {told or error}.") from error


def _from_files(files: list[OpenFile], size: int | None) -> Material:
    total = sum(file.seek(0, 2) for _, file in files)
    if total > limits.FILE_BYTES:
        raise DataError(
            f"The files are larger than {limits.FILE_BYTES // limits.MIB:,} MiB together; choose fewer or smaller ones."
        )
    return gather(loose(files), CHOSEN, size)


def _from_file(file: IO[bytes], name: str, size: int | None) -> Material:
    kind = format_of(name, file.read(_HEAD))
    if file.seek(0, 2) > limits.FILE_BYTES:
        raise DataError(
            f"{shown(name)} is larger than {limits.FILE_BYTES // limits.MIB:,} MiB; give fewer or smaller images."
        )
    file.seek(0)
    return kind.read(file, name, size)
