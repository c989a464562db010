"""What hostile archives and addresses come to: `python -m benchmarks.fuzz --inputs 5000`.

Each input is an example that was tampered with. It is refused with a sentence, or taken in, looked at in every way the
lab has and bothered with addresses and questions that no page has. Anything else is a crash; its seed is printed.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import click

from benchmarks.hostile import archives
from benchmarks.hostile.visitor import CrashError, Visitor, answered_here, crashing
from dbn_core.archive import import_archive
from dbn_core.errors import ArchiveError
from dbn_core.store import RunStore
from web import lab

BOTHERS = 20  # addresses and questions for each archive that was taken in


@dataclass
class Tally:
    """What inputs came to; `crashes`: by seed, what crashed."""

    accepted: int = 0
    refused: int = 0
    crashes: dict[int, str] = field(default_factory=dict)

    def table(self) -> str:
        """One row, in Markdown."""
        inputs = self.accepted + self.refused
        row = f"| {inputs:,} | {self.accepted:,} | {self.refused:,} | {len(self.crashes):,} |"
        return "\n".join(["| inputs | accepted | refused | crashes |", "|---|---|---|---|", row])


def attack(store: RunStore, seeds: range, most: int | None = None) -> Tally:
    """One input a seed, into the store of `DBN_STORE`. most: so many looks at a run, chosen by chance; None: all."""
    good, tally = archives.sample(), Tally()
    with tempfile.TemporaryDirectory(prefix="dbn-fuzz-") as folder, answered_here():
        for seed in seeds:
            try:
                _one(store, archives.tampered(good, Random(seed)), Random(seed), Path(folder) / "run.zip", tally, most)
            except CrashError as error:
                tally.crashes[seed] = str(error)
    return tally


def _one(store: RunStore, parts: archives.Parts, random: Random, file: Path, tally: Tally, most: int | None) -> None:
    archives.write(parts, file)
    try:
        with crashing("import"):
            run = import_archive(store, file)
    except ArchiveError:
        tally.refused += 1
        return
    tally.accepted += 1
    visitor = Visitor(random)
    visitor.look(run, most)
    visitor.bother(run, BOTHERS if most is None else 3)
    with crashing("delete"):
        run.delete()


@contextmanager
def _store_of_its_own() -> Iterator[RunStore]:
    with tempfile.TemporaryDirectory(prefix="dbn-fuzz-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"DBN_STORE": f"sqlite:///{folder}/lab.db", "DBN_CACHE": folder}
        yield lab.store()


@click.command(help=__doc__)
@click.option("--inputs", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the first input.")
@click.option("--looks", type=click.IntRange(min=1), help="At each run that is taken in, by chance; all by default.")
def main(inputs: int, seed: int, looks: int | None) -> None:
    """Attack, print."""
    with _store_of_its_own() as store:
        tally = attack(store, range(seed, seed + inputs), looks)
    click.echo(tally.table())
    for place, crash in tally.crashes.items():
        click.echo(f"seed {place}: {crash}", err=True)
    raise SystemExit(bool(tally.crashes))


if __name__ == "__main__":
    main()
