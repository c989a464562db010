"""Image files of one size become one array; sub-folders become classes."""

import numpy as np
import numpy.typing as npt

from dbn_core.data.dataset import Bytes
from dbn_core.data.own import limits
from dbn_core.data.own.decoding import decode
from dbn_core.data.own.material import Material, class_indices
from dbn_core.data.own.sources import Found, ImageFile
from dbn_core.errors import DataError

SPLITS = {"train": False, "test": True}


def gather(found: Found, name: str, size: int | None) -> Material:
    """All images of a folder or archive. Raises DataError for none, too many, or several sizes.

    Folders that hold images side by side name the classes; `train` and `test` above them name the split.
    """
    if not found.images:
        others = f" (only {found.others:,} files of other kinds)" if found.others else ""
        raise DataError(f"{name} holds no images{others}; give one with PNG, JPEG, BMP, GIF, WEBP, TIFF or PPM files.")
    if len(found.images) > limits.MOST:
        raise DataError(f"{name} holds {len(found.images):,} images; at most {limits.MOST:,} are allowed.")
    split, folders = _split(_below_the_common_folder(found.images))
    labels, names = _classes(found.images, folders)
    return Material(_together(_decoded(found.images, size)), labels, names, split)


def _decoded(files: tuple[ImageFile, ...], size: int | None) -> list[Bytes]:
    images: list[Bytes] = []
    total = 0
    for file in files:
        image = decode(file.read(), file.name, size)
        if images and image.shape[:2] != images[0].shape[:2]:
            raise DataError(
                f"The images differ in size: {files[0].name} is {_size(images[0])} and {file.name} {_size(image)}; "
                f"choose one size for all, such as 32 (--size 32), to cut and resize them to squares."
            )
        if max(image.shape[:2]) > limits.SIDE:
            raise DataError(
                f"{file.name} is {_size(image)} pixels and the lab trains on at most {limits.SIDE} a side; choose a "
                f"size to resize all images to, such as 32 (--size 32)."
            )
        images.append(image)
        total += image.size
        if total > limits.STORED_BYTES:
            raise DataError(
                f"All images together take more than {limits.STORED_BYTES // limits.MIB:,} MiB; choose a smaller size, "
                f"or fewer of them."
            )
    return images


def _together(images: list[Bytes]) -> Bytes:
    """Grey only if every image is, whatever the form of its file."""
    if all(image.ndim == 2 or _has_no_colour(image) for image in images):
        return np.stack([image if image.ndim == 2 else image[..., 0] for image in images])
    return np.stack([image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2) for image in images])


def _has_no_colour(image: Bytes) -> bool:
    return bool((image[..., :1] == image).all())


def _below_the_common_folder(files: tuple[ImageFile, ...]) -> list[tuple[str, ...]]:
    """The folders of each image, without those that hold all of them."""
    shared = 0
    while all(len(file.folders) > shared for file in files) and len({file.folders[shared] for file in files}) == 1:
        shared += 1
    return [file.folders[shared:] for file in files]


def _split(folders: list[tuple[str, ...]]) -> tuple[npt.NDArray[np.bool_] | None, list[tuple[str, ...]]]:
    """(who is held out, the folders below `train` and `test`); None where these are not the first folders."""
    firsts = [path[0].lower() if path else "" for path in folders]
    if set(firsts) != set(SPLITS):
        return None, folders
    return np.array([SPLITS[first] for first in firsts]), [path[1:] for path in folders]


def _classes(files: tuple[ImageFile, ...], folders: list[tuple[str, ...]]) -> tuple[Bytes | None, tuple[str, ...]]:
    if not any(folders):
        return None, ()
    beside = next((file.name for file, path in zip(files, folders, strict=True) if not path), None)
    if beside is not None:
        raise DataError(
            f"Sub-folders name the classes, but {beside} lies beside them; put every image into a sub-folder, or none."
        )
    return class_indices([path[0] for path in folders])


def _size(image: Bytes) -> str:
    return f"{image.shape[1]} x {image.shape[0]}"
