"""One preset, trained through a real store, measured, and held to what it promises."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.contact_sheet import contact_sheet
from dbn_core.coach.gate import IDLE_SOON, Ended, broken_promises
from dbn_core.config import Preset, RunConfig, preset
from dbn_core.config.stages import LATER, layer_stage, without
from dbn_core.inference.at_end import SAMPLES, STEPS
from dbn_core.inference.generation import sample_quality
from dbn_core.inference.loading import Trained, images, trained
from dbn_core.inference.quality_judge import court
from dbn_core.metrics.purity import MOST_EXCITING
from dbn_core.models.dbn import with_label
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.worker import train_run

SURELY = 0.8  # probability with which the judge names an image
EPOCHS = 5  # of each layer of a shortened preset; the coach looks at none before three have passed


@dataclass(frozen=True, slots=True)
class Measured:
    """What one preset came to. `figures`: those of `final_figures`, and of each layer `named` (share of the units whose
    mean of the most exciting images the judge names) and `classes` (how many classes these are).
    """

    preset: str
    settings: dict[str, Any]
    seconds: float  # of the training by the clock, with what it evaluates at its end
    processor_seconds: float
    failure: str  # as in `Ended`
    figures: dict[str, float]
    coach: list[str]

    @property
    def layers(self) -> int:
        """How many there are."""
        return len(self.settings["layers"])

    @property
    def broken(self) -> list[str]:
        """Promises that it breaks, as the preset makes them now, a sentence each."""
        ended = Ended(RunConfig.from_dict(self.settings), self.failure, self.figures, tuple(self.coach))
        return broken_promises(preset(self.preset).promises, ended)


def measure(item: Preset, config: RunConfig, store: RunStore, sheet: Path | None = None) -> Measured:
    """Train in full, as `config` says; `sheet`: where its pictures go."""
    run, seconds = _trained(config, store)
    figures: dict[str, float] = {}
    if run.info().status is RunStatus.DONE:
        figures, dreams = _beyond_the_record(store, run)
        if sheet is not None:
            contact_sheet(run, dreams, sheet)
    ended = Ended.of(run.info(), run.metrics(), figures)
    settings = ended.config.to_dict()
    return Measured(item.name, settings, *seconds, ended.failure, dict(ended.figures), list(ended.advice))


def shortened(item: Preset, store: RunStore) -> list[str]:
    """Promises that the first epochs of each layer break: those of every preset, and those that hold soon.

    All images are learnt from: on fewer even a healthy preset learns them by heart.
    """
    config = RunConfig.preset(item.name)
    own = [key for key in config.given_to_layers() if key.endswith(".epochs")]
    epochs = {key: min(config.value(key), EPOCHS) for key in ("epochs", *own)}
    less = epochs | without(*LATER) | {"evaluation.at_end": False}
    run, _ = _trained(config.with_values(less), store)
    soon = [promise for promise in item.promises if promise.soon]
    return broken_promises(soon, Ended.of(run.info(), run.metrics()), IDLE_SOON)


def _trained(config: RunConfig, store: RunStore) -> tuple[Run, tuple[float, float]]:
    """A run at its end, and the seconds that it took, by the clock and of the processor."""
    run = store.create_run(config, executor="foreground")
    began, worked = time.perf_counter(), time.process_time()
    train_run(store.url, run.id)
    return run, (time.perf_counter() - began, time.process_time() - worked)


def _beyond_the_record(store: RunStore, run: Run) -> tuple[dict[str, float], np.ndarray]:
    """Figures that no training records, and dreams to look at."""
    where = (store.url, run.id, run.require_checkpoint().id)
    figures = _named(trained(*where))
    quality = sample_quality(*where, SAMPLES, STEPS)
    return figures | quality["figures"], quality["grid"]


@torch.no_grad()
def _named(model: Trained) -> dict[str, float]:
    """For each layer the share of units whose most exciting images look, in their mean, like one class to the judge."""
    if not model.data.is_labelled:
        return {}
    everything = model.config.data.model_copy(update={"train_size": None})
    judge = court(everything.name, images(everything, model.config.seed))
    pixels, visible = model.data.train.float() / 255, model.preprocessing.mean(model.data.train)
    figures: dict[str, float] = {}
    for depth, rbm in enumerate(model.dbn.layers[: model.depth], 1):
        field = rbm.hidden_field(with_label(rbm, model.dbn.up(visible, depth - 1)))
        means = torch.stack([pixels[rows].mean(0) for rows in field.t().topk(MOST_EXCITING, dim=1).indices])
        said = judge.says(means / means.amax(1, keepdim=True).clamp_min(1e-6), model.shape).probability
        sure = said.amax(1) > SURELY
        figures[f"{layer_stage(depth)}.named"] = sure.double().mean().item()
        figures[f"{layer_stage(depth)}.classes"] = float(len(said.argmax(1)[sure].unique()))
    return figures
