"""The kinds of files that images can be taken from, a row each: a new kind is its reader and its row.

A folder is none of them: it has no bytes of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from dbn_core.data.idx import is_idx
from dbn_core.data.own.decoding import FORMATS as FORMATS_OF_IMAGES
from dbn_core.data.own.decoding import SUFFIXES
from dbn_core.data.own.gathering import read_zip
from dbn_core.data.own.mat import read_mat
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import shown
from dbn_core.data.own.npz import read_npz
from dbn_core.data.own.parquet import read_parquet
from dbn_core.data.own.single import read_idx_images, read_npy
from dbn_core.data.own.tables import read_csv
from dbn_core.data.own.tars import read_tar
from dbn_core.errors import DataError


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    article: as in "an .npz". holds: what is in it, as in "a .zip of images". read: from (an open file, its name, the
    side in pixels to which images are resized, or None) to its images; raises DataError with one sentence. also: other
    endings of its names. is_like: whether a file of any other name is one, by its first bytes.
    """

    suffix: str
    article: str
    holds: str
    read: Callable[[IO[bytes], str, int | None], Material]
    also: tuple[str, ...] = ()
    is_like: Callable[[bytes], bool] = lambda _: False

    @property
    def name(self) -> str:
        """With its article."""
        return f"{self.article} {self.suffix}"

    @property
    def uploads(self) -> tuple[str, ...]:
        """The endings by which a browser offers such files, without their dots."""
        endings = (self.suffix, *self.also)
        return tuple(ending.partition(".")[2] for ending in endings if "." in ending)


_FOLDERS = "of images, in which sub-folders name the classes"
FORMATS = (
    Format(".zip", "a", _FOLDERS, read_zip),
    Format(
        ".npz", "an", "with `images` and if you like `labels`, `class_names` and `split`, or as Keras has it", read_npz
    ),
    Format(".npy", "an", "of images", read_npy),
    Format(".csv", "a", "with a row for each image and if you like a column called label", read_csv),
    Format(
        ".parquet",
        "a",
        "with a column image and if you like label, as Hugging Face has it, or like a .csv",
        read_parquet,
    ),
    Format(".mat", "a", "with arrays as in an .npz, saved by MATLAB with -v7", read_mat),
    Format(
        ".idx",
        "an",
        "of images as MNIST has them, under any name and packed by gzip or not",
        read_idx_images,
        also=(".idx.gz", ".idx3-ubyte", "-idx3-ubyte", ".idx3-ubyte.gz", "-idx3-ubyte.gz"),
        is_like=is_idx,
    ),
    Format(".tar.gz", "a", _FOLDERS, read_tar),
    Format(".tgz", "a", _FOLDERS, read_tar),
    Format(".tar", "a", _FOLDERS, read_tar),
)


def format_of(name: str, head: bytes) -> Format:
    """Of a file with this name that begins with these bytes. Raises DataError naming the kinds there are."""
    named_so = (kind for kind in FORMATS if name.lower().endswith((kind.suffix, *kind.also)))
    kind = next(named_so, None) or next((kind for kind in FORMATS if kind.is_like(head)), None)
    if kind is not None:
        return kind
    if name.lower().endswith(SUFFIXES):
        raise DataError(f"{shown(name)} is a single image, and a data set is made of many; give a folder, {named()}.")
    raise DataError(
        f"{shown(name)} is of a kind that is not read: it is neither a folder nor {named()}, nor an image file "
        f"({', '.join(FORMATS_OF_IMAGES)})."
    )


def named() -> str:
    """All of them, as in "a .zip, an .npz or a .csv"."""
    *others, last = [kind.name for kind in FORMATS]
    return f"{', '.join(others)} or {last}"


def described() -> str:
    """The same with what each holds, those that hold the same together."""
    kinds: dict[str, list[str]] = {}
    for kind in FORMATS:
        kinds.setdefault(kind.holds, []).append(kind.name)
    *others, last = [f"{' or '.join(names)} {holds}" for holds, names in kinds.items()]
    return f"{'; '.join(others)}; or {last}"
