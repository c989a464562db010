"""Where image files come from: a folder or a `.zip`, as names and contents, never more than the limits allow.

Names in an archive are read as text and never become a path.
"""

import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from dbn_core.data.own import limits
from dbn_core.data.own.decoding import SUFFIXES
from dbn_core.errors import DataError

ARCHIVES = (".zip", ".npz", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")
NOISE = ("Thumbs.db", "desktop.ini", "__MACOSX")


@dataclass(frozen=True, slots=True)
class ImageFile:
    """One image: its name as a person sees it, the folders it lies in, and how to get its bytes."""

    name: str
    folders: tuple[str, ...]
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Found:
    """All image files of a source in the order of their names, and how many other files were left out."""

    images: tuple[ImageFile, ...]
    others: int


def in_folder(folder: Path) -> Found:
    """Images in a folder and the folders within it; links to folders are not followed. Raises DataError."""
    paths = (Path(root) / name for root, _, names in os.walk(folder, onerror=_unreadable) for name in names)
    files = [(path.relative_to(folder).as_posix(), path) for path in _bounded(paths)]
    return _found([(name, lambda path=path: _read_file(path)) for name, path in files])


@contextmanager
def in_zip(file: IO[bytes], name: str) -> Iterator[Found]:
    """Images in a `.zip`, while it is open. Raises DataError for what is no sound archive or promises too much."""
    with _as_sentences(name), zipfile.ZipFile(file) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check(infos, name)
        reader = Reader(archive)
        yield _found([(info.filename, lambda info=info: reader.read(info)) for info in infos])


class Reader:
    """Reads members of a `.zip` within the limits, whatever the archive says of their size."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._left = archive, limits.UNPACKED_BYTES

    def read(self, info: zipfile.ZipInfo, limit: int = limits.IMAGE_BYTES) -> bytes:
        """All bytes of a member. Raises DataError when they are too many or not as many as promised."""
        if info.file_size > limit:
            raise DataError(_too_many_bytes(info.filename, limit))
        with self._archive.open(info) as member:
            content = member.read(info.file_size + 1)
        self._left -= len(content)
        if len(content) != info.file_size or self._left < 0:
            raise DataError(f"{info.filename} is not as large as its archive says; pack it again.")
        return content


def _found(files: list[tuple[str, Callable[[], bytes]]]) -> Found:
    images: list[ImageFile] = []
    others = 0
    for name, read in sorted(files, key=lambda item: item[0]):
        path = PurePosixPath(name)
        if any(part.startswith(".") or part in NOISE for part in path.parts):
            continue
        if path.suffix.lower() in ARCHIVES:
            raise DataError(f"{name} is an archive within; unpack it first: only image files are read.")
        if path.suffix.lower() in SUFFIXES:
            images.append(ImageFile(name, path.parts[:-1], read))
        else:
            others += 1
    return Found(tuple(images), others)


def _bounded(paths: Iterable[Path]) -> Iterator[Path]:
    for count, path in enumerate(paths):
        if count >= limits.MEMBERS:
            raise DataError(f"The folder holds more than {limits.MEMBERS:,} files; give one with the images alone.")
        yield path


def _read_file(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise DataError(f"{path} is not a file; take it out.")
        if path.stat().st_size > limits.IMAGE_BYTES:
            raise DataError(_too_many_bytes(str(path), limits.IMAGE_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error


def _unreadable(error: OSError) -> None:
    raise DataError(f"{error.filename} cannot be read: {error.strerror}.") from error


def _check(infos: list[zipfile.ZipInfo], name: str) -> None:
    if len(infos) > limits.MEMBERS:
        raise DataError(f"{name} holds {len(infos):,} files; at most {limits.MEMBERS:,} are allowed.")
    total = sum(info.file_size for info in infos)
    if total > limits.UNPACKED_BYTES:
        raise DataError(
            f"Unpacked, {name} would take {total / limits.MIB:,.0f} MiB; at most "
            f"{limits.UNPACKED_BYTES // limits.MIB:,} are allowed. Make the images smaller first."
        )
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename:
            raise DataError(f"The name {info.filename[:80]!r} in {name} leads out of the archive; pack it again.")
        if info.flag_bits & 0x1:
            raise DataError(f"{name} is encrypted; pack it without a password.")


def _too_many_bytes(name: str, limit: int) -> str:
    return f"{name} is larger than {limit // limits.MIB:,} MiB; make it smaller first."


@contextmanager
def _as_sentences(name: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        raise DataError(f"{name} is not a sound .zip archive ({error}); pack it again.") from error
