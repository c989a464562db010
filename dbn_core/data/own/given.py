"""Images given to a trained network: read as a data set's are, and fitted to the images that it has learnt."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dbn_core.data.dataset import Bytes
from dbn_core.data.own.decoding import SUFFIXES, resized
from dbn_core.data.own.gathering import gather
from dbn_core.data.own.leftovers import told
from dbn_core.data.own.material import Material, refuse_too_many
from dbn_core.data.own.names import printable, shown
from dbn_core.data.own.reading import material_of
from dbn_core.data.own.sources import in_file
from dbn_core.data.own.values import Values, as_bytes
from dbn_core.data.views import luma
from dbn_core.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class GivenImages:
    """pixels: uint8 (n, height, width[, 3]). names: the file of each image, or its row, from 1.

    notes: sentences on how they were read.
    """

    pixels: Bytes = field(repr=False)
    names: tuple[str, ...]
    notes: tuple[str, ...]


def given_images(source: Path, shape: tuple[int, ...], *, is_patch: bool = False) -> GivenImages:
    """All images of a folder or file, one image file among them, as a network has them that sees `shape`.

    shape: (height, width), or (height, width, 3) in colour. Where it is square, others are cut to their middle square
    and resized, unless it is a patch, which a whole image is not. Colours become grey as in `datasets add --grey`, grey
    images colour ones. What folders say of classes and splits is of no account. Raises DataError.
    """
    height, width = shape[:2]
    size = height if height == width and not is_patch else None
    name = source.name or str(source)
    material = _material(source, name, size)
    if not material.images.size:
        raise DataError(f"{shown(name)} holds no images.")
    refuse_too_many(len(material.images), name)
    scaled, values = as_bytes(material.images, shown(name), material.found, to_learn=False)
    images = resized(scaled, size)
    _check_sides(images, (height, width), name)
    return GivenImages(_coloured(images, len(shape) == 3), _names(material), _notes(material, values))


def _material(source: Path, name: str, size: int | None) -> Material:
    if source.suffix.lower() in SUFFIXES and source.is_file():
        return gather(in_file(source), name, size)
    return material_of(source, size)


def _check_sides(images: Bytes, sides: tuple[int, int], name: str) -> None:
    found = images.shape[1:3]
    if found != sides:
        raise DataError(
            f"The images in {shown(name)} are {found[1]} x {found[0]}, and this network has learnt ones of {sides[1]} "
            f"x {sides[0]} that others cannot be cut to (no squares, or patches); give images of that size."
        )


def _coloured(images: Bytes, in_colour: bool) -> Bytes:
    if in_colour == (images.ndim == 4):
        return images
    return np.repeat(images[..., None], 3, axis=3) if in_colour else luma(images)


def _names(material: Material) -> tuple[str, ...]:
    if material.files:
        return tuple(printable(file.name) for file in material.files)
    return tuple(str(row) for row in range(1, len(material.images) + 1))


def _notes(material: Material, values: Values) -> tuple[str, ...]:
    lines = (values.words if values.is_scaled else "", told(material.left_out), *material.notes)
    return tuple(line for line in lines if line)
