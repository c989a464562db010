"""Questions about units: what those of a deep layer stand for in pixel space, and what excites one of them."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.projections import Projection
from dbn_core.questions.question import AtCheckpoint
from dbn_core.records import Position


class Projected(TypedDict):
    """Signed pictures are weights as in a `filters` snapshot, the others intensities in [0, 1] = pixel / 255."""

    pixels: npt.NDArray[np.uint8]  # (units, height, width[, 3])
    scale: float
    signed: bool
    position: Position


@dataclass(frozen=True, slots=True)
class Project(AtCheckpoint[Projected]):
    """Pictures of the units `first` to `first + count - 1` (from 0) of a layer (from 1)."""

    layer: int
    projection: Projection
    first: int = 0
    count: int = 100


class Parts(TypedDict):
    """Units of the layer below, those first that count most in a unit."""

    units: list[int]
    weights: npt.NDArray[np.float32]
    pixels: npt.NDArray[np.uint8]  # as in a `filters` snapshot
    scale: float


class Wholes(TypedDict):
    """Units of the layer above, those first that use a unit most."""

    units: list[int]
    weights: npt.NDArray[np.float32]


class Life(TypedDict):
    """What excites a unit, how often, and what it is made of and used in, where there are such layers."""

    cases: int  # training images looked at
    position: Position
    most: npt.NDArray[np.uint8]  # (images, height, width[, 3]) with its highest probability,
    most_activity: npt.NDArray[np.float32]
    least: npt.NDArray[np.uint8]  # and with its lowest
    least_activity: npt.NDArray[np.float32]
    responds: npt.NDArray[np.uint8]  # what it responds to, signed as in a `filters` snapshot
    best: int  # so many images that excite it most
    best_mean: npt.NDArray[np.uint8]  # and their mean
    classes: tuple[str, ...]  # of the images; none where they have no labels
    on: npt.NDArray[np.int64]  # images for which its probability is above 1/2, by class,
    on_best: npt.NDArray[np.int64]  # and those that excite it most, by class
    histogram: npt.NDArray[np.float32]  # counts of its probability in equal bins of [0, 1]
    parts: Parts | None  # of a unit above the first layer
    wholes: Wholes | None  # of a unit below the last trained layer


@dataclass(frozen=True, slots=True)
class UnitLife(AtCheckpoint[Life]):
    """What excites a unit (from 0) of a layer (from 1)."""

    layer: int
    unit: int
