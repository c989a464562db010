"""Questions about the log-likelihood of held-out images: what it is, and what it would cost."""

from dataclasses import dataclass
from typing import TypedDict

from dbn_core.questions.question import AtCheckpoint
from dbn_core.records import Position


class Likelihood(TypedDict):
    """`kind`: whether the metrics are of log p(v) or of its variational lower bound; `binarisation`: how grey became
    black and white; `warning`: why they cannot be believed, "" when they can.
    """

    metrics: dict[str, float]  # nats per image, see `dbn_core.training.density`
    images: int  # held-out images
    binarisation: str
    kind: str
    unit: str
    warning: str
    seconds: float  # that it took
    position: Position


@dataclass(frozen=True, slots=True)
class LogLikelihood(AtCheckpoint[Likelihood]):
    """The mean log-likelihood of held-out images, exact or between annealed importance sampling and its reverse."""

    chains: int = 100
    temperatures: int = 10_000
    seed: int = 0


class Cost(TypedDict):
    """Tried in a fraction of a second, here and now."""

    seconds: float
    exact: bool
    images: int
    position: Position


@dataclass(frozen=True, slots=True)
class LikelihoodCost(AtCheckpoint[Cost]):
    """What `LogLikelihood` with these numbers would cost."""

    chains: int = 100
    temperatures: int = 10_000
