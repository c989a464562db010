"""Questions about the features of whole layers: what classes can be read off them, and how they lie on a plane."""

from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.questions.question import AtCheckpoint
from dbn_core.records import Position

Method = Literal["pca", "tsne"]


class ProbedFeatures(TypedDict):
    """Errors on held-out images in % of two classifiers that read `features`: "pixels", "layer 1", ..."""

    features: str
    units: int
    knn_error: float
    logistic_error: float


class Probed(TypedDict):
    """Pixels first, then each trained layer. `figures`: the same as a run keeps them (`probe.layer1.knn_error`)."""

    rows: list[ProbedFeatures]
    figures: dict[str, float]
    fitted: int  # training images
    judged: int  # held-out images
    neighbours: int
    position: Position


@dataclass(frozen=True, slots=True)
class Probe(AtCheckpoint[Probed]):
    """How well simple classifiers read the class off each layer's features."""


class PlacedImages(TypedDict):
    """Held-out images on a plane.

    `agreement`: % of them whose nearest other image there is of the same class, None without labels.
    """

    places: npt.NDArray[np.float32]  # (cases, 2)
    pixels: npt.NDArray[np.uint8]  # (cases, height, width[, 3])
    labels: npt.NDArray[np.uint8]  # (cases,), empty where there are none
    label_names: tuple[str, ...]
    explained: list[float] | None  # shares of the variance along both directions, PCA only
    agreement: float | None
    units: int
    stack: str  # whose layers these are
    position: Position


@dataclass(frozen=True, slots=True)
class FeatureMap(AtCheckpoint[PlacedImages]):
    """The first held-out images at the places that a layer's features have on a plane; layer 0 is the pixels."""

    layer: int
    method: Method
    cases: int = 1000
