"""Images given as one array, without labels: an `.npy`, or a file of the form that MNIST is published in."""

from typing import IO

from dbn_core.data.idx import read_idx_file
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


def read_idx_images(file: IO[bytes], name: str, size: int | None) -> Material:  # noqa: ARG001
    """As above. Raises DataError for labels alone, too."""
    array = read_idx_file(file, shown(name), limits.STORED_BYTES)
    if array.ndim < 3:
        raise DataError(
            f"{shown(name)} holds {'labels' if array.ndim == 1 else 'rows'} and no images; give the file of the images."
        )
    images, notes = as_images(array, shown(name), "Give an idx file of unsigned bytes, (n, height, width).")
    return Material(images, None, (), None, notes=notes)
