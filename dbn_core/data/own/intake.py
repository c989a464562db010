"""Images of one's own into a data set: decoded, checked, split for good into training and held-out ones."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dbn_core.config.data import OWN
from dbn_core.data.dataset import Bytes, Dataset
from dbn_core.data.own import limits
from dbn_core.data.own.added import Added, added
from dbn_core.data.own.decoding import resized
from dbn_core.data.own.gathering import arranged
from dbn_core.data.own.material import Material, refuse_too_many
from dbn_core.data.own.names import shown
from dbn_core.data.own.reading import Source, material_of, name_of
from dbn_core.data.own.shelf import free_name, info_of, save_own
from dbn_core.data.own.values import as_bytes, check_variety
from dbn_core.data.scale import Scale
from dbn_core.data.views import luma
from dbn_core.errors import DataError

SEED = 0  # of the order of the images and of their split: the same images always give the same data set
HELDOUT_SHARE, FEWEST_HELDOUT = 6, 10  # one image in six is held out, as in MNIST


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A data set that is not on the shelf yet; `answer`: what it would be, and how its images were read."""

    answer: Added
    data: Dataset = field(repr=False)
    folder: Path | None

    def keep(self) -> Added:
        """Put it on the shelf. Raises DataError where its name was taken meanwhile, or the disk refuses."""
        save_own(self.data.name, self.data, self.folder, self.answer.info.scale)
        return self.answer


def add_images(
    source: Source, name: str, *, size: int | None = None, grey: bool = False, folder: Path | None = None
) -> Added:
    """A folder or a file of one of the `FORMATS` as the new data set `own/<name>`; see `Source` for open files.

    size: cut every image to its middle square and resize it to this side; needed where sizes differ. grey: keep the
    luma of colour images only. Raises DataError with one sentence; nothing is stored then.
    """
    return prepare(source, name, size=size, grey=grey, folder=folder).keep()


def prepare(
    source: Source, name: str, *, size: int | None = None, grey: bool = False, folder: Path | None = None
) -> Prepared:
    """The same without storing anything, to be looked at first. Arguments and errors as `add_images`."""
    short = free_name(name, folder)
    if size is not None and not limits.LEAST_SIDE <= size <= limits.SIDE:
        raise DataError(f"A size of {size} is not allowed; give {limits.LEAST_SIDE} to {limits.SIDE} pixels a side.")
    of = name_of(source)
    material = arranged(material_of(source, size))
    _check_count(len(material.images) if material.images.size else 0, of)
    _check_sides(material.images.shape[1:3], of, size)
    scaled, values = as_bytes(material.images, shown(of), material.found)
    images = resized(scaled, size)
    images = luma(images) if grey and images.ndim == 4 else images
    blank = check_variety(images, shown(of))
    data = _dataset(f"{OWN}{short}", images, material)
    scale = Scale(values.black, values.white, bool(material.files) and values.is_scaled)
    notes = (
        "" if material.split is not None else f"One image in {HELDOUT_SHARE} is held out, drawn at random once.",
        f"Images of one colour throughout: {blank:,} of {len(images):,}." if blank else "",
    )
    answer = added(info_of(data, scale), data, material, values, tuple(note for note in notes if note))
    return Prepared(answer, data, folder)


def _check_count(count: int, name: str) -> None:
    if not count:
        raise DataError(f"{shown(name)} holds no images.")
    if count < limits.FEWEST:
        there = "is only 1 image" if count == 1 else f"are only {count:,} images"
        raise DataError(
            f"There {there}; a network needs at least {limits.FEWEST} to learn from and to be tested on. Add more."
        )
    refuse_too_many(count, name)


def _check_sides(sides: tuple[int, ...], name: str, size: int | None) -> None:
    if size is None and (max(sides) > limits.SIDE or min(sides) < limits.LEAST_SIDE):
        raise DataError(
            f"The images in {shown(name)} are {sides[1]} x {sides[0]}; the lab trains on {limits.LEAST_SIDE} to "
            f"{limits.SIDE} pixels a side: choose a size to resize to, such as 32 (--size 32)."
        )


def _dataset(name: str, images: Bytes, material: Material) -> Dataset:
    """Both splits in a shuffled order, so that any first part of them is a fair sample."""
    count = len(images)
    labels = np.zeros(count, np.uint8) if material.labels is None else material.labels
    order = np.random.default_rng(SEED).permutation(count)
    if material.split is None:
        heldout = max(FEWEST_HELDOUT, count // HELDOUT_SHARE)
        test, train = order[:heldout], order[heldout:]
    else:
        chosen = material.split[order]
        test, train = order[chosen], order[~chosen]
        if min(len(test), len(train)) < FEWEST_HELDOUT:
            raise DataError(
                f"Of the images {len(train):,} are for training and {len(test):,} held out; each needs at least "
                f"{FEWEST_HELDOUT}. Leave the split out to let the lab draw one."
            )
    height, width, *channels = images.shape[1:]
    return Dataset(
        name=name,
        train=images[train],
        test=images[test],
        train_labels=labels[train],
        test_labels=labels[test],
        shape=(height, width, channels[0] if channels else 1),
        label_names=material.names,
    )
