"""A folder or a file of one's own, read: its images with all that is known about them."""

from pathlib import Path
from typing import IO

from dbn_core.data.own import limits
from dbn_core.data.own.formats import format_of, named
from dbn_core.data.own.gathering import gather
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import printable, shown
from dbn_core.data.own.sources import in_folder
from dbn_core.errors import DataError

_HEAD = 1024  # bytes that tell what a file is


def material_of(source: Path | tuple[str, IO[bytes]], size: int | None) -> Material:
    """All images of a folder, or of a file of one of the `FORMATS`; an open file comes with its name.

    size: the side to which image files are resized, or None; arrays are taken as they are. Raises DataError.
    """
    if not isinstance(source, Path):
        return _from_file(source[1], source[0], size)
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


def _from_file(file: IO[bytes], name: str, size: int | None) -> Material:
    kind = format_of(name, file.read(_HEAD))
    if file.seek(0, 2) > limits.FILE_BYTES:
        raise DataError(
            f"{shown(name)} is larger than {limits.FILE_BYTES // limits.MIB:,} MiB; give fewer or smaller images."
        )
    file.seek(0)
    return kind.read(file, name, size)
