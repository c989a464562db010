"""Files beside the images that were not taken, counted by kind, with what to do about them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from dbn_core.data.own.names import shown

HIDDEN, LINK = "hidden", "linked"  # kinds of what has no ending of interest: hidden images; links to folders
# Pictures, or papers and films that hold some, in forms that the lab does not read.
HEIC = (".heic", ".heif", ".hif")  # read where pillow-heif is installed, which the lab does not ask for
_PICTURES = frozenset(
    {
        *HEIC,
        ".avif",
        ".jxl",
        ".jp2",
        ".j2k",
        ".jpf",
        ".svg",
        ".svgz",
        ".psd",
        ".ico",
        ".icns",
        ".tga",
        ".exr",
        ".hdr",
        ".dds",
        ".xcf",
        ".raw",
        ".cr2",
        ".cr3",
        ".nef",
        ".arw",
        ".dng",
        ".orf",
        ".rw2",
        ".raf",
        ".pdf",
        ".eps",
        ".ps",
        ".mp4",
        ".mov",
        ".avi",
        ".mkv",
        ".webm",
        ".dcm",
        ".fits",
    }
)
_TABLES = frozenset(
    {
        ".csv",
        ".tsv",
        ".json",
        ".jsonl",
        ".xml",
        ".txt",
        ".xlsx",
        ".parquet",
        ".mat",
        ".h5",
        ".hdf5",
        ".npy",
        ".pkl",
        ".pt",
    }
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files of one kind. kind: their ending in small letters, "" without one, or `HIDDEN` or `LINK`."""

    kind: str
    count: int

    @property
    def words(self) -> str:
        """As in "140 .heic files"."""
        files = "file" if self.count == 1 else "files"
        match self.kind:
            case "":
                return f"{self.count:,} {files} without an ending"
            case "hidden":
                return f"{self.count:,} hidden image {files}"
            case "linked":
                return f"{self.count:,} linked {'folder' if self.count == 1 else 'folders'}"
            case kind:
                return f"{self.count:,} {kind} {files}"


def counted(kinds: Iterable[str]) -> tuple[LeftOut, ...]:
    """The most frequent kinds first."""
    return tuple(
        LeftOut(kind, count) for kind, count in sorted(Counter(kinds).items(), key=lambda row: (-row[1], row[0]))
    )


def kind_of(path: PurePosixPath) -> str:
    """Of a file that is no image of the lab's."""
    return shown(path.suffix.lower(), 20)


def told(left_out: tuple[LeftOut, ...]) -> str:
    """A sentence with the next step, or two; "" where nothing was left out."""
    if not left_out:
        return ""
    kinds = {item.kind for item in left_out}
    steps = (
        "pip install pillow-heif lets the lab read those of a phone" if kinds & set(HEIC) else "",
        "save those that are pictures as JPEG or PNG and add them again" if kinds & _PICTURES else "",
        "labels are read from the names of folders, not from files" if kinds & _TABLES else "",
        "put images that should be taken under names that do not begin with a dot" if HIDDEN in kinds else "",
        "copy linked folders to take what is in them" if LINK in kinds else "",
        "images need an ending such as .png" if "" in kinds else "",
    )
    advice = "; ".join(step for step in steps if step)
    return f"Left out: {', '.join(item.words for item in left_out)}{f': {advice}' if advice else ''}."
