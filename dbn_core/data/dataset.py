"""A data set in memory: images as uint8, their labels, and what they are called. Read only, shared by the process."""

from dataclasses import dataclass, field
from math import prod

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Images and labels, split for good into training and held-out (`test`) images.

    Images are (n, height, width) for one channel, else (n, height, width, channels); labels are (n,) indices into
    `label_names`. All four arrays are uint8 and cannot be written to. Grey values lie in `value_range`, ends included.
    """

    name: str
    train: Bytes = field(repr=False)
    test: Bytes = field(repr=False)
    train_labels: Bytes = field(repr=False)
    test_labels: Bytes = field(repr=False)
    shape: tuple[int, int, int]  # height, width, channels
    label_names: tuple[str, ...]
    value_range: tuple[int, int] = (0, 255)

    def __post_init__(self) -> None:
        for array in (self.train, self.test, self.train_labels, self.test_labels):
            array.setflags(write=False)

    @property
    def pixels(self) -> int:
        """Numbers in one image, channels included: the visible units of a network that sees it whole."""
        return prod(self.shape)
