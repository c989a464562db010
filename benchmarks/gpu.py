"""How fast does it train on a CUDA device? CD-1, 784-500, batches of 100, and the whole workflow, beside two goals.

    DBN_DATA=... python -m benchmarks.gpu [--rounds N] [--precision highest|high] [--no-workflow] [--likelihood]

This engine, the source article's loop on the same device, and the bare matrix products of an update as the limit take
turns. Rates need no MNIST (speed does not depend on what images show); the workflow does. Without a CUDA device it
says so and ends with status 2.
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

from benchmarks import peers
from benchmarks.machine import this_machine
from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.data.catalogue import dataset_info
from dbn_core.likelihood.exact import exact_log_partition
from dbn_core.likelihood.exact import log_likelihood as exact_log_likelihood
from dbn_core.models import DBN
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from dbn_core.training import train
from dbn_core.training.batches import Stretch
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.captured import Execution, capture_for
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import NullControl, NullRecorder
from dbn_core.worker import train_run

IMAGES, VISIBLE, HIDDEN, BATCH = 60_000, 784, 500, 100
PRODUCTS = 5  # of a CD-1 update: up, down, up, and one for the gradient of each phase
EPOCH_GOAL = 0.1  # seconds for 60,000 images of 784-500
WORKFLOW_GOAL = 60.0  # seconds for 784-500-500-2000
WORKFLOW = {"data.name": "mnist", "layers": [500, 500, 2000], "epochs": 50, "finetune.epochs": 20, "device": "cuda"}
EXACT = 16  # hidden units at which log Z is summed exactly


@dataclass
class Row:
    """What trains, and the seconds of each of its rounds of all images."""

    name: str
    round: peers.Round
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Seconds of a round."""
        return statistics.median(self.seconds)


def rows(pixels: Tensor) -> list[Row]:
    """The limit first, the article's loop last; `pixels` (images, 784) uint8 lie on the device."""
    return [
        Row("matrix products", products(pixels)),
        Row("its updates", updates(pixels)),
        Row("its loop, with looks and checkpoints", loop(pixels)),
        Row("source article", peers.article(pixels, HIDDEN, BATCH)),
    ]


