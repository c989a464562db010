"""Does the better estimator give the better model where nobody sets anything else? Each method at what goes with it.

    python -m benchmarks.methods [--seeds N] [--epochs N] [--hidden N]

An RBM on the bundled digits, drawn as bits; the log-likelihood of held-out images by AIS and its reverse.
"""

import statistics
import time
from typing import Any

import click
import torch

from benchmarks.likelihoods import likelihoods
from benchmarks.machine import this_machine
from dbn_core.config import RunConfig
from dbn_core.config.fitting import with_choices

METHODS: dict[str, dict[str, Any]] = {
    "CD-1": {"training.method": "cd"},
    "CD-10": {"training.method": "cd", "training.k": 10},
    "PCD": {"training.method": "pcd"},
    "PCD with fast weights": {"training.method": "fpcd"},
    "parallel tempering": {"training.method": "tempering"},
}


def configuration(method: str, hidden: int, epochs: int, seed: int) -> RunConfig:
    """The method with the settings that go with it."""
    common = {"layers": [hidden], "epochs": epochs, "batch_size": 50, "data.preprocessing": "bernoulli", "seed": seed}
    return with_choices(RunConfig().with_values(common), METHODS[method])


@click.command(help="Held-out likelihood of an RBM by each method at its own settings.")
@click.option("--seeds", default=3, show_default=True)
@click.option("--epochs", default=15, show_default=True)
@click.option("--hidden", default=128, show_default=True, help="Hidden units.")
@click.option("--temperatures", default=1000, show_default=True, help="Of AIS and its reverse.")
def main(*, seeds: int, epochs: int, hidden: int, temperatures: int) -> None:
    """Measure and print."""
    torch.set_flush_denormal(True)
    click.echo("\n".join([*this_machine().describe(), f"{torch.get_num_threads()} threads", ""]))
    click.echo("| method | AIS, mean | AIS / reverse AIS by seed | s of processor time a seed |\n|---|---:|---|---:|")
    for method in METHODS:
        begun = time.process_time()
        device = torch.device("cpu")
        figures = [
            likelihoods(configuration(method, hidden, epochs, seed), device, temperatures) for seed in range(seeds)
        ]
        seconds = (time.process_time() - begun) / seeds
        told = ", ".join(" / ".join(f"{value:.1f}" for value in seed.values()) for seed in figures)
        mean = statistics.mean(seed["AIS"] for seed in figures)
        click.echo(f"| {method} | {mean:.1f} | {told} | {seconds:.0f} |")


if __name__ == "__main__":
    main()
