"""The results of the experiment "error against number of labels", read off a run's metrics as they come."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, stdev

from dbn_core.config import RunConfig
from dbn_core.config.groups import FEW_LABELS_METHODS, FEW_LABELS_SIZES
from dbn_core.config.stages import BESIDE, FEW_LABELS, without
from dbn_core.records import EVALUATION, MetricPoint

TITLES = {
    "frozen": "pretrained, head only",
    "global": "pretrained, all layers learn",
    "scratch": "the same net from scratch",
}
STAGES = {FEW_LABELS.name, EVALUATION}


@dataclass(frozen=True, slots=True)
class FewLabelsPoint:
    """One method at one number of labels, over the seeds that are done."""

    method: str  # one of `FEW_LABELS_METHODS`
    labels: int
    errors: tuple[float, ...]  # %, of all held-out images, by seed

    @property
    def mean(self) -> float:
        """Mean error over the seeds, %."""
        return fmean(self.errors)

    @property
    def spread(self) -> float:
        """Standard deviation of the error over the seeds, %; 0 for a single one."""
        return stdev(self.errors) if len(self.errors) > 1 else 0.0


def few_labels_points(metrics: Iterable[MetricPoint]) -> list[FewLabelsPoint]:
    """One point for each method and number of labels that has a result, method by method, by rising labels.

    metrics: of the run, in any order, others among them, and what an evaluation has kept of an experiment with it; of
    several results of one training the latest counts.
    """
    trainings: dict[tuple[str, int], dict[int, tuple[int, float]]] = {}
    for point in metrics:
        kind, _, rest = point.name.partition("/")
        parts = rest.split("/")
        if kind != "error" or point.position.stage not in STAGES or len(parts) != 3 or parts[0] not in TITLES:
            continue
        method, labels, seed = parts[0], int(parts[1]), int(parts[2])
        results = trainings.setdefault((method, labels), {})
        if seed not in results or results[seed][0] <= point.position.step:
            results[seed] = (point.position.step, point.value)
    order = sorted(trainings, key=lambda key: (FEW_LABELS_METHODS.index(key[0]), key[1]))
    return [
        FewLabelsPoint(method, labels, tuple(value for _, (_, value) in sorted(trainings[method, labels].items())))
        for method, labels in order
    ]


def few_labels_progress(points: Iterable[FewLabelsPoint], config: RunConfig) -> tuple[int, int]:
    """(trainings done, trainings in all). Of a run that only keeps what the experiment came to, all are done."""
    done = sum(len(point.errors) for point in points)
    return done, config.fewlabels.epochs or done


def few_labels_config(config: RunConfig, seeds: int = 3, updates: int = 2000) -> RunConfig:
    """The experiment on what `config` has pretrained: for a branch from the end of its last pretraining stage.

    Stages after pretraining and up-down are left out. Raises ConfigError.
    """
    return config.with_values(without(*BESIDE) | {"fewlabels.seeds": seeds, "fewlabels.updates": updates})


def trainings_each_seed() -> int:
    """How many short trainings one seed takes."""
    return FEW_LABELS_SIZES * len(FEW_LABELS_METHODS)