def products(pixels: Tensor) -> peers.Round:
    """The five matrix products of each update and nothing else, recorded as the engine records its updates."""
    device = pixels.device
    v, W = pixels[:BATCH].float() / 255, torch.randn(HIDDEN, VISIBLE, device=device) * 0.01
    h = torch.sigmoid(v @ W.t())
    up, down, gradient = torch.empty_like(h), torch.empty_like(v), torch.empty_like(W)
    count = 20

    def work() -> None:
        for _ in range(count):
            torch.mm(v, W.t(), out=up)
            torch.mm(h, W, out=down)
            torch.mm(v, W.t(), out=up)
            torch.mm(h.t(), v, out=gradient)
            torch.mm(h.t(), v, out=gradient)

    replay = (capture_for(device, torch.Generator(device)) or Execution()).record(work)

    def fit() -> float:
        peers.finish(device)
        started = time.perf_counter()
        for _ in range(-(-len(pixels) // (BATCH * count))):
            replay()
        peers.finish(device)
        return time.perf_counter() - started

    return fit


def updates(pixels: Tensor) -> peers.Round:
    """An epoch of updates in one go; the learner and its recordings were made before the clock starts."""
    config = configuration(len(pixels))
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


def loop(pixels: Tensor, epochs: int = 10) -> peers.Round:
    """An epoch of the training loop with its monitor, pictures and checkpoints, mean of several from the first on."""
    config = configuration(len(pixels), epochs)

    def fit() -> float:
        learner = _learner(config, pixels)
        peers.finish(pixels.device)
        started = time.perf_counter()
        train(learner, run_plan(config), config, NullRecorder(), NullControl())
        peers.finish(pixels.device)
        return (time.perf_counter() - started) / epochs

    return fit


def configuration(images: int, epochs: int = 1, hidden: int = HIDDEN, seed: int = 0) -> RunConfig:
    """CD-1, everything else as a new run has it."""
    flat = {"layers": [hidden], "batch_size": BATCH, "epochs": epochs, "data.train_size": images, "seed": seed}
    return RunConfig().with_values(flat)


def measure(table: list[Row], rounds: int) -> None:
    """One uncounted round in which everything warms up and is recorded, then `rounds` that count."""
    for number in range(rounds + 1):
        for row in table:
            seconds = row.round()
            if number:
                row.seconds.append(seconds)


def as_text(table: list[Row], images: int) -> str:
    """The table: rates at the median, beside the article's and as a share of the limit."""
    limit, article = table[0].median, table[-1].median
    lines = ["| | 60,000 images | images/s | times the article | of the limit |", "|---|---:|---:|---:|---:|"]
    for row in table:
        epoch, rate = row.median * IMAGES / images, images / row.median
        ratios = f"{article / row.median:.1f} | {100 * limit / row.median:.0f} %"
        lines.append(f"| {row.name} | {epoch:.3f} s | {rate:,.0f} | {ratios} |")
    return "\n".join(lines)


def flops(row: Row, images: int) -> float:
    """Floating-point operations a second in the matrix products, one multiply-add counted as two."""
    return images * PRODUCTS * 2 * VISIBLE * HIDDEN / row.median


def verdict(what: str, seconds: float, goal: float) -> str:
    """A goal, and whether it is reached."""
    return f"{what}: {seconds:.3g} s; the goal is {goal:g} s: {'reached' if seconds < goal else 'NOT reached'}."


def workflow(folder: Path) -> float:
    """Seconds of the whole run, from claiming it to its last transaction, into a store of its own."""
    store = RunStore(f"sqlite:///{folder / 'lab.db'}")
    run = store.create_run(RunConfig().with_values(WORKFLOW), executor="foreground")
    started = time.perf_counter()
    status = train_run(store.url, run.id)
    if status != RunStatus.DONE:
        raise RuntimeError(f"the workflow ended {status}: {run.info().message}")
    return time.perf_counter() - started


def log_likelihood(pixels: Tensor, heldout: Tensor, precision: str, seed: int, epochs: int = 10) -> float:
    """Exact mean log-likelihood of held-out grey images, nats an image, of 784-16 trained at a precision of products.

    It is computed at the highest one, so that only training differs.
    """
    config = configuration(len(pixels), epochs, EXACT, seed)
    torch.set_float32_matmul_precision(precision)
    learner = _learner(config, pixels)
    train(learner, run_plan(config), config, NullRecorder(), NullControl())
    torch.set_float32_matmul_precision("highest")
    rbm = learner.dbn.layers[0]
    return exact_log_likelihood(rbm, heldout.float() / 255, exact_log_partition(rbm))


def _learner(config: RunConfig, pixels: Tensor) -> StagedLearner:
    generator = torch.Generator().manual_seed(config.seed)
    dbn = DBN([pixels.shape[1], *config.layers], generator=generator, device=pixels.device)
    data = TrainingData.of(config, (pixels, None), (pixels[:1000], None), (), (28, 28), pixels.device)
    return StagedLearner(dbn, data, config, pixels.device)


def _harm(device: torch.device) -> None:
    data = load_dataset("mnist")
    pixels, heldout = (torch.tensor(rows.reshape(len(rows), -1), device=device) for rows in (data.train, data.test))
    click.echo(f"\nHeld-out log-likelihood, exact, 784-{EXACT} after 10 epochs, nats an image, seeds 0, 1, 2:")
    for precision in ("highest", "high"):
        found = [log_likelihood(pixels, heldout, precision, seed) for seed in range(3)]
        click.echo(f"products at '{precision}': " + ", ".join(f"{value:.2f}" for value in found))


@click.command(help="Images per second of CD-1, 784-500, on a CUDA device, and the time of the whole workflow.")
@click.option("--rounds", type=click.IntRange(min=1), default=7, show_default=True, help="Rounds that count.")
@click.option(
    "--precision",
    type=click.Choice(["highest", "high"]),
    default="highest",
    show_default=True,
    help="Of float32 matrix products, for all rows alike; high: TF32.",
)
@click.option("--workflow/--no-workflow", "whole", default=True, help="Also time the whole workflow on MNIST.")
@click.option("--likelihood", is_flag=True, help="Also compare what is learnt at either precision, on MNIST.")
def main(*, rounds: int, precision: str, whole: bool, likelihood: bool) -> None:
    """Measure and print."""
    if not torch.cuda.is_available():
        click.echo("No CUDA device is present, so there is nothing to measure here.")
        sys.exit(2)
    torch.set_float32_matmul_precision(precision)
    torch.set_num_threads(os.cpu_count() or 1)
    device = torch.device("cuda")
    grey = torch.randint(0, 256, (IMAGES, VISIBLE), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    table = rows(grey.to(device))
    measure(table, rounds)
    click.echo("\n".join([*this_machine().describe(), f"Products at '{precision}', {rounds} rounds, medians", ""]))
    click.echo(as_text(table, IMAGES))
    click.echo(f"The limit is {flops(table[0], IMAGES) / 1e12:.1f} TFLOP/s in products of this size.\n")
    click.echo(verdict("60,000 images of 784-500, CD-1, batch 100", table[1].median, EPOCH_GOAL))
    if not dataset_info("mnist").is_present():
        click.echo("The workflow and the likelihood need MNIST; name its folder in DBN_DATA.")
        return
    if whole:
        with tempfile.TemporaryDirectory(prefix="dbn-benchmark-") as folder:
            seconds = workflow(Path(folder))
        click.echo(verdict("784-500-500-2000, 50 epochs a layer and 20 of fine-tuning", seconds, WORKFLOW_GOAL))
    if likelihood:
        _harm(device)


if __name__ == "__main__":
    main()
