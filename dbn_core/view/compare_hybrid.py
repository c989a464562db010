"""Hybrids on few labels: the trainings that are compared, and their results found among a run's branches.

Each is trained on several draws of the labelled images, the same draws for all: one draw moves an error by points.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.config.stages import BESIDE, kind_of, without
from dbn_core.metric_table import metric_of
from dbn_core.records import EVALUATION, MetricPoint, RunInfo
from dbn_core.view.compare import TESTS

OFF = without(*BESIDE)
UPDATES = 1000  # of a training by default, whatever the number of labels
DRAWS = 3


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to use few labels."""

    key: str
    title: str
    help: str
    settings: Callable[[int, int], dict[str, Any]]  # (labels, epochs) -> what differs from the pretrained run


CONTENDERS = (
    Contender(
        "both",
        "CNN on features and image",
        "A small CNN that sees the image and the DBN's top features, which a learned projection turns into a map.",
        lambda labels, epochs: {"hybrid.epochs": epochs, "hybrid.inputs": "both", "hybrid.labels": labels},
    ),
    Contender(
        "images",
        "CNN alone",
        "The same CNN on the image alone: what the features add is the difference.",
        lambda labels, epochs: {"hybrid.epochs": epochs, "hybrid.inputs": "images", "hybrid.labels": labels},
    ),
    Contender(
        "frozen",
        "DBN head alone",
        "A linear head on the DBN's top features, which stay as they are.",
        lambda labels, epochs: {"finetune.epochs": epochs, "finetune.mode": "frozen", "finetune.labels": labels},
    ),
)

Draws = dict[int, RunInfo]  # by draw of the labels
Row = dict[str, Draws]  # by key of the contender


def epochs_for(labels: int, batch_size: int) -> int:
    """Epochs that make about `UPDATES` updates."""
    return max(1, min(500, round(UPDATES * min(batch_size, labels) / labels)))


def labels_of(config: RunConfig) -> tuple[str, int | None] | None:
    """(key of the contender, labelled images) that a run is; None if it is none."""
    if config.hybrid.epochs and not config.finetune.epochs and config.hybrid.inputs != "features":
        return config.hybrid.inputs, config.hybrid.labels
    if config.finetune.epochs and not config.hybrid.epochs and config.finetune.mode == "frozen":
        return "frozen", config.finetune.labels
    return None


def children(runs: Sequence[RunInfo], parent: str) -> dict[int, Row]:
    """Branches of `parent` by labels, contender and draw; of several alike the newest. `runs`: newest first."""
    branches: dict[int, Row] = {}
    for info in runs:
        what = labels_of(info.config) if info.parent == parent else None
        if what is not None and what[1] is not None:
            draws = branches.setdefault(what[1], {}).setdefault(what[0], {})
            draws.setdefault(info.config.labels.draw, info)
    return dict(sorted(branches.items()))


def missing(runs: Sequence[RunInfo], parent: str, labels: int, draws: int) -> list[tuple[Contender, int]]:
    """The contenders and draws that have no branch with so many labels yet, draw by draw."""
    there = children(runs, parent).get(labels, {})
    return [(item, draw) for draw in range(draws) for item in CONTENDERS if draw not in there.get(item.key, {})]


def error_of(points: Iterable[MetricPoint]) -> float | None:
    """% wrong of a branch's own classifier, not of label units that its parent may have had."""
    newest = {point.name: point.value for point in points if kind_of(point.position.stage).labels}
    return next((newest[name] for name in TESTS if name in newest), None)


def paired(row: Row, errors: Mapping[str, float | None]) -> tuple[list[float], list[float]]:
    """(% wrong on features and image, on the image alone) over the draws that both have; `errors`: by run."""
    both, alone = row.get("both", {}), row.get("images", {})
    both_errors = [
        (errors.get(both[draw].id), errors.get(alone[draw].id)) for draw in sorted(both.keys() & alone.keys())
    ]
    pairs = [(one, other) for one, other in both_errors if one is not None and other is not None]
    return [one for one, _ in pairs], [other for _, other in pairs]


def figures(labels: int, row: Row, errors: Mapping[str, float | None]) -> dict[str, float]:
    """The errors of a row as its parent keeps them: `error/both/100/0` is one draw. `errors`: by run."""
    return {
        f"error/{key}/{labels}/{draw}": wrong
        for key, draws in row.items()
        for draw, info in draws.items()
        if (wrong := errors.get(info.id)) is not None
    }


def kept(points: Iterable[MetricPoint]) -> dict[int, tuple[list[float], list[float]]]:
    """What `figures` kept of both CNNs, as `paired` by the number of labels."""
    trainings: dict[int, dict[str, dict[str, float]]] = {}
    for point in points:
        kind, *parts = point.name.split("/")
        if point.position.stage == EVALUATION and kind == "error" and len(parts) == 3:
            key, labels, draw = parts
            trainings.setdefault(int(labels), {}).setdefault(key, {})[draw] = point.value
    pairs = {labels: (row.get("both", {}), row.get("images", {})) for labels, row in sorted(trainings.items())}
    return {
        labels: ([both[draw] for draw in draws], [alone[draw] for draw in draws])
        for labels, (both, alone) in pairs.items()
        if (draws := sorted(both.keys() & alone.keys()))
    }


def summary(errors: Sequence[float]) -> str:
    """Mean, with the standard deviation where there are several."""
    if not errors:
        return "–"
    row = metric_of("test_error")
    return f"{row.text(fmean(errors))} ± {row.text(stdev(errors))}" if len(errors) > 1 else row.text(errors[0])


def gain(both: Sequence[float], alone: Sequence[float]) -> str:
    """What the features take off the CNN's error, in points, draw by draw; above 0 they helped."""
    return summary([other - one for one, other in zip(both, alone, strict=True)])
