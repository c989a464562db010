"""Which numbers does the lab reach? Likelihoods and errors beside published ones, each with its time and its seed.

    DBN_DATA=... python -m benchmarks.numbers --full [--only ROW,ROW] [--folder FOLDER] [--seed N] [--threads N]
    python -m benchmarks.numbers --quick             # on the digits that come with the lab: a look, minutes
    python -m benchmarks.numbers --full --table      # what has been measured so far, as Markdown

Every row is written to `numbers.json` in the folder as soon as it is done, and a row that is there already is not
measured again (`--again` does), so an interrupted table can be completed.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import torch

from benchmarks.machine import this_machine
from benchmarks.rows import ROWS
from benchmarks.rows.bench import Bench, Size
from benchmarks.rows.row import Row
from benchmarks.rows.subset import read_subset
from benchmarks.rows.table import Measurement, Table, as_markdown
from dbn_core.data.catalogue import dataset_info
from dbn_core.errors import LabError


def chosen_rows(names: str | None) -> Sequence[Row]:
    """Those named, in the order of the table; all without names. Raises BadParameter naming the rows there are."""
    if names is None:
        return ROWS
    wanted = [name.strip() for name in names.split(",")]
    known = [row.name for row in ROWS]
    for name in wanted:
        if name not in known:
            raise click.BadParameter(f"there is no row {name!r}; choose from {', '.join(known)}.")
    return [row for row in ROWS if row.name in wanted]


def why_not(row: Row, bench: Bench) -> str:
    """A sentence on why the row cannot be measured here, or nothing."""
    if bench.size == "quick" and not row.quick and bench.subset is None:
        return "has no quick size on the bundled digits; ask for --full"
    info = dataset_info(bench.data)
    if bench.subset is None and not info.is_present():
        return f"{info.title} is not here: set DBN_DATA to the folder that holds it"
    return ""


def measure(row: Row, bench: Bench) -> Measurement:
    """One row, from the first update to the last figure."""
    machine, stamp = this_machine(), time.strftime("%Y-%m-%d")
    began, worked = time.perf_counter(), time.process_time()
    outcome = row.measure(bench)
    return Measurement(
        row=row.name,
        size=bench.size,
        data=bench.data + (" (subset)" if bench.subset else ""),
        seed=bench.seed,
        figures=outcome.figures,
        training_seconds=outcome.seconds,
        row_seconds=time.perf_counter() - began,
        processor_seconds=time.process_time() - worked,
        settings=outcome.settings,
        note=outcome.note,
        date=stamp,
        threads=torch.get_num_threads(),
        machine=machine.to_dict(),
    )


@click.command(help="Likelihoods and errors that the lab reaches, beside published ones.")
@click.option("--quick", "size", flag_value="quick", default=True, help="Small, on the bundled digits (default).")
@click.option("--full", "size", flag_value="full", help="On the complete data sets: up to half an hour a row.")
@click.option("--only", metavar="ROW,ROW", help="These rows: " + ", ".join(row.name for row in ROWS) + ".")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("numbers"), help="For results and pretraining.")
@click.option("--table", "table_wanted", is_flag=True, help="Measure nothing; print what there is.")
@click.option("--again", is_flag=True, help="Measure rows that are there already, too.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--threads", type=click.IntRange(min=1), help="Of torch; all cores by default.")
@click.option("--cifar-subset", type=click.Path(exists=True, path_type=Path), help="An .npz in place of CIFAR-10.")
def main(
    *,
    size: Size,
    only: str | None,
    folder: Path,
    table_wanted: bool,
    again: bool,
    seed: int,
    threads: int | None,
    cifar_subset: Path | None,
) -> None:
    """Measure, keep, print."""
    rows = chosen_rows(only)
    table = Table(folder / "numbers.json")
    torch.set_num_threads(threads or os.cpu_count() or 1)
    torch.set_flush_denormal(True)
    for row in () if table_wanted else rows:
        data = row.data if size == "full" or not row.quick else "digits"
        subset = read_subset(cifar_subset) if cifar_subset and row.data == "cifar10" else None
        bench = Bench(size, data, seed, folder, lambda text, name=row.name: click.echo(f"{name}: {text}", err=True))
        _one(row, replace(bench, subset=subset), table, again=again)
    click.echo(as_markdown(rows, table.of(size, seed), size))


def _one(row: Row, bench: Bench, table: Table, *, again: bool) -> None:
    if not again and any(kept.row == row.name for kept in table.of(bench.size, bench.seed)):
        bench.say("measured already")
        return
    reason = why_not(row, bench)
    if reason:
        bench.say(f"skipped: {reason}.")
        return
    try:
        measurement = measure(row, bench)
    except LabError as error:
        bench.say(f"skipped: {error}")
        return
    table.add(measurement)
    bench.say(", ".join(f"{name} {value:.2f}" for name, value in measurement.figures.items()))


if __name__ == "__main__":
    main()
