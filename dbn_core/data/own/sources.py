"""Where image files come from: a folder or a `.zip`, as names and contents, never more than the limits allow.

Names in an archive are read as text and never become a path.
"""

import lzma
import os
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from dbn_core.data.own import limits
from dbn_core.data.own.decoding import SUFFIXES
from dbn_core.data.own.faults import FileFaultError
from dbn_core.data.own.leftovers import HIDDEN, LINK, LeftOut, counted, kind_of
from dbn_core.data.own.names import natural, printable, shown
from dbn_core.errors import DataError

ARCHIVES = (".zip", ".npz", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")
NOISE = ("Thumbs.db", "desktop.ini", "__MACOSX", ".DS_Store")
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    RuntimeError,
)
"""What `zipfile` raises for an archive, or a member of one, that is not sound."""

_UTF8 = 0x800  # the flag of a member whose name is in UTF-8
_DRIVE = re.compile(r"[A-Za-z]:/")


@dataclass(frozen=True, slots=True)
class ImageFile:
    """One image: its name as a person sees it, the folders it lies in, and how to get its bytes."""

    name: str
    folders: tuple[str, ...]
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class ImageFiles:
    """All image files of a source in the order of their names, and what was left out beside them."""

    images: tuple[ImageFile, ...]
    left_out: tuple[LeftOut, ...]


def in_folder(folder: Path) -> ImageFiles:
    """Images in a folder and the folders within it; links to folders are not followed. Raises DataError."""
    links: list[str] = []
    files = [(path.relative_to(folder).as_posix(), path) for path in _bounded(_paths(folder, links))]
    return _image_files([(name, lambda path=path: _read_file(path)) for name, path in files], links)


def in_file(path: Path) -> ImageFiles:
    """The one image that is a file by itself."""
    return _image_files([(path.name, lambda: _read_file(path))])


@contextmanager
def in_zip(file: IO[bytes], name: str) -> Iterator[ImageFiles]:
    """Images in a `.zip`, while it is open. Raises DataError for what is no sound archive or promises too much."""
    with as_sentences(name), zipfile.ZipFile(file) as archive:
        infos = [(_name(info), info) for info in archive.infolist()]
        files = [(inside, info) for inside, info in infos if not inside.endswith("/")]
        _check(files, name)
        reader = Reader(archive)
        yield _image_files([(inside, lambda info=info: reader.read(info)) for inside, info in files])


def loose(files: Sequence[tuple[str, IO[bytes]]]) -> ImageFiles:
    """Images among open files, each with its name, or its path within a folder. Raises DataError for too many."""
    if len(files) > limits.MEMBERS:
        raise DataError(f"More than {limits.MEMBERS:,} files were chosen; choose the images alone.")
    return _image_files([(name.replace("\\", "/"), lambda file=file: _whole(file)) for name, file in files])


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def contents(files: Sequence[tuple[str, bytes]], left_out: Iterable[str] = ()) -> ImageFiles:
    """Images among files that are in memory already. left_out: kinds of others that were not taken."""
    return _image_files([(name, lambda content=content: content) for name, content in files], left_out)


