"""The lab's own engine at several depths, and the least that any of them must compute."""

import time
from pathlib import Path

import torch
from torch import Tensor

from benchmarks import peers
from benchmarks.peers import Round
from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from dbn_core.training import train
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import NullControl, NullRecorder
from dbn_core.worker import train_run


def whole(config: RunConfig, folder: Path) -> Round:
    """As a person runs it: `train_run` into a real SQLite store, from claiming the run to its last transaction.

    Images are in the process already, as they are in a worker that has trained before; everything else is counted.
    """
    store = RunStore(f"sqlite:///{folder / 'lab.db'}")

    def fit() -> float:
        run = store.create_run(config, executor="foreground")
        started = time.perf_counter()
        status = train_run(store.url, run.id)
        seconds = time.perf_counter() - started
        if status != RunStatus.DONE:
            raise RuntimeError(f"the benchmark's run ended {status}: {run.info().message}")
        run.delete()
        return seconds

    return fit


def loop(config: RunConfig, pixels: Tensor, heldout: Tensor) -> Round:
    """The training loop with its monitor, pictures and checkpoints, but nobody who takes them."""

    def fit() -> float:
        learner = _learner(config, pixels, heldout)
        started = time.perf_counter()
        train(learner, run_plan(config), config, NullRecorder(), NullControl())
        return time.perf_counter() - started

    return fit


@torch.no_grad()
def _updates(learner: StagedLearner, config: RunConfig) -> float:
    plan, seconds = run_plan(config), 0.0
    for stage in plan.stages:
        started = time.perf_counter()
        batches = learner.begin(stage)
        if stage.index == 0:  # at the pixels there is no way up: it prepares what only a look would need
            started = time.perf_counter()
        order = batches.order(0)
        for index in range(batches.count):
            learner.now.step(batches.batch(order, index, learner.generator), index / batches.count)
        seconds += time.perf_counter() - started
    return seconds


def updates(config: RunConfig, pixels: Tensor, heldout: Tensor) -> Round:
    """Batches and updates alone; of several layers one after the other, the way up to each included."""
    return lambda: _updates(_learner(config, pixels, heldout), config)


def products(pixels: Tensor, hidden: int, batch: int, dtype: torch.dtype = torch.float32) -> Round:
    """The limit: the matrix products of CD-1 updates, one pass over the images."""
    v = (pixels[:batch].float() / 255).to(dtype)
    W = (torch.randn(hidden, v.shape[1]) * 0.01).to(dtype)
    work = peers.products(v, W, -(-len(pixels) // batch))

    def fit() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return fit


def configuration(data: str, images: int, hidden: int, batch: int, epochs: int = 1) -> RunConfig:
    """CD-1, everything else as a new run has it."""
    flat = {"data.name": data, "data.train_size": images, "layers": [hidden], "batch_size": batch, "epochs": epochs}
    return RunConfig().with_values({**flat, "device": "cpu"})


def _learner(config: RunConfig, pixels: Tensor, heldout: Tensor) -> StagedLearner:
    dbn = DBN([pixels.shape[1], *config.layers], generator=torch.Generator().manual_seed(config.seed))
    side = int(pixels.shape[1] ** 0.5)
    data = TrainingData.of(config, (pixels, None), (heldout, None), (), (side, side))
    return StagedLearner(dbn, data, config, torch.device("cpu"))
