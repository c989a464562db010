"""How long a person waits for an answer: the likelihood of an RBM-500, and pictures of 2,000 deep units.

    python -m benchmarks.questions [--quick]

The network is trained for a moment on the bundled digits, since the cost does not depend on what was learnt.
"""

import tempfile
import time
from typing import get_args

import click
import torch

from benchmarks.machine import this_machine
from dbn_core.config import RunConfig
from dbn_core.inference.projections import project
from dbn_core.likelihood import annealed_importance_sampling, reverse_annealed_importance_sampling
from dbn_core.models import RBM
from dbn_core.projections import LABELS, Projection
from dbn_core.store import RunStore
from dbn_core.worker import train_run

UNITS = 2000
CHAINS, TEMPERATURES = 100, 10_000
WANTED_LIKELIHOOD, WANTED_PROJECTIONS = 60.0, 10.0  # seconds


def likelihood_seconds(temperatures: int) -> dict[str, float]:
    """Seconds of both ways for an RBM 784-500 with weights as large as learnt ones."""
    generator = torch.Generator().manual_seed(0)
    rbm = RBM(784, 500, generator=generator)
    rbm.W.mul_(10)
    started = time.perf_counter()
    annealed_importance_sampling(rbm, CHAINS, temperatures, generator=generator)
    middle = time.perf_counter()
    samples = rbm.gibbs(torch.ones(CHAINS, rbm.n_hidden), 100, generator).v
    reverse_annealed_importance_sampling(rbm, samples, temperatures, generator=generator)
    return {"AIS": middle - started, "reverse AIS": time.perf_counter() - middle}


def projection_seconds(units: int) -> dict[str, float]:
    """Seconds of each way of drawing all units of the third layer of 784-500-500-2000, through a store."""
    layers = [500, 500, UNITS]
    values = {"data.train_size": 2000, "layers": layers, "epochs": 1, "device": "cpu"}
    with tempfile.TemporaryDirectory(prefix="dbn-benchmark-") as folder:
        store = RunStore(f"sqlite:///{folder}/lab.db")
        run = store.create_run(RunConfig().with_values(values), executor="foreground")
        train_run(store.url, run.id)
        checkpoint = run.require_checkpoint().id
        project(store.url, run.id, checkpoint, 1, "linear_combination", 0, 1)  # a warm worker has read it before
        seconds = {}
        for way in get_args(Projection):
            started = time.perf_counter()
            project(store.url, run.id, checkpoint, len(layers), way, 0, units)
            seconds[LABELS[way]] = time.perf_counter() - started
    return seconds


@click.command(help="Seconds of a likelihood and of pictures of deep units.")
@click.option("--quick", is_flag=True, help="A twentieth of everything: a look, not a result.")
def main(*, quick: bool) -> None:
    """Measure and print."""
    torch.set_flush_denormal(True)
    temperatures, units = (TEMPERATURES // 20, UNITS // 20) if quick else (TEMPERATURES, UNITS)
    click.echo("\n".join([*this_machine().describe(), f"{torch.get_num_threads()} threads", ""]))
    ways = likelihood_seconds(temperatures)
    for name, seconds in ways.items():
        click.echo(f"{name}, RBM 784-500, {CHAINS} chains, {temperatures:,} temperatures: {seconds:.1f} s")
    pictures = projection_seconds(units)
    for name, seconds in pictures.items():
        click.echo(f"{name}, {units:,} units of the third layer: {seconds:.1f} s")
    total = sum(pictures.values())
    click.echo(f"all {len(pictures)}: {total:.1f} s")
    if not quick:
        click.echo(f"wanted: AIS under {WANTED_LIKELIHOOD:.0f} s: {_verdict(ways['AIS'], WANTED_LIKELIHOOD)}")
        click.echo(f"wanted: projections under {WANTED_PROJECTIONS:.0f} s: {_verdict(total, WANTED_PROJECTIONS)}")


def _verdict(seconds: float, wanted: float) -> str:
    return "reached" if seconds < wanted else "not reached"


if __name__ == "__main__":
    main()
