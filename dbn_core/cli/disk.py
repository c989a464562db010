"""`store`: what the runs take on disk, the budget that they keep to, and room given back."""

import re
from typing import Any

import click

from dbn_core.cli.output import print_json, table
from dbn_core.store import RunStore
from dbn_core.store.disk import RunUsage, Usage
from dbn_core.view import words

LARGEST = 10  # runs that are listed
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*([kmgt]?)b?", re.IGNORECASE)


class Size(click.ParamType[int]):
    """4GB, 500 MB, or none, which is 0."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Bytes."""
        if isinstance(value, int):
            return value
        if value.strip().lower() == "none":
            return 0
        found = _SIZE.fullmatch(value.strip())
        told = round(float(found[1]) * _UNITS[found[2].lower()]) if found else 0
        if not told:
            self.fail(f"{value!r:.60} is no size; give one such as 500MB or 4GB, or none for no limit.", param, ctx)
        return told


@click.command("store")
@click.option("--budget", type=Size(), metavar="SIZE", help="What runs may take from now on, such as 4GB; or none.")
@click.option("--compact", is_flag=True, help="Give free room back to the disk; others wait meanwhile.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def show_store(budget: int | None, compact: bool, as_json: bool) -> None:
    """What the store takes on disk, all in all and by run.

    Where runs take more than the budget, their states after single epochs go, the oldest first. The newest state of a
    run, the end of each of its stages, its numbers and its pictures always stay.
    """
    with RunStore.from_environment() as store:
        if budget is not None:
            store.disk.set_budget(budget or None)
        before = store.disk.usage()
        freed = store.disk.thin() if budget is not None or compact else 0
        if compact:
            store.disk.compact()
        now = store.disk.usage() if freed or compact else before
        if as_json:
            print_json(_facts(store.shown_url, now) | {"given_up": freed, "given_back": max(0, before.file - now.file)})
            return
        click.echo(_sentence(store.shown_url, now))
    if freed:
        click.echo(f"Given up: {_size(freed)} of states after single epochs.")
    if compact:
        click.echo(f"Given back to the disk: {_size(max(0, before.file - now.file))}.")
    if now.runs:
        click.echo()
        header = ("id", "name", "all", "states", "of single epochs", "pictures")
        table(header, [_row(run) for run in now.runs[:LARGEST]])
        if len(now.runs) > LARGEST:
            click.echo(f"and {len(now.runs) - LARGEST:,} smaller runs")


def _sentence(address: str, now: Usage) -> str:
    allowed = "without a budget" if now.budget is None else f"of a budget of {_size(now.budget)}"
    told = f"{address}: {_size(now.file)} on disk. Runs take {_size(now.used)} {allowed}."
    if now.is_over and any(run.epochs for run in now.runs):
        told += " States after single epochs go by themselves, oldest first; or delete runs, or give a larger budget."
    elif now.is_over:
        told += " Nothing is left that may be given up by itself: delete runs, or give a larger budget."
    return told


def _facts(address: str, now: Usage) -> dict[str, Any]:
    return {
        "store": address,
        "file": now.file,
        "budget": now.budget,
        "checkpoints": now.checkpoints,
        "pictures": now.pictures,
        "runs": [
            {
                "id": run.id,
                "name": run.name,
                "checkpoints": run.checkpoints,
                "epoch_checkpoints": run.epochs,
                "pictures": run.pictures,
            }
            for run in now.runs
        ],
    }


def _row(run: RunUsage) -> tuple[str, ...]:
    return run.id, run.name, _size(run.total), _size(run.checkpoints), _size(run.epochs), _size(run.pictures)


def _size(count: int) -> str:
    """With a plain space, for `cut` and `grep`."""
    return words.size(count).replace("\u00a0", " ")
