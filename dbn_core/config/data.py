"""Which images a run learns from, and how their pixels become visible units."""

import re
from typing import Literal

from pydantic import field_validator

from dbn_core.config.field import Group, field

DATASETS = ("digits", "mnist", "fashion-mnist", "cifar10")
OWN = "own/"
OWN_NAME = re.compile(r"[a-z0-9-]{1,40}")


def is_own(name: str) -> bool:
    """It names images that a person has added: `own/` and a name of small letters, digits and hyphens."""
    return name.startswith(OWN) and OWN_NAME.fullmatch(name.removeprefix(OWN)) is not None


class DataConfig(Group):
    """Which images, how many, and how their pixels become numbers."""

    name: str = field("digits", label="Data set", choices=DATASETS)
    """The data set. digits: 10,000 MNIST digits that come with the lab. mnist, fashion-mnist, cifar10: downloaded at
    first use. own/...: images of your own.
    """
    train_size: int | None = field(None, label="Training images", unit="images", ge=20)
    """How many training images to use, or patches where images are cut into them; empty means all of them."""
    preprocessing: Literal["unit", "threshold", "bernoulli", "standard", "robust", "zca"] = field(
        "unit", label="Preprocessing"
    )
    """How grey values 0..255 become visible units. unit: divided by 255 and used as probabilities. threshold: 1 above
    one half, else 0. bernoulli: a fresh random 0/1 with that probability at every use. For gaussian visible units:
    standard: mean 0 and deviation 1 of every pixel (a deviation below 0.1 counts as 0.1). robust: median 0 and
    inter-quartile range 1 of every pixel, as scikit-learn's RobustScaler (a range of 0 counts as 1). zca: whitened, so
    that neighbouring pixels no longer repeat each other. Each is fitted on the training images alone.
    """
    contrast_normalisation: bool = field(False, label="Contrast normalisation")
    """Give every image mean 0 and deviation 1 of its own before anything else (only for gaussian visible units)."""
    grey: bool = field(False, label="Grey")
    """Use colour images as grey ones."""
    patch: int | None = field(None, label="Patches", unit="pixels", ge=3, le=64)
    """Train on random square patches of this side instead of whole images, up to 10 of each image and 100,000 in all;
    empty means whole images.
    """

    @field_validator("name")
    @classmethod
    def _is_a_data_set(cls, name: str) -> str:
        if name not in DATASETS and not is_own(name):
            raise ValueError(
                f"{name[:60]!r} is no data set; give one of {', '.join(DATASETS)}, or own/NAME for images of your own "
                f"(NAME of small letters, digits and hyphens)"
            )
        return name
