"""What is known of a data set before any of its images is read, and the folder where data sets lie."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dbn_core.config.data import is_own
from dbn_core.data.dataset import Dataset
from dbn_core.data.published import PublishedFile
from dbn_core.data.scale import PIXELS, Scale
from dbn_core.places import default_data

Progress = Callable[[str], None]
"""Is told in a sentence what is being downloaded."""


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """One entry of the catalogue."""

    name: str  # as in `data.name`
    title: str
    shape: tuple[int, int, int]  # height, width, channels
    train_count: int
    test_count: int  # held out: never trained on
    label_names: tuple[str, ...]  # none where the images have no classes
    source: str  # where it comes from, in a sentence
    licence: str
    scale: Scale = PIXELS  # of the images as they came; they are kept as 0..255
    folder: str = "."  # where its files lie, within the folder of data sets
    publisher: str = ""  # the class of torchvision that knows its mirrors
    files: tuple[PublishedFile, ...] = ()
    read: "Reader | None" = field(default=None, repr=False, compare=False)  # of published files: what loads them

    @property
    def is_own(self) -> bool:
        """Images that a person has added."""
        return is_own(self.name)

    @property
    def is_bundled(self) -> bool:
        """It comes with the lab and never needs a network."""
        return not self.files and not self.is_own

    def raw_folder(self, folder: Path | None = None) -> Path:
        """Where its files belong, within `folder` or else the folder of data sets."""
        return (folder or data_folder()) / self.folder

    def missing(self, folder: Path | None = None) -> tuple[PublishedFile, ...]:
        """The files that are not there in full; none where nothing is published."""
        raw = self.raw_folder(folder)
        return tuple(item for item in self.files if not item.is_in(raw))

    def is_present(self, folder: Path | None = None) -> bool:
        """It can be loaded now without a network."""
        return not self.missing(folder)


Reader = Callable[[DatasetInfo, Path, Progress | None], Dataset]
"""Loads a published data set, downloaded into the folder if it is not there. Raises DataError."""


def data_folder() -> Path:
    """The folder of data sets: the environment variable DBN_DATA, or that of this installation."""
    return Path(os.environ.get("DBN_DATA") or default_data()).expanduser()
