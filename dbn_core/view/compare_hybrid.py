"""Hybrids on few labels: the trainings that are compared, and their results found among a run's branches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.records import RunInfo

OFF = {"finetune.epochs": 0, "vae.epochs": 0, "hybrid.epochs": 0, "fewlabels.seeds": 0}
UPDATES = 1000  # of a training by default, whatever the number of labels


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


def children(runs: Sequence[RunInfo], parent: str) -> dict[int, dict[str, RunInfo]]:
    """Branches of `parent` by number of labels and contender; of several alike the newest. `runs`: newest first."""
    found: dict[int, dict[str, RunInfo]] = {}
    for info in runs:
        what = labels_of(info.config) if info.parent == parent else None
        if what is not None and what[1] is not None:
            found.setdefault(what[1], {}).setdefault(what[0], info)
    return dict(sorted(found.items()))


def missing(runs: Sequence[RunInfo], parent: str, labels: int) -> list[Contender]:
    """The contenders that have no branch with so many labels yet."""
    there = children(runs, parent).get(labels, {})
    return [item for item in CONTENDERS if item.key not in there]
