"""The members of a `.zip` that may come from anybody: read into memory by name, never more than the limits allow."""

import zipfile
from pathlib import PurePosixPath

from dbn_core.errors import ArchiveError

MEMBERS = 20_000
TOTAL_BYTES = 4 * 2**30
MEMBER_BYTES = 2 * 2**30
RATIO = 200  # of unpacked to packed bytes, where an archive is large enough to do harm
HARMLESS_BYTES = 64 * 2**20


class Members:
    """An archive's members by name, never more of them than the limits allow."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = TOTAL_BYTES
        infos = archive.infolist()
        _check_size(infos)
        for info in infos:
            _check_name(info)
        self._infos = {info.filename: info for info in infos}
        if len(self._infos) != len(infos):
            raise ArchiveError("it holds two files of the same name")

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def size(self, name: str) -> int:
        """Unpacked bytes, as the archive claims."""
        return self._infos[name].file_size if name in self else -1

    def read(self, name: str) -> bytes:
        """All bytes of a member. The archive's word on its size is checked while reading."""
        if name not in self:
            raise ArchiveError(f"{name} is missing in it")
        claimed = self._infos[name].file_size
        with self._archive.open(self._infos[name]) as member:
            content = member.read(claimed + 1)
        self._left -= len(content)
        if len(content) != claimed or self._left < 0:
            raise ArchiveError(f"{name} is not as large as it claims")
        return content


def _check_size(infos: list[zipfile.ZipInfo]) -> None:
    total, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if len(infos) > MEMBERS:
        raise ArchiveError(f"it holds {len(infos):,} files; a run has at most {MEMBERS:,}")
    if total > TOTAL_BYTES or any(info.file_size > MEMBER_BYTES for info in infos):
        raise ArchiveError(
            f"unpacked it would take {total / 2**20:,.0f} MiB; at most {TOTAL_BYTES // 2**20:,} are allowed"
        )
    if total > HARMLESS_BYTES and total > RATIO * packed:
        raise ArchiveError(f"it is packed {total / max(packed, 1):,.0f} to 1, far more than any run; it is refused")


def _check_name(info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename:
        raise ArchiveError(f"the name {info.filename[:80]!r} in it leads out of the archive")
    if info.flag_bits & 0x1:
        raise ArchiveError("it is encrypted; export the run again without a password")
