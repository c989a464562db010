"""Images given as one `.npy`, without labels."""

from typing import IO

from dbn_core.data.own import limits
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import shown
from dbn_core.data.own.npy import read_array
from dbn_core.data.own.shapes import as_images
from dbn_core.errors import DataError

WANTED = (
    "Give an .npy of numbers of shape (n, height, width), (n, height, width, 3) or, for square images, (n, pixels)."
)


def read_npy(file: IO[bytes], name: str, size: int | None) -> Material:  # noqa: ARG001
    """Its images as they are. Raises DataError: what is wrong and what is wanted."""
    content = file.read(limits.STORED_BYTES + 1)
    if len(content) > limits.STORED_BYTES:
        raise DataError(f"{shown(name)} is larger than {limits.STORED_BYTES // limits.MIB:,} MiB; give fewer images.")
    images, notes = as_images(read_array(content, shown(name), WANTED), shown(name), WANTED)
    return Material(images, None, (), None, notes=notes)
