"""The gate that every preset must pass: what all of them promise, and what one promises for itself, held to its run.

All promise that the run gets to its end, that in no layer more than `IDLE_SHARE` of the units are dead, always on or
constant, that its units are not copies of one another, and that the coach is silent at the end of each layer. Those in
`assets/presets/broken` do not pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dbn_core.coach import advise
from dbn_core.coach.detectors import ALIKE
from dbn_core.coach.promises import final_figures
from dbn_core.config import Promise, RunConfig
from dbn_core.config.stages import LAYERS, layer_stage
from dbn_core.records import MetricPoint, Progress, RunInfo, RunStatus

IDLE_SHARE = 0.02  # of a layer's units, at the end
IDLE_SOON = 0.05  # after some hundred updates, when units that lie down still get up again
IDLE = {"dead_units": "dead", "always_on_units": "always on", "constant_units": "constant"}


@dataclass(frozen=True, slots=True)
class Ended:
    """A run at its end: its figures by name, and what the coach says of its layers.

    failure: how it ended, for one that did not get to its end; "" else.
    """

    config: RunConfig
    failure: str
    figures: Mapping[str, float]
    advice: tuple[str, ...]

    @classmethod
    def of(cls, info: RunInfo, points: Sequence[MetricPoint], more: Mapping[str, float] | None = None) -> "Ended":
        """points: all metrics of the run, in order; more: figures that it did not record itself."""
        failure = (
            "" if info.status is RunStatus.DONE else f"The run ended {info.status.value}: {info.message}".rstrip(": ")
        )
        return cls(info.config, failure, final_figures(points) | dict(more or {}), last_words(info, points))


def last_words(info: RunInfo, points: Sequence[MetricPoint]) -> tuple[str, ...]:
    """What the coach says at the end of each layer, the worst of a layer first."""
    if info.status is RunStatus.DIVERGED:
        return tuple(item.sentence for item in advise(info, info.config, (), points))
    sentences: list[str] = []
    for stages in _ends(info.config):
        of_layer = [point for point in points if point.position.stage in stages]
        if not of_layer:
            continue
        stage = LAYERS.name if len(stages) > 1 else of_layer[-1].position.stage
        there = replace(info, progress=Progress(replace(of_layer[-1].position, stage=stage)))
        sentences += [item.sentence for item in advise(there, info.config, (), of_layer)]
    return tuple(sentences)


def broken_promises(promises: Sequence[Promise], ended: Ended, idle_share: float = IDLE_SHARE) -> list[str]:
    """A sentence for each promise that the run does not keep: those of every preset, then `promises`."""
    sentences = [ended.failure] if ended.failure else []
    for depth, units in enumerate(ended.config.layers, 1):
        sentences += _idle(layer_stage(depth), units, ended.figures, idle_share)
    sentences += [f"The coach speaks: {said}" for said in ended.advice]
    return sentences + [said for promise in promises if (said := _broken(promise, ended.figures))]


def _ends(config: RunConfig) -> list[set[str]]:
    """Stages whose last figures are judged as one: a layer, or all where they learn together."""
    layers = [layer_stage(depth) for depth in range(1, len(config.layers) + 1)]
    return [set(layers)] if config.learns_together else [{layer} for layer in layers]


def _idle(stage: str, units: int, figures: Mapping[str, float], share: float) -> list[str]:
    idle = [
        f"{figures[name]:.0f} of {units:,} units of {stage} are {words}: at most {100 * share:g} % may be."
        for metric, words in IDLE.items()
        if figures.get(name := f"{stage}.{metric}", 0.0) > share * units
    ]
    likeness = figures.get(f"{stage}.likeness", 0.0)
    return [*idle, f"The units of {stage} are alike: they correlate by {likeness:.2f}."] if likeness > ALIKE else idle


def _broken(promise: Promise, figures: Mapping[str, float]) -> str:
    value = figures.get(promise.figure)
    if value is None:
        return f"{promise.figure} was not measured, and {promise.bounds} was promised."
    return "" if promise.is_kept(value) else f"{promise.figure} is {value:.3g}, and {promise.bounds} was promised."
