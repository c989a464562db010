"""The images of one run, on its device, ready for any learner."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Self

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.errors import DataError
from dbn_core.models import Units
from dbn_core.training.preprocessing import Preprocessing

CHUNK = 2000  # images looked at together
SHOWN = 20  # held-out images reconstructed in pictures
UNLABELLED = -1
Split = tuple[Tensor, Tensor | None]
"""Rows (cases, pixels), uint8 or in Python real numbers, and their classes (cases,), if they have any."""


@dataclass(frozen=True)
class TrainingData:
    """Both splits as rows, with labels where there are any; `preprocessing` was fitted on `train` alone."""

    train: Tensor  # (cases, pixels): uint8; real numbers in place of pixels where a person gives such from Python
    heldout: Tensor  # (cases, pixels)
    train_labels: Tensor  # int64 (cases,), UNLABELLED where a case has none
    heldout_labels: Tensor  # int64 (cases,)
    label_names: tuple[str, ...]
    shape: tuple[int, ...]  # (height, width) or (height, width, 3)
    preprocessing: Preprocessing
    shown: Tensor  # int64: the held-out images that pictures reconstruct

    @classmethod
    def of(
        cls,
        config: RunConfig,
        train: Split,
        heldout: Split,
        label_names: tuple[str, ...],
        shape: tuple[int, ...],
        device: torch.device | str = "cpu",
        fitted: Mapping[str, Tensor] | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> Self:
        """Both splits on `device`, the preprocessing of `config` fitted on the training rows.

        dtype: of visible units. fitted: tensors of a checkpoint, whose preprocessing is used as it was fitted then.
        Raises DataError for training rows that are all the same.
        """
        splits = [(rows.to(device), _labels(rows, labels).to(device)) for rows, labels in (train, heldout)]
        (rows, labels), (others, truth) = splits
        if fitted is None:
            refuse_all_alike(rows)
            preprocessing = Preprocessing.fit(config.data, rows, shape, dtype)
        else:
            preprocessing = Preprocessing.of(config.data, fitted, shape, device)
        shown = two_of_each(truth, len(label_names))
        return cls(rows, others, labels, truth, label_names, shape, preprocessing, shown)

    @classmethod
    def empty(cls, shape: tuple[int, ...], label_names: tuple[str, ...] = ()) -> Self:
        """No images of this shape, and no preprocessing but the division by 255."""
        rows, labels = torch.empty(0, prod(shape), dtype=torch.uint8), torch.empty(0, dtype=torch.int64)
        plain = Preprocessing("unit", contrast=False, fitted={}, device="cpu")
        return cls(rows, rows, labels, labels, label_names, shape, plain, labels)

    @property
    def pixels(self) -> int:
        """Numbers in one image, colours included."""
        return prod(self.shape)

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.label_names)

    @cached_property
    def inputs(self) -> Tensor:
        """The training images as batches take them: see `Preprocessing.prepared`."""
        return self.preprocessing.prepared(self.train)

    @cached_property
    def is_labelled(self) -> bool:
        """Every training and held-out image has a label."""
        return self.classes > 0 and not bool((self.train_labels < 0).any() or (self.heldout_labels < 0).any())

    def require_states(self, units: Units) -> None:
        """Raises DataError where visible units come in groups and an image is no state of them."""
        if not units.kind.is_grouped:
            return
        for rows in (*self.train.split(CHUNK), *self.heldout.split(CHUNK)):
            problem = units.why_not(self.preprocessing.mean(rows))
            if problem:
                raise DataError(f"{problem}, and these images are not so. Choose visible = bernoulli, or other images.")

    def require_labels(self, wanted_by: str) -> None:
        """Raises DataError when an image has no label; `wanted_by` is the setting that asks for them."""
        if not self.is_labelled:
            raise DataError(
                f"{wanted_by} needs a label for every image, and these images have none. Choose a data set with "
                f"labels (digits), or switch {wanted_by} off."
            )


def refuse_all_alike(rows: Tensor) -> None:
    """Raises DataError for images among which there is nothing to tell apart."""
    if len(rows) > 1 and all(bool((part == rows[0]).all()) for part in rows.split(CHUNK)):  # mostly the first tells
        raise DataError(
            f"All {len(rows):,} training images are the same, so that there is nothing to learn; give images that "
            f"differ."
        )


def two_of_each(labels: Tensor, classes: int) -> Tensor:
    """Cases worth showing: the first two of each class, class by class; without classes the first ones."""
    cases = torch.cat([(labels == label).nonzero()[:2, 0] for label in range(classes)] or [labels[:0]])
    return cases[:SHOWN] if len(cases) else torch.arange(min(SHOWN, len(labels)), device=labels.device)


def _labels(rows: Tensor, labels: Tensor | None) -> Tensor:
    return torch.full((len(rows),), UNLABELLED) if labels is None else labels.long()
