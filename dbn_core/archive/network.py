"""The network that a file of the lab holds: the newest checkpoint of an archived run, or a checkpoint by itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dbn_core.archive import lone
from dbn_core.archive.members import Members
from dbn_core.archive.parts import checkpoint_of, checkpoint_parts, run_part, seen_part
from dbn_core.archive.sentences import opened, sentences
from dbn_core.data.seen import SeenImages
from dbn_core.errors import ArchiveError
from dbn_core.records import Checkpoint


@dataclass(frozen=True, slots=True)
class ArchivedNetwork:
    """name: of its run. images: what it was trained on; None where the file does not say."""

    name: str
    checkpoint: Checkpoint = field(repr=False)
    images: SeenImages | None


def read_network(file: Path) -> ArchivedNetwork:
    """Of a `.zip` or `.safetensors` that the lab has exported; the store is not asked.

    Raises ArchiveError for any other file: a pickle (`.pt`, `.pkl`), which may run whatever it says, is never read.
    """
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise ArchiveError(
            f"{file} is neither a .zip nor a .safetensors, and nothing else is read, a pickle (.pt, .pth, .pkl) never. "
            f"Export the run again, to one of these."
        )
    with sentences(file, "loaded"):
        return reader(file)


def _of_archive(file: Path) -> ArchivedNetwork:
    with opened(file) as archive:
        members = Members(archive)
        part = run_part(members)
        kept = checkpoint_parts(members, part)
        if not kept:
            raise ArchiveError("its run was exported before anything was trained; train it and export it again")
        images = seen_part(members)
        return ArchivedNetwork(part.name, checkpoint_of(members, kept[-1], images), images)


def _of_checkpoint(file: Path) -> ArchivedNetwork:
    part, saved = lone.unpacked(file)
    return ArchivedNetwork(part.name, saved, None if part.images is None else part.images.seen())


READERS: dict[str, Callable[[Path], ArchivedNetwork]] = {".zip": _of_archive, ".safetensors": _of_checkpoint}
