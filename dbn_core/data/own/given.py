"""Images given to a trained network: read as a data set's are, and fitted to the images that it has learnt.

What is black and what white is never guessed from the images, so that one has the same numbers alone and among others:

    image files    white is 255, unless the network has learnt from files on another scale (masks of 0 and 1)
    arrays         as `models.images` says: on the network's own scale where that is not 0 to 255; else uint8 are 0 to
                   255 and other numbers grey values in [0, 1]
    tables         on the network's scale, 0 to 255 where it has no other; in a .parquet those of real numbers as arrays
"""

from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dbn_core.data.dataset import Bytes
from dbn_core.data.own.decoding import SUFFIXES, resized
from dbn_core.data.own.gathering import gather
from dbn_core.data.own.leftovers import told
from dbn_core.data.own.material import Material, refuse_too_many
from dbn_core.data.own.names import printable, shown
from dbn_core.data.own.reading import material_of
from dbn_core.data.own.sources import in_file
from dbn_core.data.own.values import DIMMEST, Values, on_scale
from dbn_core.data.scale import PIXELS, Scale
from dbn_core.data.views import luma
from dbn_core.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class GivenImages:
    """numbers: (n, height, width[, 3]), uint8 0 to 255, or real ones on the network's own scale.

    names: the file of each image, in the order that people sort them in, or its row, from 1. has_files: they are files.
    notes: sentences on how they were read and fitted.
    """

    numbers: npt.NDArray[Any] = field(repr=False)
    names: tuple[str, ...]
    has_files: bool
    notes: tuple[str, ...]


def given_images(source: Path, shape: tuple[int, ...], scale: Scale = PIXELS, *, is_patch: bool = False) -> GivenImages:
    """All images of a folder or file, one image file among them, as a network has them that sees `shape` on `scale`.

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
    scaled, values = on_scale(material.images, shown(name), _ends(material, scale, name), material.found)
    images = resized(scaled, size)
    _check_sides(images, (height, width), name)
    numbers = _numbers(_coloured(images, len(shape) == 3), scale)
    notes = (*_notes(material, values), *_fitted(material, images, shape, size))
    return GivenImages(numbers, _names(material), bool(material.files), notes)


def _material(source: Path, name: str, size: int | None) -> Material:
    if source.suffix.lower() in SUFFIXES and source.is_file():
        return gather(in_file(source), name, size)
    return material_of(source, size)


def _ends(material: Material, scale: Scale, name: str) -> tuple[float, float]:
    """Black and white of these images, see above."""
    if material.files:
        return scale.ends if scale.is_of_files else PIXELS.ends
    images = material.images
    if images.dtype == np.bool_:
        return 0, 1
    if scale.ends != PIXELS.ends or images.dtype == np.uint8:
        return scale.ends
    if not material.is_table:
        if float(images.max()) > 1:
            raise DataError(
                f"The values in {shown(name)} reach {images.max():g}, and if not uint8 they are grey values "
                f"in [0, 1] for this network; divide them by the value that is white, or save pixels 0 to 255 as uint8."
            )
        return 0, 1
    if float(images.max()) <= 1 and bool((images != np.round(images)).any()):
        raise DataError(
            f"No value in {shown(name)} is above 1, and white is 255 in a table for this network; multiply by 255."
        )
    return PIXELS.ends


def _numbers(images: Bytes, scale: Scale) -> npt.NDArray[Any]:
    black, white = scale.ends
    return images if scale.ends == PIXELS.ends else black + images * ((white - black) / 255)


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
    is_worth_telling = values.is_scaled or (not material.files and values.most < DIMMEST)
    lines = (values.words if is_worth_telling else "", told(material.left_out), *material.notes, _rows(material))
    return tuple(line for line in lines if line)


def _rows(material: Material) -> str:
    """Which rows are those of which array, where there are several."""
    ends = list(accumulate(count for _, count in material.parts))
    rows = [
        f"{end - count + 1:,} to {end:,} are those of {name}"
        for (name, count), end in zip(material.parts, ends, strict=True)
    ]
    return f"Of the rows {', '.join(rows)}." if rows else ""


def _fitted(material: Material, images: Bytes, shape: tuple[int, ...], size: int | None) -> tuple[str, ...]:
    """What was done to images that were not as the network has learnt them."""
    height, width = material.images.shape[1:3]
    is_array = not material.files and size is not None
    cut = len(images) if is_array and height != width else material.cut
    resized_ones = len(images) if is_array and min(height, width) != size else material.resized
    changed = {
        "Cut to their middle square": cut,
        f"Resized to {shape[1]} x {shape[0]}": resized_ones,
        "Made grey, as the network has learnt": 0 if len(shape) == 3 else _in_colour(images),
        "Grey, and given to a network that has learnt colours": len(images) - _in_colour(images)
        if len(shape) == 3
        else 0,
    }
    return tuple(f"{what}: {count:,} of {len(images):,}." for what, count in changed.items() if count)


def _in_colour(images: Bytes) -> int:
    return int((images != images[..., :1]).any(axis=(1, 2, 3)).sum()) if images.ndim == 4 else 0
