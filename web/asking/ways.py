"""How each kind of question is asked: in which lane, for how long at most, how many answers are kept, in what phases.

Lanes keep short questions from waiting behind long ones: a drawing never waits behind another viewer's t-SNE.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dbn_core.questions import (
    BoundBoth,
    Classify,
    CompareWithVae,
    DreamSteps,
    FeatureMap,
    HeldOutImages,
    ImagesOfCell,
    Interpolate,
    LikelihoodCost,
    LogLikelihood,
    PrepareJudge,
    Probe,
    Project,
    Question,
    Recognise,
    SampleBoth,
    SampleQuality,
    StepContrastiveDivergence,
    UnitLife,
)
from dbn_core.store import RunStore
from web.asking.keeping import keep_figures, keep_nothing, keep_projection

LONGEST_LIKELIHOOD = 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Lane:
    """Questions that wait for one another. `open`: how many may be asked at a time, where that is bounded."""

    threads: int
    open: int | None = None


Phases = Iterable[tuple[str, Question[Any]]]


def at_once(question: Question[Any]) -> Phases:
    """One phase, without words of its own."""
    return (("A worker computes it", question),)


def with_judge(question: SampleQuality) -> Phases:
    """The judge of a data set takes a minute, the first time."""
    yield (
        "Training the judge, a small network for this data set; kept once it is trained",
        PrepareJudge(question.run_id, question.checkpoint_id),
    )
    yield f"Dreaming {question.count:,} images of {question.steps} Gibbs steps, and comparing them", question


@dataclass(frozen=True, slots=True)
class Way:
    """How questions of a kind are asked.

    patience: seconds that each phase may take; kept: answers in memory; long: it takes more than seconds and must hold
    up no other question on its worker; phases: (words, question), the last one answers; keep: what outlives this
    process.
    """

    lane: str
    patience: float
    kept: int
    long: bool = False
    phases: Callable[[Any], Phases] = at_once
    keep: Callable[[RunStore, Any, Any], None] = keep_nothing


LANES: Mapping[str, Lane] = {
    "drawings": Lane(2),  # what a person waits for, hand still on the mouse
    "features": Lane(1),
    "maps": Lane(1),
    "dreams": Lane(2),
    "quality": Lane(1),
    "likelihood": Lane(1, open=6),
    "comparison": Lane(1),
}
WAYS: Mapping[type[Question[Any]], Way] = {
    Recognise: Way("drawings", 30, 128),
    StepContrastiveDivergence: Way("drawings", 60, 32),  # a first one may have to wait for the workers to start
    Project: Way("features", 120, 0, keep=keep_projection),  # a deep layer sampled down while both cores train
    UnitLife: Way("features", 120, 256),
    Probe: Way("features", 120, 256, keep=keep_figures),
    LikelihoodCost: Way("features", 120, 0),  # it depends on what else the machine does
    Classify: Way("features", 300, 64),
    HeldOutImages: Way("features", 300, 64),
    ImagesOfCell: Way("features", 300, 256),
    FeatureMap: Way("maps", 300, 32),
    DreamSteps: Way("dreams", 120, 4),  # whole dreams are kept in `dreams`
    Interpolate: Way("dreams", 120, 64),
    PrepareJudge: Way("quality", 1800, 8, long=True),
    SampleQuality: Way("quality", 1800, 64, long=True, phases=with_judge, keep=keep_figures),
    LogLikelihood: Way("likelihood", LONGEST_LIKELIHOOD, 256, long=True),
    SampleBoth: Way("comparison", 1800, 64, long=True),
    CompareWithVae: Way("comparison", 1800, 64, long=True),
    BoundBoth: Way("comparison", 1800, 64, long=True),
}
