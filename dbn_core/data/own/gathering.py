"""Image files of one size become one array."""

from collections import Counter
from dataclasses import replace
from typing import IO

import numpy as np

from dbn_core.data.dataset import Bytes
from dbn_core.data.own import limits
from dbn_core.data.own.decoding import Picture, read_picture
from dbn_core.data.own.faults import Faults, FileFaultError
from dbn_core.data.own.layout import layout
from dbn_core.data.own.leftovers import told
from dbn_core.data.own.material import Material, class_indices, refuse_too_many
from dbn_core.data.own.names import shown
from dbn_core.data.own.sources import ImageFile, ImageFiles, in_zip
from dbn_core.errors import DataError


def read_zip(file: IO[bytes], name: str, size: int | None) -> Material:
    """All images of a `.zip`, as `gather` takes them."""
    with in_zip(file, name) as inside:
        return gather(inside, name, size)


def gather(files: ImageFiles, name: str, size: int | None) -> Material:
    """All images of a folder or archive. Raises DataError for none, too many, several sizes, or files at fault.

    What their folders say is left to `arranged`.
    """
    if not files.images:
        raise DataError(
            f"{shown(name)} holds no images; give one with PNG, JPEG, BMP, GIF, WEBP, TIFF or PPM files. "
            f"{told(files.left_out)}".rstrip()
        )
    refuse_too_many(len(files.images), name)
    pictures = _pictures(files.images, size)
    return Material(
        _together([picture.pixels for picture in pictures]),
        labels=None,
        names=(),
        split=None,
        found=(min(picture.least for picture in pictures), max(picture.most for picture in pictures)),
        left_out=files.left_out,
        notes=_notes(pictures),
        cut=sum(picture.is_cut for picture in pictures),
        resized=sum(picture.is_resized for picture in pictures),
        files=files.images,
    )


def arranged(material: Material) -> Material:
    """With the classes and the split that its folders name, see `layout`. Raises DataError where they are unclear."""
    if not material.files or material.labels is not None:
        return material
    said = layout(material.files)
    labels, names = (None, ()) if said.classes is None else class_indices(said.classes)
    return replace(material, labels=labels, names=names, split=said.split, notes=(*said.notes, *material.notes))


def _pictures(files: tuple[ImageFile, ...], size: int | None) -> list[Picture]:
    """All, decoded; once a file is at fault the rest is looked at only to name all that are."""
    pictures: list[Picture] = []
    faults = Faults()
    total = 0
    for file in files:
        try:
            picture = read_picture(file.read(), file.name, size)
        except FileFaultError as fault:
            faults.add(fault)
            pictures.clear()
            continue
        if faults:
            continue
        pictures.append(picture)
        _check_size(picture.pixels, file.name, pictures[0].pixels, files[0].name)
        total += picture.pixels.size
        if total > limits.STORED_BYTES:
            raise DataError(
                f"All images together take more than {limits.STORED_BYTES // limits.MIB:,} MiB; choose a smaller size, "
                f"or fewer of them."
            )
    faults.refuse()
    return pictures


def _check_size(image: Bytes, name: str, first: Bytes, first_name: str) -> None:
    if image.shape[:2] != first.shape[:2]:
        raise DataError(
            f"The images differ in size: {shown(first_name)} is {_size(first)} and {shown(name)} {_size(image)}; "
            f"choose one size for all, such as 32 (--size 32), to cut and resize them to squares."
        )
    if max(image.shape[:2]) > limits.SIDE or min(image.shape[:2]) < limits.LEAST_SIDE:
        raise DataError(
            f"{shown(name)} is {_size(image)} pixels and the lab trains on at most {limits.SIDE} a side, and at least "
            f"{limits.LEAST_SIDE}; choose a size to resize all images to, such as 32 (--size 32)."
        )


def _together(images: list[Bytes]) -> Bytes:
    """Grey only if every image is, whatever the form of its file."""
    if all(image.ndim == 2 or _has_no_colour(image) for image in images):
        return np.stack([image if image.ndim == 2 else image[..., 0] for image in images])
    return np.stack([image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2) for image in images])


def _has_no_colour(image: Bytes) -> bool:
    return bool((image[..., :1] == image).all())


def _notes(pictures: list[Picture]) -> tuple[str, ...]:
    papers = Counter(picture.paper for picture in pictures)
    films = sum(picture.is_first for picture in pictures)
    count = f"of {len(pictures):,} {'image' if len(pictures) == 1 else 'images'}"
    white = f"Transparent parts became white in {papers['white']:,} {count}."
    black = f"Transparent parts became black in {papers['black']:,} {count}, of whose ink white would hide more."
    first = f"Files with several pictures: {films:,}; the first of each was taken."
    notes = (white if papers["white"] else "", black if papers["black"] else "", first if films else "")
    return tuple(note for note in notes if note)


def _size(image: Bytes) -> str:
    return f"{image.shape[1]} x {image.shape[0]}"
