"""The answer to images that were taken in: what the lab made of them, in numbers and sentences."""

from dataclasses import dataclass, field

import numpy as np

from dbn_core.data.dataset import Bytes, Dataset
from dbn_core.data.info import DatasetInfo
from dbn_core.data.own.leftovers import LeftOut, told
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import listed
from dbn_core.data.own.values import Values

SAMPLES = 10  # images to look at


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """A new data set and how its images were read.

    train_counts, test_counts: training and held-out images of each class, in the order of `info.label_names`. values:
    the range found and what was done. left_out: files that were not taken. notes: sentences on folders, split,
    transparency and blank images. samples: (n, height, width[, 3]), the first image of each of the first classes, or
    without classes the first images.
    """

    info: DatasetInfo
    train_counts: tuple[int, ...]
    test_counts: tuple[int, ...]
    values: Values
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    samples: Bytes = field(repr=False)

    @property
    def classes(self) -> str:
        """Each class with its counts, as in "cat 44 + 9"; "" without classes."""
        rows = zip(self.info.label_names, self.train_counts, self.test_counts, strict=True)
        return ", ".join(f"{name} {train:,} + {test:,}" for name, train, test in rows)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is to be told beside the counts of images: classes, values, files left out, and the notes."""
        lines = (
            f"Classes (training + held out): {self.classes}." if self.classes else "",
            self.values.words,
            told(self.left_out),
            *self.notes,
            self._lacking("training", self.train_counts),
            self._lacking("held-out", self.test_counts),
        )
        return tuple(line for line in lines if line)

    @property
    def sample_words(self) -> str:
        """What `samples` are."""
        if not self.info.label_names:
            return f"The first {len(self.samples)} images"
        return f"The first image of each class: {listed(self.info.label_names, len(self.samples))}"

    def _lacking(self, part: str, counts: tuple[int, ...]) -> str:
        names = [name for name, count in zip(self.info.label_names, counts, strict=True) if not count]
        return f"No {part} images are of {listed(names)}." if names else ""


def added(info: DatasetInfo, data: Dataset, material: Material, values: Values, notes: tuple[str, ...]) -> Added:
    """The answer for a data set made of this material."""
    classes = len(data.label_names)
    return Added(
        info,
        tuple(np.bincount(data.train_labels, minlength=classes).tolist()) if classes else (),
        tuple(np.bincount(data.test_labels, minlength=classes).tolist()) if classes else (),
        values,
        material.left_out,
        (*_parts(material), *material.notes, *notes),
        _samples(data),
    )


def _parts(material: Material) -> tuple[str, ...]:
    if not material.parts:
        return ()
    *trained, heldout = [name for name, _ in material.parts]
    return (f"The images of {' and '.join(trained)} are trained on, those of {heldout} held out.",)


def _samples(data: Dataset) -> Bytes:
    if not data.label_names:
        return data.train[:SAMPLES]
    firsts = [np.flatnonzero(data.train_labels == index)[:1] for index in range(len(data.label_names))]
    return data.train[np.concatenate(firsts)[:SAMPLES]]
