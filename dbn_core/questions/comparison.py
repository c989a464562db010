"""Questions how a DBN and a VAE stand beside each other, by the same definitions: what is quickly had comes first."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.questions.question import Question, Saved
from dbn_core.records import Position

Bound = tuple[str, str, float, float | None, float | None]
"""Name, kind, nats per image, and the ends of the 3 sigma interval where it is an estimate."""


class ComparedModel(TypedDict):
    """One of the two. Errors are means over images, see `dbn_core.metrics.comparison`."""

    key: str
    title: str
    definition: str  # of its reconstruction
    parameters: int
    recon_mse: float  # squared error per pixel
    recon_ce: float  # nats per pixel


class Compared(TypedDict):
    """The DBN first."""

    rows: list[ComparedModel]
    images: int  # held-out images
    positions: tuple[Position, Position]


class Bounded(TypedDict):
    """Of both models, the DBN first, on the same binarised held-out images. `warning`: why the AIS figures cannot be
    believed, "" when they can.
    """

    bounds: tuple[list[Bound], list[Bound]]
    warning: str
    chains: int
    temperatures: int


@dataclass(frozen=True, slots=True)
class SampleBoth(Question[npt.NDArray[np.uint8]]):
    """Dreams of the DBN beside samples of the VAE: (2, samples, height, width[, 3]), means of pixels."""

    dbn: Saved
    vae: Saved
    seed: int = 0


@dataclass(frozen=True, slots=True)
class CompareWithVae(Question[Compared]):
    """Sizes and errors of both models on all held-out images of the DBN's run."""

    dbn: Saved
    vae: Saved


@dataclass(frozen=True, slots=True)
class BoundBoth(Question[Bounded]):
    """What is known of the log-likelihood of the same held-out images under both models."""

    dbn: Saved
    vae: Saved
    chains: int = 100
    temperatures: int = 1000
    seed: int = 0
