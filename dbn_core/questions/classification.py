"""Questions about a run's classifiers: their figures on all held-out images, and the images behind these."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.questions.question import AtCheckpoint
from dbn_core.records import Position

Mistaken = tuple[int, int, int, float]
"""(number of the held-out image, true class, answer, probability of the answer)."""


class ClassifierFigures(TypedDict):
    """One classifier. `mistakes`: the wrong answers that it was surest of."""

    classifier: str
    metric: str  # its name in `Classification.metrics`
    error: float  # % of all held-out images
    error_deviation: float  # one standard error, %, of a share of that many images
    loss: float  # mean -log p of the true class, nats
    confusion: npt.NDArray[np.int64]  # (classes, classes) counts, true class down
    class_errors: list[float | None]  # % of each true class, None where no image is of it
    mistakes: list[Mistaken]


class Classification(TypedDict):
    """Every classifier that the run has."""

    rows: list[ClassifierFigures]
    metrics: dict[str, float]  # %, `test_error_fine_tuned`, ...
    images: int
    label_names: tuple[str, ...]
    unit: str
    position: Position


@dataclass(frozen=True, slots=True)
class Classify(AtCheckpoint[Classification]):
    """Errors of each classifier on all held-out images."""


@dataclass(frozen=True, slots=True)
class HeldOutImages(AtCheckpoint[npt.NDArray[np.uint8]]):
    """The held-out images of these numbers: uint8 (images, height, width[, 3])."""

    numbers: tuple[int, ...]


class CellImages(TypedDict):
    """The surest answers first."""

    numbers: list[int]
    probability: npt.NDArray[np.float32]  # of the answer, for each
    pixels: npt.NDArray[np.uint8]  # (images, height, width[, 3])
    position: Position


@dataclass(frozen=True, slots=True)
class ImagesOfCell(AtCheckpoint[CellImages]):
    """The held-out images behind one cell (true class, answer) of a classifier's confusion matrix."""

    classifier: str
    cell: tuple[int, int]
    limit: int = 100
