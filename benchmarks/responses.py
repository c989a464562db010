"""What does it cost to draw what units respond to while a layer trains? Its share of each epoch of 784-500-500-2000.

    python -m benchmarks.responses [--epochs N]

Trained on the bundled digits as a run is, with pictures at its usual cadence; nothing is stored.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

import click
import torch
from torch import Tensor

from benchmarks.machine import this_machine
from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.models import RBM
from dbn_core.records import Position
from dbn_core.training import train
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl
from dbn_core.training.responses import Responses
from dbn_core.training.start import new_learner

LAYERS = [500, 500, 2000]
WANTED = 5.0  # % of an epoch


class Clock(MemoryRecorder):
    """Seconds of each epoch, and of drawing within it."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs: list[tuple[str, float, float, int]] = []  # stage, seconds, of them drawing, pictures
        self._begun, self.drawing, self.pictures = time.perf_counter(), 0.0, 0

    def metrics(self, position: Position, values: Mapping[str, float]) -> None:
        """At the end of an epoch its account is closed."""
        super().metrics(position, values)
        if position.epoch > len(self.epochs) and position.epoch.is_integer():
            now = time.perf_counter()
            self.epochs.append((position.stage, now - self._begun, self.drawing, self.pictures))
            self._begun, self.drawing, self.pictures = now, 0.0, 0


@contextmanager
def watched(clock: Clock) -> Iterator[None]:
    """Every average that is taken meanwhile is counted."""
    plain = Responses.averages

    def averages(self: Responses, rbm: RBM, below: Tensor, units: slice = slice(None)) -> Tensor:
        begun = time.perf_counter()
        drawn = plain(self, rbm, below, units)
        clock.drawing += time.perf_counter() - begun
        clock.pictures += 1
        return drawn

    with patch.object(Responses, "averages", averages):
        yield


@click.command(help="The share of each epoch that goes into pictures of what units respond to.")
@click.option("--epochs", default=3, show_default=True, help="Epochs of each layer.")
def main(*, epochs: int) -> None:
    """Measure and print."""
    torch.set_flush_denormal(True)
    config = RunConfig().with_values({"layers": LAYERS, "epochs": epochs, "device": "cpu"})
    click.echo("\n".join([*this_machine().describe(), f"{torch.get_num_threads()} threads", ""]))
    learner = new_learner(config, load_dataset("digits"), torch.device("cpu"))
    clock = Clock()
    with watched(clock):
        train(learner, run_plan(config), config, clock, NullControl())
    totals: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for stage, seconds, drawing, pictures in clock.epochs:
        totals[stage][0] += seconds
        totals[stage][1] += drawing
        click.echo(
            f"{stage}: {seconds:.2f} s an epoch, {pictures} pictures in {1000 * drawing:.0f} ms: "
            f"{100 * drawing / seconds:.1f} %"
        )
    worst = max(100 * drawing / seconds for seconds, drawing in totals.values())
    verdict = "reached" if worst < WANTED else "not reached"
    click.echo(f"wanted: under {WANTED:.0f} % in each layer: {verdict} ({worst:.1f} %)")


if __name__ == "__main__":
    main()
