"""How fast does it train? Images per second of CD-1, 784-500, batches of 100, on the processor, all in one run.

    DBN_DATA=... python -m benchmarks.training [--quick] [--json] [--data mnist|digits] [--images N] [--rounds N]
    python -m benchmarks.training --shapes [--quick]

This engine, other software, and the bare matrix products of an update as the limit take turns, round by round and in
a different order each round, so that whatever else the machine does hits all of them alike. MNIST is used where
DBN_DATA has it, else the digits that come with the lab.
"""

import json
import os
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import click
import torch
from threadpoolctl import threadpool_info

from benchmarks import engine, peers, shapes
from benchmarks.machine import Machine, this_machine
from dbn_core.data import load_dataset
from dbn_core.data.catalogue import dataset_info
from dbn_core.models.mixed import has_bfloat16_products

HIDDEN = 500
BATCH = 100
FULL = 60_000  # images in an epoch of MNIST
RUN_EPOCHS = 5
RUN = f"this lab, {RUN_EPOCHS} epochs"

MIXED = f"this lab, mixed, {RUN_EPOCHS} epochs"

Kind = Literal["limit", "bound", "engine", "peer"]  # a bound is another limit, shown but not what ratios are to


@dataclass
class Contender:
    """One row: what trains, and the seconds of each of its rounds."""

    name: str
    kind: Kind
    what: str
    round: peers.Round | None  # None: it is not here, and `what` says why
    epochs: int = 1  # passes over the images in a round
    seconds: list[float] = field(default_factory=list)  # of each round


@dataclass(frozen=True)
class Row:
    """One row of results. Rates are images per second; ratios compare best with best and median with median."""

    name: str
    kind: Kind
    what: str
    best: float | None
    median: float | None
    of_limit: tuple[float, float] | None  # best, median
    of_fastest_peer: tuple[float, float] | None
    epoch_seconds: float | None  # of 60,000 images, at the median rate


@dataclass(frozen=True)
class Setting:
    """What was measured."""

    data: str
    images: int
    rounds: int
    threads: int  # of torch
    blas_threads: int  # of NumPy's matrix products, which scikit-learn uses
    flush_denormal: bool


def contenders(data: str, images: int, folder: Path) -> list[Contender]:
    """All rows, with their data made ready. `folder` takes the run store."""
    dataset = load_dataset(data)
    pixels = torch.tensor(dataset.train[:images].reshape(images, -1))
    heldout = torch.tensor(dataset.test.reshape(len(dataset.test), -1))
    config = engine.configuration(data, images, HIDDEN, BATCH)
    longer = engine.configuration(data, images, HIDDEN, BATCH, RUN_EPOCHS)
    rows = [
        Contender("matrix products", "limit", "the five of one update", engine.products(pixels, HIDDEN, BATCH)),
        Contender(RUN, "engine", "monitor, pictures, checkpoints, store", engine.whole(longer, folder), RUN_EPOCHS),
        Contender("· its first epoch", "engine", "as a run: looks are densest here", engine.whole(config, folder)),
        Contender("· its loop", "engine", "first epoch without a store", engine.loop(config, pixels, heldout)),
        Contender("· its updates", "engine", "batches and updates alone", engine.updates(config, pixels, heldout)),
        Contender("source article", "peer", "torch.bernoulli, as printed", peers.article(pixels, HIDDEN, BATCH)),
        Contender("scikit-learn", "peer", "BernoulliRBM.fit, float32", peers.scikit_learn(pixels, HIDDEN, BATCH)),
    ]
    if has_bfloat16_products(torch.device("cpu")):
        products = engine.products(pixels, HIDDEN, BATCH, torch.bfloat16)
        mixed = longer.with_values({"precision": "mixed"})
        rows[1:1] = [Contender("the same in bfloat16", "bound", "factors and results", products)]
        rows.insert(
            3, Contender(MIXED, "engine", "the same run, precision=mixed", engine.whole(mixed, folder), RUN_EPOCHS)
        )
    optional = (("learnergy", "RBM.fit", peers.learnergy), ("rbms", "its CD update and optimiser", peers.rbms))
    for name, what, peer in optional:
        if peers.is_installed(name):
            rows.append(Contender(name, "peer", what, peer(pixels, HIDDEN, BATCH)))
        else:
            rows.append(Contender(name, "peer", "not installed: pip install -r benchmarks/requirements.txt", None))
    return rows


def measure(rows: Sequence[Contender], rounds: int) -> None:
    """Fill in the seconds: one uncounted round in which everything warms up, then `rounds` that count."""
    present = [row for row in rows if row.round is not None]
    for number in range(rounds + 1):
        first = number % len(present)
        for row in present[first:] + present[:first]:
            assert row.round is not None
            seconds = row.round()
            if number:
                row.seconds.append(seconds)


