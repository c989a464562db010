"""How fast does it train on a CUDA device? CD-1, 784-500, batches of 100, and the whole workflow, beside two goals.

    DBN_DATA=... python -m benchmarks.gpu [--rounds N] [--no-workflow] [--no-likelihood]

This engine in each precision that the device has, the source article's loop on the same device in float32, and the bare
matrix products of an update in each precision, as its limit, take turns. Then what the precisions are worth in
likelihood (`benchmarks.rounding`). Rates need no MNIST (speed does not depend on what images show); the rest does.
Without a CUDA device it says so and ends with status 2.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
import torch
from torch import Tensor

from benchmarks import peers, rounding
from benchmarks.machine import this_machine
from dbn_core.config import RunConfig
from dbn_core.data.catalogue import dataset_info
from dbn_core.models import DBN
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from dbn_core.training import train
from dbn_core.training.batches import Stretch
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.captured import Execution, capture_for
from dbn_core.training.learners.matrix_products import has_tf32_products, products_in
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import NullControl, NullRecorder
from dbn_core.worker import train_run

IMAGES, VISIBLE, HIDDEN, BATCH = 60_000, 784, 500, 100
PRODUCTS = 5  # of a CD-1 update: up, down, up, and one for the gradient of each phase
EPOCH_GOAL = 0.1  # seconds for 60,000 images of 784-500
WORKFLOW_GOAL = 60.0  # seconds for 784-500-500-2000
WORKFLOW = {"data.name": "mnist", "layers": [500, 500, 2000], "epochs": 50, "finetune.epochs": 20, "device": "cuda"}
LIMIT = "matrix products"
UPDATES = "its updates"
ARTICLE = "source article"


@dataclass
class Row:
    """What trains, how its products are made, and the seconds of each of its rounds of all images."""

    name: str
    precision: str
    round: peers.Round
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Seconds of a round."""
        return statistics.median(self.seconds)


def rows(pixels: Tensor) -> list[Row]:
    """Each precision's limit, updates and loop, the article's loop last; `pixels` (images, 784) uint8 lie there."""
    table: list[Row] = []
    for precision in precisions(pixels.device):
        table += [
            Row(LIMIT, precision, products(pixels, precision)),
            Row(UPDATES, precision, updates(pixels, precision)),
            Row("its loop, with looks and checkpoints", precision, loop(pixels, precision)),
        ]
    return [*table, Row(ARTICLE, "float32", peers.article(pixels, HIDDEN, BATCH))]


def precisions(device: torch.device) -> list[str]:
    """Those in which the device itself makes products."""
    return [one for one in rounding.precisions(device) if one != "tf32" or has_tf32_products(device)]


