"""Questions about what a network generates: a part of a dream, and a way from one image to another."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.config.dreaming import DreamSettings
from dbn_core.questions.question import AtCheckpoint

End = tuple[int, int]
"""(class, number within it, counted round) of a held-out image."""


@dataclass(frozen=True, slots=True)
class ChainState:
    """Where a part of a dream has ended and the next one goes on: hidden states, generator, steps made."""

    h: bytes  # packed bits, or float32 where units are not binary
    generator: bytes
    step: int


class Dreamt(TypedDict):
    """A part of a dream. `classes`: for each column the one that its chains start from or are held at, -1 for none."""

    pictures: npt.NDArray[np.uint8]  # (count, chains, height, width[, 3]); chains row by row,
    columns: int  # so many in a row
    free_energy: npt.NDArray[np.float32]  # (count, chains), nats: only differences mean anything
    state: ChainState
    classes: list[int]
    seconds: float  # of the steps


@dataclass(frozen=True, slots=True)
class DreamSteps(AtCheckpoint[Dreamt]):
    """Pictures `first` to `first + count - 1` of a dream, from where the part before it has ended (None: from its
    start). `drawing`: the bytes of an image, where a dream starts from one.
    """

    settings: DreamSettings
    first: int
    count: int
    state: ChainState | None = None
    drawing: bytes | None = None


class Interpolated(TypedDict):
    """The first row goes through the network, the second is the plain mix of pixels."""

    pictures: npt.NDArray[np.uint8]  # (2, count, height, width[, 3])
    distance: npt.NDArray[np.float32]  # (2, count - 1), mean absolute change of a pixel from each picture to the next


@dataclass(frozen=True, slots=True)
class Interpolate(AtCheckpoint[Interpolated]):
    """From one held-out image to another in equal steps."""

    ends: tuple[End, End]
    count: int = 11