def results(rows: Sequence[Contender], images: int) -> list[Row]:
    """The table: the limit first, then in the order given."""
    rates: dict[str, tuple[float, float]] = {}
    for row in rows:
        if row.round is not None:
            trained = images * row.epochs
            rates[row.name] = trained / min(row.seconds), trained / statistics.median(row.seconds)
    limit = next(rates[row.name] for row in rows if row.kind == "limit")
    fastest = max((rates[row.name] for row in rows if row.kind == "peer" and row.round), key=lambda rate: rate[1])
    table = []
    for row in rows:
        rate = rates.get(row.name)
        table.append(
            Row(
                name=row.name,
                kind=row.kind,
                what=row.what,
                best=rate and rate[0],
                median=rate and rate[1],
                of_limit=rate and (rate[0] / limit[0], rate[1] / limit[1]),
                of_fastest_peer=rate and (rate[0] / fastest[0], rate[1] / fastest[1]),
                epoch_seconds=rate and FULL / rate[1],
            )
        )
    return table


def as_json(table: Sequence[Row], setting: Setting, machine: Machine) -> dict[str, Any]:
    """Plain data: ratios as objects with `best` and `median`."""
    rows = []
    for row in table:
        values = dict(vars(row), name=row.name.removeprefix("· "))
        for key in ("of_limit", "of_fastest_peer"):
            pair = values[key]
            values[key] = pair and {"best": pair[0], "median": pair[1]}
        rows.append(values)
    return {"benchmark": "training", "machine": machine.to_dict(), "setting": vars(setting), "rows": rows}


def as_text(table: Sequence[Row], setting: Setting, machine: Machine) -> str:
    """The table for people, Markdown enough to go into EXPERIMENTS.md as it is."""
    flushed = "flushed to zero" if setting.flush_denormal else "kept (this processor cannot flush them)"
    lines = [
        f"CD-1, 784-{HIDDEN}, batches of {BATCH}; {setting.images:,} images of {setting.data}, {setting.rounds} rounds",
        *machine.describe(),
        f"Threads: {setting.threads} in torch, {setting.blas_threads} in NumPy (scikit-learn); denormals {flushed}",
        "Ratios: best to best / median to median. The last column is one epoch of 60,000 images at the median rate.",
        "",
        "| | images/s best | median | of the limit | of the fastest peer | 60,000 images | what |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for row in table:
        if row.best is None or row.median is None or row.of_limit is None or row.of_fastest_peer is None:
            lines.append(f"| {row.name} | | | | | | {row.what} |")
            continue
        limit = " / ".join(f"{100 * ratio:.0f} %" for ratio in row.of_limit)
        peer = " / ".join(f"{ratio:.2f}" for ratio in row.of_fastest_peer)
        rates = f"{row.best:,.0f} | {row.median:,.0f}"
        lines.append(f"| {row.name} | {rates} | {limit} | {peer} | {row.epoch_seconds:.1f} s | {row.what} |")
    return "\n".join(lines)


def _shapes(images: int, rounds: int, machine: Machine) -> None:
    torch.set_num_threads(os.cpu_count() or 1)
    torch.set_flush_denormal(True)
    rows = shapes.shapes(images)
    shapes.measure(rows, rounds)
    click.echo("\n".join([f"Updates alone, {images:,} images, {rounds} rounds", *machine.describe(), ""]))
    click.echo(shapes.as_text(rows))


def _blas_threads() -> int:
    return max((pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"), default=1)


@click.command(help="Images per second of CD-1, 784-500, beside other software and the limit.")
@click.option("--quick", is_flag=True, help="Fewer images and rounds: a look, not a result.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object instead of the table.")
@click.option("--data", type=click.Choice(["mnist", "digits"]), help="MNIST where it is, else digits.")
@click.option("--images", type=click.IntRange(min=100), help="Images in a round; all of them by default.")
@click.option("--shapes", "shapes_wanted", is_flag=True, help="Other sizes, batches and rules beside their own limit.")
@click.option("--rounds", type=click.IntRange(min=1), help="Rounds that count; 7 by default, 2 when quick.")
def main(
    *, quick: bool, json_wanted: bool, data: str | None, images: int | None, shapes_wanted: bool, rounds: int | None
) -> None:
    """Measure and print."""
    machine = this_machine()
    if shapes_wanted:
        _shapes(images or (1_000 if quick else 6_000), rounds or (1 if quick else 3), machine)
        return
    name = data or ("mnist" if dataset_info("mnist").is_present() else "digits")
    available = dataset_info(name).train_count
    size = min(images or (8_000 if quick else available), available)
    threads = os.cpu_count() or 1
    torch.set_num_threads(threads)  # `train_run` takes the same number
    flushed = torch.set_flush_denormal(True)
    setting = Setting(name, size, rounds or (2 if quick else 7), threads, _blas_threads(), flushed)
    with tempfile.TemporaryDirectory(prefix="dbn-benchmark-") as folder:
        rows = contenders(name, size, Path(folder))
        measure(rows, setting.rounds)
    table = results(rows, size)
    click.echo(json.dumps(as_json(table, setting, machine)) if json_wanted else as_text(table, setting, machine))


if __name__ == "__main__":
    main()
