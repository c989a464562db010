"""Questions about how good samples are, beside real images, noise, copies and a VAE."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.questions.question import AtCheckpoint, Saved
from dbn_core.records import Position


class JudgeFacts(TypedDict):
    """How far the network that judges samples can be trusted."""

    error: float  # % of held-out images
    fitted: int  # training images
    heldout: int


@dataclass(frozen=True, slots=True)
class PrepareJudge(AtCheckpoint[JudgeFacts | None]):
    """Have the judge of a run's data set trained, if it never was; None where the images have no classes."""


class MeasuredSource(TypedDict):
    """Images of one source. `measures`: see `dbn_core.metrics.samples`; None where one does not apply."""

    key: str
    title: str
    count: int
    measures: dict[str, float | None]


class Pairs(TypedDict):
    """Samples above their nearest training images."""

    pictures: npt.NDArray[np.uint8]  # (2, samples, height, width[, 3])
    distance: npt.NDArray[np.float32]  # (samples,)


class Shares(TypedDict):
    """Of the images of each source, by its key, in equal bins from `low` to `high`."""

    low: float
    high: float
    shares: dict[str, list[float]]


class Scored(TypedDict):
    """`metrics`: by `source.measure`; `figures`: these as a run keeps them (`samples.dreams.recall`).

    `judge`: None where the images have no classes; distances are then between principal components of the pixels.
    """

    rows: list[MeasuredSource]
    metrics: dict[str, float]
    figures: dict[str, float]
    pairs: Pairs
    pairs_of: str  # title of the source
    grid: npt.NDArray[np.uint8]  # (samples, height, width[, 3])
    histograms: dict[str, Shares]  # by measure of sharpness
    judge: JudgeFacts | None
    count: int  # images of each source
    reference: int  # training images that all are compared with
    steps: int  # Gibbs steps of a dream
    seed: int
    scored: str  # what of the samples: their probabilities
    classes: int
    position: Position


@dataclass(frozen=True, slots=True)
class SampleQuality(AtCheckpoint[Scored]):
    """`count` dreams of `steps` Gibbs steps from noise, scored. `vae`: whose VAE is scored too, by default the run's
    own, if it has one.
    """

    count: int = 1000
    steps: int = 200
    seed: int = 0
    vae: Saved | None = None
