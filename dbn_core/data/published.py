"""The files in which data sets are published, and how each is known to be the right one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

IDX_HEADER = 4  # bytes, and four more a dimension


class PublishedFile(Protocol):
    """One packed file that can be fetched."""

    @property
    def gz_name(self) -> str: ...

    @property
    def gz_bytes(self) -> int: ...

    @property
    def gz_md5(self) -> str: ...

    def is_in(self, folder: Path) -> bool:
        """A file of the right size is there, packed or unpacked; its content is checked when it is read."""
        ...


@dataclass(frozen=True, slots=True)
class IdxFile:
    """One array of MNIST or its like: its unpacked name, its shape, and how the original `.gz` is known."""

    name: str
    shape: tuple[int, ...]
    gz_bytes: int
    gz_md5: str

    @property
    def gz_name(self) -> str:
        return f"{self.name}.gz"

    @property
    def unpacked_bytes(self) -> int:
        size = 1
        for length in self.shape:
            size *= length
        return size + IDX_HEADER + 4 * len(self.shape)

    def is_in(self, folder: Path) -> bool:
        wanted = {folder / self.name: self.unpacked_bytes, folder / self.gz_name: self.gz_bytes}
        return any(_has_size(path, size) for path, size in wanted.items())


@dataclass(frozen=True, slots=True)
class BatchArchive:
    """A `.tar.gz` of several files of one size; unpacked they lie in a folder of their own."""

    gz_name: str
    gz_bytes: int
    gz_md5: str
    unpacked: str  # the folder in the archive
    names: tuple[str, ...]
    member_bytes: int

    def is_unpacked_in(self, folder: Path) -> bool:
        """Every file is there with its right size."""
        return all(_has_size(folder / self.unpacked / name, self.member_bytes) for name in self.names)

    def is_in(self, folder: Path) -> bool:
        return _has_size(folder / self.gz_name, self.gz_bytes) or self.is_unpacked_in(folder)


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size
