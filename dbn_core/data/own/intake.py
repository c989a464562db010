"""Images of one's own into a data set: decoded, checked, split for good into training and held-out ones."""

from pathlib import Path
from typing import IO

import numpy as np

from dbn_core.config.data import OWN
from dbn_core.data.catalogue import DatasetInfo
from dbn_core.data.dataset import Dataset
from dbn_core.data.own import limits
from dbn_core.data.own.arrays import in_npz
from dbn_core.data.own.gathering import gather
from dbn_core.data.own.material import Material
from dbn_core.data.own.shelf import free_name, own_info, save_own
from dbn_core.data.own.sources import in_folder, in_zip
from dbn_core.data.views import luma
from dbn_core.errors import DataError

SEED = 0  # of the order of the images and of their split: the same images always give the same data set
HELDOUT_SHARE, FEWEST_HELDOUT = 6, 10  # one image in six is held out, as in MNIST
SIZES = (3, limits.SIDE)  # pixels a side


def add_images(
    source: Path | tuple[str, IO[bytes]],
    name: str,
    *,
    size: int | None = None,
    grey: bool = False,
    folder: Path | None = None,
) -> DatasetInfo:
    """A folder, `.zip` or `.npz` as the new data set `own/<name>`; an open file comes with its name.

    size: cut every image to its middle square and resize it to this side; needed where sizes differ. grey: keep the
    luma of colour images only. Raises DataError with one sentence; nothing is stored then.
    """
    short = free_name(name, folder)
    if size is not None and not SIZES[0] <= size <= SIZES[1]:
        raise DataError(f"A size of {size} is not allowed; give {SIZES[0]} to {SIZES[1]} pixels a side.")
    material = _material(source, size)
    if len(material.images) < limits.FEWEST:
        raise DataError(
            f"There are only {len(material.images):,} images; a network needs at least {limits.FEWEST} to learn from "
            f"and to be tested on. Add more."
        )
    save_own(short, _dataset(f"{OWN}{short}", material, grey), folder)
    return own_info(f"{OWN}{short}", folder)


def _material(source: Path | tuple[str, IO[bytes]], size: int | None) -> Material:
    if isinstance(source, Path):
        if source.is_dir():
            return gather(in_folder(source), source.name or str(source), size)
        try:
            with source.open("rb") as file:
                return _from_file(file, source.name, size)
        except FileNotFoundError:
            raise DataError(f"There is no {source}; give a folder, a .zip or an .npz.") from None
        except OSError as error:
            raise DataError(f"{source} cannot be read: {error.strerror or error}.") from error
    return _from_file(source[1], source[0], size)


def _from_file(file: IO[bytes], name: str, size: int | None) -> Material:
    if file.seek(0, 2) > limits.FILE_BYTES:
        raise DataError(f"{name} is larger than {limits.FILE_BYTES // limits.MIB:,} MiB; give fewer or smaller images.")
    file.seek(0)
    match Path(name).suffix.lower():
        case ".zip":
            with in_zip(file, name) as found:
                return gather(found, name, size)
        case ".npz":
            return _resized(in_npz(file, name), name, size)
        case _:
            raise DataError(f"{name} is neither a folder nor a .zip or .npz, which are what images can be taken from.")


def _resized(material: Material, name: str, size: int | None) -> Material:
    """Arrays are taken as they are, or resized as image files would be."""
    from PIL import Image

    from dbn_core.data.own.decoding import square

    images = material.images
    if len(images) > limits.MOST:
        raise DataError(f"{name} holds {len(images):,} images; at most {limits.MOST:,} are allowed.")
    if not images.size:
        raise DataError(f"{name} holds no images.")
    if size is None:
        if max(images.shape[1:3]) > limits.SIDE or min(images.shape[1:3]) < SIZES[0]:
            raise DataError(
                f"The images in {name} are {images.shape[2]} x {images.shape[1]}; the lab trains on {SIZES[0]} to "
                f"{SIZES[1]} pixels a side: choose a size to resize to, such as 32 (--size 32)."
            )
        return material
    fitted = [np.asarray(square(Image.fromarray(image), size)) for image in images]
    return Material(np.stack(fitted), material.labels, material.names, material.split)


def _dataset(name: str, material: Material, grey: bool) -> Dataset:
    """Both splits in a shuffled order, so that any first part of them is a fair sample."""
    images = luma(material.images) if grey and material.images.ndim == 4 else material.images
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
