"""Do runs at once get in each other's way? Images a second of one run, and of several together, each in its process.

    DBN_DATA=... python -m benchmarks.pair [--runs 2] [--epochs 5] [--rounds 3] [--precision float32|tf32|mixed]

As people start them: each takes the threads that the lab gives it (all cores, or its share of them when others are in
training), with monitor, pictures, checkpoints and a store. One run and several take turns. Where there is a GPU, they
share it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks.engine import configuration
from benchmarks.machine import this_machine
from dbn_core.data.catalogue import dataset_info
from dbn_core.store import RunStore

WANTED = 0.9  # of one run's rate, by all together
START = 20.0  # seconds that a process may take to import what it needs


def together(count: int, data: str, images: int, epochs: int, precision: str) -> float:
    """Images a second of `count` runs started at the same moment, summed; the moment lies after their imports."""
    with tempfile.TemporaryDirectory(prefix="dbn-benchmark-") as folder:
        store = RunStore(f"sqlite:///{folder}/lab.db")
        config = configuration(data, images, 500, 100, epochs).with_values({"precision": precision, "device": "auto"})
        go = Path(folder) / "go"
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.pair", "run", store.url, run.id, str(go)], stdout=subprocess.PIPE
            )
            for run in [store.create_run(config, executor="foreground") for _ in range(count)]
        ]
        time.sleep(START)
        go.touch()
        seconds = [float(process.communicate()[0]) for process in processes]
    return sum(images * epochs / taken for taken in seconds)


@click.group(invoke_without_command=True, help="One run, and several at once: images a second.")
@click.option("--runs", type=click.IntRange(2, 8), default=2, show_default=True, help="So many at once.")
@click.option("--epochs", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--precision", type=click.Choice(["float32", "tf32", "mixed"]), default="float32", show_default=True)
@click.pass_context
def main(context: click.Context, *, runs: int, epochs: int, rounds: int, precision: str) -> None:
    """Measure and print."""
    if context.invoked_subcommand:
        return
    data = "mnist" if dataset_info("mnist").is_present() else "digits"
    images = dataset_info(data).train_count
    rates: dict[int, list[float]] = {1: [], runs: []}
    for _ in range(rounds):
        for count, measured in rates.items():
            measured.append(together(count, data, images, epochs, precision))
    alone, all_ = (statistics.median(measured) for measured in rates.values())
    click.echo("\n".join(this_machine().describe()))
    click.echo(f"CD-1, 784-500, batches of 100, {epochs} epochs of {images:,} images of {data}, precision {precision}")
    click.echo(f"one run: {alone:,.0f} images/s; {runs} at once: {all_:,.0f} images/s together ({all_ / alone:.2f})")
    click.echo(f"wanted: at least {WANTED:.2f}: {'reached' if all_ >= WANTED * alone else 'not reached'}")


@main.command(hidden=True)
@click.argument("url")
@click.argument("run")
@click.argument("go", type=click.Path(path_type=Path))
def run(url: str, run: str, go: Path) -> None:
    """One of the runs: prints the seconds it took."""
    from dbn_core.worker import train_run, warm

    warm()
    while not go.exists():
        time.sleep(0.01)
    started = time.perf_counter()
    train_run(url, run)
    click.echo(time.perf_counter() - started)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    main()
