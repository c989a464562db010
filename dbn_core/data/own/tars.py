"""Images in a `.tar`, or packed in a `.tar.gz`: read in one pass, within limits, and never unpacked to disk."""

import gzip
import tarfile
import zlib
from pathlib import PurePosixPath
from typing import IO, Any, cast

from dbn_core.data.own import limits
from dbn_core.data.own.decoding import SUFFIXES
from dbn_core.data.own.gathering import gather
from dbn_core.data.own.leftovers import LINK, kind_of
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import printable, shown
from dbn_core.data.own.sources import check_name, contents, too_many_bytes
from dbn_core.errors import DataError

_GZIP = b"\x1f\x8b"
_BROKEN = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError)


def read_tar(file: IO[bytes], name: str, size: int | None) -> Material:
    """All images of the archive, as `gather` takes them; links in it are left out. Raises DataError."""
    try:
        files, links = _members(file, shown(name))
    except _BROKEN as error:
        raise DataError(
            f"{shown(name)} is not a sound .tar archive ({printable(str(error))[:200]}); pack it again."
        ) from error
    return gather(contents(files, links), name, size)


def _members(file: IO[bytes], name: str) -> tuple[list[tuple[str, bytes]], list[str]]:
    """(names and contents of the files, a kind left out for each link); no content is kept of what is no image."""
    files: list[tuple[str, bytes]] = []
    links: list[str] = []
    left = limits.STORED_BYTES  # since all of it is in memory at once
    packed = file.read(2) == _GZIP
    file.seek(0)
    stream = _Bounded(gzip.GzipFile(fileobj=file) if packed else file)
    with tarfile.open(fileobj=cast("Any", stream), mode="r:") as archive:
        for count, member in enumerate(archive):
            left -= member.size
            if count >= limits.MEMBERS or left < 0 or member.size < 0:
                raise DataError(
                    f"{name} holds more than {limits.MEMBERS:,} files, or unpacks to more than "
                    f"{limits.STORED_BYTES // limits.MIB:,} MiB; give fewer or smaller images."
                )
            if member.isreg():
                check_name(member.name, name)
                files.append((member.name, _content(archive, member)))
            elif not member.isdir():
                links.append(LINK if member.issym() or member.islnk() else kind_of(PurePosixPath(member.name)))
    return files, links


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    if not member.name.lower().endswith(SUFFIXES):
        return b""
    if member.size > limits.IMAGE_BYTES:
        raise too_many_bytes(member.name, limits.IMAGE_BYTES)
    opened = archive.extractfile(member)
    return b"" if opened is None else opened.read()


class _Bounded:
    """A file of which never more is read at once than an image may have: headers may ask for any length."""

    def __init__(self, file: IO[bytes] | gzip.GzipFile) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= limits.IMAGE_BYTES:
            raise tarfile.ReadError("a header asks for too much")
        return self._file.read(size)

    def seek(self, position: int) -> int:
        return self._file.seek(position)

    def tell(self) -> int:
        return self._file.tell()
