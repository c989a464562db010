"""What a row needs to train: the images, the sizes, and training by the engine of the lab, step by step as a run does.

Pretraining that several rows share is kept in the folder of results, with the seconds it took.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.data import Dataset, load_dataset
from dbn_core.models.mixed import has_bfloat16_products
from dbn_core.records import Progress
from dbn_core.training import train
from dbn_core.training.checkpoints import Cursor, Resumption
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import NullControl, NullRecorder
from dbn_core.training.start import new_learner

T = TypeVar("T")
Say = Callable[[str], None]
Size = Literal["quick", "full"]

SAY_SECONDS = 10.0  # between two lines on how far training is


@dataclass(frozen=True)
class Trained:
    """A network at the end of its training, and the seconds it took from the start."""

    config: RunConfig
    learner: StagedLearner
    seconds: float

    @property
    def settings(self) -> dict[str, Any]:
        """Where the configuration differs from that of a new run, as plain data."""
        return {key: ours for key, (ours, _) in self.config.differences(RunConfig()).items() if key != "device"}


@dataclass(frozen=True)
class Bench:
    """Where a row is measured. `data` is the name of a data set; `subset` stands in for it if given."""

    size: Size
    data: str
    seed: int
    folder: Path
    say: Say
    subset: Dataset | None = None

    def pick(self, quick: T, full: T) -> T:
        """The one that belongs to the size."""
        return quick if self.size == "quick" else full

    @cached_property
    def dataset(self) -> Dataset:
        """All images."""
        return self.subset or load_dataset(self.data)

    def config(self, values: Mapping[str, Any]) -> RunConfig:
        """A new run's configuration with these dotted fields replaced; mixed precision where the processor has it."""
        precision = "mixed" if has_bfloat16_products(torch.device("cpu")) else "float32"
        ours = {"data.name": self.data, "seed": self.seed, "device": "cpu", "precision": precision}
        return RunConfig().with_values({**ours, **values})

    def train(self, config: RunConfig, after: Trained | None = None) -> Trained:
        """A network trained by `config`, from the start or on from where `after` ended, whose stages come first."""
        saved = after and after.learner.state()
        learner = self._learner(config, saved)
        resumption = None
        if after is not None and saved is not None:
            resumption = Resumption(Cursor(stage=len(after.config.stages)), saved, begun=False)
        plan = run_plan(config, Cadence(looks=False))
        started = time.perf_counter()
        train(learner, plan, config, _Teller(self.say), NullControl(), resumption)
        seconds = time.perf_counter() - started
        return Trained(config, learner, seconds + (after.seconds if after else 0.0))

    def pretrained(self, config: RunConfig) -> Trained:
        """As `train` from the start, or from the folder if that very training was done before."""
        settings = {key: ours for key, (ours, _) in config.differences(RunConfig()).items()}
        key = json.dumps([settings, len(self.dataset.train)], sort_keys=True)
        path = self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.safetensors"
        clock = path.with_suffix(".seconds.json")
        if path.exists() and clock.exists():
            tensors = load_file(path)
            learner = self._learner(config, tensors)
            learner.restore(tensors)
            return Trained(config, learner, json.loads(clock.read_text()))
        done = self.train(config)
        tensors = {name: tensor.contiguous() for name, tensor in done.learner.state().items()}
        self.folder.mkdir(parents=True, exist_ok=True)
        save_file(tensors, path)
        clock.write_text(json.dumps(done.seconds))
        return done

    def _learner(self, config: RunConfig, saved: Mapping[str, Tensor] | None) -> StagedLearner:
        return new_learner(config, self.dataset, torch.device("cpu"), saved)


class _Teller(NullRecorder):
    """Says from time to time how far training is."""

    def __init__(self, say: Say) -> None:
        self._say, self._said = say, time.monotonic()

    def progress(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._said < SAY_SECONDS:
            return
        self._said = now
        left = "" if progress.seconds_left is None else f", {progress.seconds_left / 60:.1f} min left"
        self._say(f"{progress.position.stage}: epoch {progress.position.epoch:.1f} of {progress.epochs}{left}")