class Reader:
    """Reads members of a `.zip` within the limits, whatever the archive says of their size."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._left = archive, limits.UNPACKED_BYTES

    def read(self, info: zipfile.ZipInfo, limit: int = limits.IMAGE_BYTES) -> bytes:
        """All bytes of a member. Raises DataError when they are too many, damaged, or not as many as promised."""
        if info.file_size > limit:
            raise too_many_bytes(_name(info), limit)
        try:
            with self._archive.open(info) as member:
                content = member.read(info.file_size + 1)
        except DAMAGED as error:
            raise FileFaultError(
                _name(info), "is damaged within its archive", "pack it again or take it out"
            ) from error
        self._left -= len(content)
        if self._left < 0:
            raise DataError(
                f"The files in the archive unpack to more than {limits.UNPACKED_BYTES // limits.MIB:,} MiB."
            )
        if len(content) != info.file_size:
            raise FileFaultError(_name(info), "is not as large as its archive says", "pack it again")
        return content


@contextmanager
def as_sentences(name: str) -> Iterator[None]:
    """An archive that turns out not to be sound is told by its name. Raises DataError."""
    try:
        yield
    except DAMAGED as error:
        kind = Path(name).suffix.lower() or ".zip"
        raise DataError(
            f"{shown(name)} is not a sound {kind} archive ({printable(str(error))}); pack it again."
        ) from error


def _name(info: zipfile.ZipInfo) -> str:
    """With slashes, as some packers of Windows do not write it; many write UTF-8 and do not say so."""
    name = info.filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename  # it is what it says
    return name.replace("\\", "/")


def _paths(folder: Path, links: list[str]) -> Iterator[Path]:
    """All files; `links` takes up the folders that are links, which are not followed."""
    for root, folders, names in os.walk(folder, onerror=_unreadable):
        links += [LINK for name in folders if (Path(root) / name).is_symlink()]
        yield from (Path(root) / name for name in names)


def _image_files(files: list[tuple[str, Callable[[], bytes]]], left_out: Iterable[str] = ()) -> ImageFiles:
    images: list[ImageFile] = []
    kinds = list(left_out)
    for name, read in sorted(files, key=lambda item: natural(item[0])):
        path = PurePosixPath(name)
        if any(part in NOISE for part in path.parts) or path.name.startswith("._"):
            continue
        is_image = path.suffix.lower() in SUFFIXES
        if any(part.startswith(".") for part in path.parts):
            kinds += [HIDDEN] if is_image else []
        elif path.suffix.lower() in ARCHIVES:
            raise DataError(f"{shown(name)} is an archive within; unpack it first: only image files are read.")
        elif is_image:
            # macOS decomposes letters with accents: one class must not become two.
            folders = tuple(unicodedata.normalize("NFC", part) for part in path.parts[:-1])
            images.append(ImageFile(name, folders, read))
        else:
            kinds.append(kind_of(path))
    return ImageFiles(tuple(images), counted(kinds))


def _bounded(paths: Iterable[Path]) -> Iterator[Path]:
    for count, path in enumerate(paths):
        if count >= limits.MEMBERS:
            raise DataError(f"The folder holds more than {limits.MEMBERS:,} files; give one with the images alone.")
        yield path


def _read_file(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise FileFaultError(str(path), "is not a file but a link to nothing, a pipe or a device", "take it out")
        if path.stat().st_size > limits.IMAGE_BYTES:
            raise too_many_bytes(str(path), limits.IMAGE_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise FileFaultError(
            str(path), f"cannot be read ({error.strerror or error})", "mend it or take it out"
        ) from error


def _unreadable(error: OSError) -> None:
    raise DataError(f"{shown(str(error.filename))} cannot be read: {error.strerror}.") from error


def _check(files: list[tuple[str, zipfile.ZipInfo]], name: str) -> None:
    archive = shown(name)
    if len(files) > limits.MEMBERS:
        raise DataError(f"{archive} holds {len(files):,} files; at most {limits.MEMBERS:,} are allowed.")
    total = sum(info.file_size for _, info in files)
    if total > limits.UNPACKED_BYTES:
        raise DataError(
            f"Unpacked, {archive} would take {total / limits.MIB:,.0f} MiB; at most "
            f"{limits.UNPACKED_BYTES // limits.MIB:,} are allowed. Make the images smaller first."
        )
    for inside, info in files:
        check_name(inside, archive)
        if info.flag_bits & 0x1:
            raise DataError(f"{archive} is encrypted; pack it without a password.")


def check_name(inside: str, archive: str) -> None:
    """Of a member. Raises DataError when it would lead out of the archive, if it ever became a path."""
    if inside.startswith("/") or _DRIVE.match(inside) or ".." in PurePosixPath(inside).parts:
        raise DataError(f"The name {shown(inside)!r} in {archive} leads out of the archive; pack it again.")


def too_many_bytes(name: str, limit: int) -> FileFaultError:
    """Of a file beyond the limit, in bytes."""
    return FileFaultError(name, f"is larger than {limit // limits.MIB:,} MiB", "make it smaller first")