def products(pixels: Tensor, precision: str) -> peers.Round:
    """The five matrix products of each update and nothing else, recorded as the engine records its updates."""
    device, dtype = pixels.device, torch.bfloat16 if precision == "mixed" else torch.float32
    v, W = (pixels[:BATCH].float() / 255).to(dtype), (torch.randn(HIDDEN, VISIBLE, device=device) * 0.01).to(dtype)
    count = 20

    with products_in(precision, device):
        work = peers.products(v, W, count)
        replay = (capture_for(device, torch.Generator(device)) or Execution()).record(work)

    def fit() -> float:
        peers.finish(device)
        started = time.perf_counter()
        with products_in(precision, device):
            for _ in range(-(-len(pixels) // (BATCH * count))):
                replay()
        peers.finish(device)
        return time.perf_counter() - started

    return fit


def updates(pixels: Tensor, precision: str) -> peers.Round:
    """An epoch of updates in one go; the learner and its recordings were made before the clock starts."""
    config = configuration(len(pixels), precision)
    learner = _learner(config, pixels)
    with torch.no_grad():
        batches = learner.begin(run_plan(config).stages[0])
        learner.configure(config)
    epochs = iter(range(10**9))

    @torch.no_grad()
    def fit() -> float:
        learner.settle()
        started = time.perf_counter()
        epoch = next(epochs)
        learner.learn(Stretch(batches, batches.order(epoch), epoch, 0, batches.count))
        learner.settle()
        peers.finish(pixels.device)
        return time.perf_counter() - started

    return fit


def loop(pixels: Tensor, precision: str, epochs: int = 10) -> peers.Round:
    """An epoch of the training loop with its monitor, pictures and checkpoints, mean of several from the first on."""
    config = configuration(len(pixels), precision, epochs)

    def fit() -> float:
        learner = _learner(config, pixels)
        peers.finish(pixels.device)
        started = time.perf_counter()
        train(learner, run_plan(config), config, NullRecorder(), NullControl())
        peers.finish(pixels.device)
        return (time.perf_counter() - started) / epochs

    return fit


def configuration(images: int, precision: str, epochs: int = 1) -> RunConfig:
    """CD-1, everything else as a new run has it."""
    flat = {"layers": [HIDDEN], "batch_size": BATCH, "epochs": epochs, "data.train_size": images}
    return RunConfig().with_values(flat | {"precision": precision})


def measure(table: list[Row], rounds: int) -> None:
    """One uncounted round in which everything warms up and is recorded, then `rounds` that count."""
    for number in range(rounds + 1):
        for row in table:
            seconds = row.round()
            if number:
                row.seconds.append(seconds)


def as_text(table: list[Row], images: int) -> str:
    """The table: rates at the median, beside the article's and as a share of the limit in the same precision."""
    limits = {row.precision: row.median for row in table if row.name == LIMIT}
    article = table[-1].median
    lines = [
        "| | precision | 60,000 images | images/s | times the article | of its limit |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for row in table:
        epoch, rate = row.median * IMAGES / images, images / row.median
        ratios = f"{article / row.median:.1f} | {100 * limits[row.precision] / row.median:.0f} %"
        lines.append(f"| {row.name} | {row.precision} | {epoch:.3f} s | {rate:,.0f} | {ratios} |")
    return "\n".join(lines)


def flops(row: Row, images: int) -> float:
    """Floating-point operations a second in the matrix products, one multiply-add counted as two."""
    return images * PRODUCTS * 2 * VISIBLE * HIDDEN / row.median


def verdict(what: str, seconds: float, goal: float) -> str:
    """A goal, and whether it is reached."""
    return f"{what}: {seconds:.3g} s; the goal is {goal:g} s: {'reached' if seconds < goal else 'NOT reached'}."


def workflow(folder: Path, precision: str) -> float:
    """Seconds of the whole run, from claiming it to its last transaction, into a store of its own."""
    store = RunStore(f"sqlite:///{folder / 'lab.db'}")
    run = store.create_run(RunConfig().with_values(WORKFLOW | {"precision": precision}), executor="foreground")
    started = time.perf_counter()
    status = train_run(store.url, run.id)
    if status != RunStatus.DONE:
        raise RuntimeError(f"the workflow ended {status}: {run.info().message}")
    return time.perf_counter() - started


def _learner(config: RunConfig, pixels: Tensor) -> StagedLearner:
    generator = torch.Generator().manual_seed(config.seed)
    dbn = DBN([pixels.shape[1], *config.layers], generator=generator, device=pixels.device)
    data = TrainingData.of(config, (pixels, None), (pixels[:1000], None), (), (28, 28), pixels.device)
    return StagedLearner(dbn, data, config, pixels.device)


@click.command(help="Images per second of CD-1, 784-500, on a CUDA device, and the time of the whole workflow.")
@click.option("--rounds", type=click.IntRange(min=1), default=7, show_default=True, help="Rounds that count.")
@click.option("--workflow/--no-workflow", "whole", default=True, help="Also time the whole workflow on MNIST.")
@click.option("--likelihood/--no-likelihood", default=True, help="Also compare what is learnt in each precision.")
def main(*, rounds: int, whole: bool, likelihood: bool) -> None:
    """Measure and print."""
    if not torch.cuda.is_available():
        click.echo("No CUDA device is present, so there is nothing to measure here.")
        sys.exit(2)
    torch.set_num_threads(os.cpu_count() or 1)
    device = torch.device("cuda")
    grey = torch.randint(0, 256, (IMAGES, VISIBLE), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    table = rows(grey.to(device))
    measure(table, rounds)
    click.echo("\n".join([*this_machine().describe(), f"{rounds} rounds, medians", "", as_text(table, IMAGES), ""]))
    for row in table:
        if row.name == LIMIT:
            click.echo(f"Products of this size, {row.precision}: {flops(row, IMAGES) / 1e12:.1f} TFLOP/s")
        elif row.name == UPDATES:
            what = f"60,000 images of 784-500, CD-1, batch 100, {row.precision}"
            click.echo(verdict(what, row.median, EPOCH_GOAL))
    if not dataset_info("mnist").is_present():
        click.echo("The workflow and the likelihood need MNIST; name its folder in DBN_DATA.")
        return
    for precision in precisions(device) if whole else ():
        with tempfile.TemporaryDirectory(prefix="dbn-benchmark-") as folder:
            seconds = workflow(Path(folder), precision)
        what = f"784-500-500-2000, 50 epochs a layer and 20 of fine-tuning, {precision}"
        click.echo(verdict(what, seconds, WORKFLOW_GOAL))
    if likelihood:
        click.echo("")
        rounding.table(device, "mnist", epochs=20, seeds=3, temperatures=5000, say=click.echo)


if __name__ == "__main__":
    main()
