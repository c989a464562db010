"""Classifiers and experiments as runs: where one begins, and how it is started. A classifier is a branch of a run."""

from dataclasses import dataclass
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.config.stages import BESIDE, LAYER, UP_DOWN, kind_of, without
from dbn_core.data.catalogue import dataset_info
from dbn_core.errors import StoreError
from dbn_core.records import Position, RunInfo
from dbn_core.store import Run
from dbn_core.store.checkpoint_info import newest
from dbn_core.view import compare_hybrid
from dbn_core.view.few_labels import few_labels_config
from web import lab

OFF = without(*BESIDE)
NAME = 55  # characters of the parent's name that its child's keeps


@dataclass(frozen=True, slots=True)
class Source:
    """The last checkpoint of a run's pretraining; `complete`: nothing of it is left to do."""

    checkpoint: int
    position: Position
    complete: bool


def source_of(info: RunInfo) -> Source | None:
    """Where a classifier of this run begins: its last checkpoint before any classifier. None if there is none."""
    config = info.config
    before = {stage: epochs for stage, epochs in config.stages.items() if kind_of(stage).generative}
    if not before:
        return None
    kept = [item for item in lab.store().run(info.id).checkpoints() if kind_of(item.position.stage) not in BESIDE]
    last = newest(item for item in kept if item.position.step > 0)
    if last is None:
        return None
    return Source(last.id, last.position, last.position.epoch >= sum(before.values()))


def why_not(info: RunInfo) -> str:
    """Why no classifier can be trained on this run's images; "" when one can."""
    if info.config.data.patch is not None:
        return "This run has learnt patches of images, and a patch has no class. Choose a run on whole images."
    if not dataset_info(info.config.data.name).label_names:
        return (
            "The images of this run have no labels, so no classifier can learn from them. Choose a run on data with "
            "labels, such as digits."
        )
    return ""


def finetune(info: RunInfo, settings: dict[str, Any]) -> Run:
    """A child that goes on from the end of pretraining with a classifier. Raises ConfigError, StoreError."""
    source = source_of(info)
    if source is None:
        raise StoreError("This run has no pretrained layers to fine-tune. Start the same net from scratch instead.")
    run = lab.store().run(info.id)
    config = _in_force(run, source).with_values(OFF | settings)
    return _started(lab.store().branch(run, source.checkpoint, config, f"{info.name[:NAME]} fine-tuned"))


def from_scratch(info: RunInfo, settings: dict[str, Any]) -> Run:
    """The same net as a classifier without pretraining, as a run of its own. Raises ConfigError."""
    untrained = without(LAYER, UP_DOWN) | {"labels.joint": False}
    config = info.config.with_values(OFF | untrained | settings)
    return _started(lab.store().create_run(config, f"{info.name[:NAME]} from scratch"))


def few_labels(info: RunInfo, seeds: int, updates: int) -> Run:
    """The experiment on this run's pretrained layers. Raises ConfigError, StoreError."""
    source = source_of(info)
    if source is None:
        raise StoreError("The experiment compares with pretraining, and this run has no pretrained layers.")
    run = lab.store().run(info.id)
    config = few_labels_config(_in_force(run, source), seeds, updates)
    return _started(lab.store().branch(run, source.checkpoint, config, f"{info.name[:NAME]} few labels"))


def hybrids(info: RunInfo, labels: int, draws: int, epochs: int) -> None:
    """What is missing of a CNN on features and image, the CNN alone and a head alone, each on some draws of as many
    labelled images; branches of the run from the end of its pretraining. Raises ConfigError, StoreError.
    """
    source = source_of(info)
    if source is None:
        raise StoreError("A hybrid learns from pretrained features, and this run has no pretrained layers.")
    run = lab.store().run(info.id)
    before = _in_force(run, source)
    for item, draw in compare_hybrid.missing(lab.store().runs(), info.id, labels, draws):
        config = before.with_values(compare_hybrid.OFF | item.settings(labels, epochs) | {"labels.draw": draw})
        name = f"{info.name[:36]}: {item.title}, {labels:,}, draw {draw + 1}"
        _started(lab.store().branch(run, source.checkpoint, config, name))


def _in_force(run: Run, source: Source) -> RunConfig:
    saved = run.checkpoint(source.checkpoint)
    if saved is None:
        raise StoreError("This checkpoint is no longer kept. Reload the page and try again.")
    return saved.config


def _started(run: Run) -> Run:
    lab.cluster().submit(run.id)
    return run
