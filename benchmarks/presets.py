"""Does every preset show what it says? Each is trained to its end, measured, drawn, and held to what it promises.

    DBN_DATA=... python -m benchmarks.presets --to FOLDER [--only NAME,NAME] [--on DATASET] [--seed N] [--check] ...

The folder takes a contact sheet for each preset and `presets.json` with what was measured; a preset that is there with
the same settings is not trained again. Those whose data are not on this disk are left out, and said to be; `--on`
trains on others in their place, a part of CIFAR-10 that was added as `own/NAME` for one.
`--check` exits with 1 where a promise is broken. In CI shortened versions run: `tests/benchmarks/test_presets.py`.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from benchmarks.machine import this_machine
from benchmarks.preset_run import Measured, measure
from dbn_core.coach.gate import IDLE
from dbn_core.config import Preset, RunConfig, preset, presets
from dbn_core.config.stages import layer_stage
from dbn_core.data.catalogue import dataset_info
from dbn_core.errors import ConfigError
from dbn_core.store import RunStore

KEPT = "presets.json"
DREAMS = ("precision", "recall", "coverage")
HEAD = (
    "preset",
    "processor / clock, s",
    "dead, always on, constant",
    "localisation, %",
    "class purity, %",
    "named > 80 %: units, classes",
    "dreams: precision, recall, coverage",
    "recognised, label held",
    "broken promises",
)


def chosen(names: str | None) -> list[Preset]:
    """Those named, broken ones too, or all that work. Raises BadParameter naming the presets there are."""
    try:
        return [preset(name.strip()) for name in names.split(",")] if names else presets()
    except ConfigError as error:
        raise click.BadParameter(str(error)) from error


def configuration(item: Preset, on: str | None = None, seed: int | None = None) -> RunConfig:
    """Of a preset, with other images and another seed where they are given."""
    others = {"data.name": on, "seed": seed}
    return RunConfig.preset(item.name).with_values({key: value for key, value in others.items() if value is not None})


def why_not(config: RunConfig) -> str:
    """A sentence on why this cannot be trained here, or nothing."""
    info = dataset_info(config.data.name)
    return "" if info.is_present() else f"{info.title} is not here: set DBN_DATA to the folder that holds it"


class Kept:
    """What was measured, in one JSON file in the folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / KEPT

    def all(self) -> dict[str, Measured]:
        """By the name of the preset."""
        if not self._path.exists():
            return {}
        return {item["preset"]: Measured(**item) for item in json.loads(self._path.read_text())}

    def of(self, item: Preset, config: RunConfig) -> Measured | None:
        """None where it was not measured, or with other settings."""
        kept = self.all().get(item.name)
        return kept if kept and kept.settings == config.to_dict() else None

    def add(self, measured: Measured) -> None:
        """In the place of what was there for this preset."""
        rows = self.all() | {measured.preset: measured}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps([asdict(row) for row in rows.values()], indent=1))


def as_table(rows: Sequence[Measured]) -> str:
    """Markdown, a row a preset; figures of layers in their order."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(_cells(row)) + " |" for row in rows)])


def _cells(row: Measured) -> list[str]:
    idle = [", ".join(_figure(row, depth, name, "{:.0f}") for name in IDLE) for depth in _depths(row)]
    named = [
        f"{_figure(row, depth, 'named', '{:.2f}')}, {_figure(row, depth, 'classes', '{:.0f}')}"
        for depth in _depths(row)
    ]
    source = "held" if "samples.held.precision" in row.figures else "dreams"
    dreams = [row.figures.get(f"samples.{source}.{name}") for name in DREAMS]
    held = row.figures.get("samples.held.accuracy")
    return [
        row.preset,
        f"{row.processor_seconds:.0f} / {row.seconds:.0f}",
        "; ".join(idle),
        "; ".join(_figure(row, depth, "localisation", "{:.1%}").rstrip("%") for depth in _depths(row)),
        "; ".join(_figure(row, depth, "class_purity", "{:.1%}").rstrip("%") for depth in _depths(row)),
        "; ".join(named),
        ", ".join("–" if value is None else f"{value:.2f}" for value in dreams),
        "" if held is None else f"{held:.1f} %",
        " ".join(row.broken) or "none",
    ]


def _depths(row: Measured) -> range:
    return range(1, row.layers + 1)


def _figure(row: Measured, depth: int, name: str, form: str) -> str:
    value = row.figures.get(f"{layer_stage(depth)}.{name}")
    return "–" if value is None else form.format(value)


def _measured(item: Preset, config: RunConfig, folder: Path, kept: Kept) -> Measured:
    """One preset, in a store that is thrown away afterwards."""
    click.echo(f"{item.name}: training", err=True)
    with tempfile.TemporaryDirectory(prefix="dbn-presets-") as place, RunStore(f"sqlite:///{place}/lab.db") as store:
        row = measure(item, config, store, folder / f"{item.name}.png")
    kept.add(row)
    return row


@click.command(help="Train every preset to its end, measure it, draw it, and hold it to what it promises.")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=Path("presets"), help="For sheets and figures."
)
@click.option("--only", metavar="NAME,NAME", help="These presets; all that work by default.")
@click.option("--on", metavar="DATASET", help="Train on these images in the place of the preset's own.")
@click.option("--seed", type=int, help="Another seed than the preset's.")
@click.option("--check", is_flag=True, help="Exit with 1 where a promise is broken.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object instead of the table.")
@click.option("--again", is_flag=True, help="Train those that are there already, too.")
def main(
    *, folder: Path, only: str | None, on: str | None, seed: int | None, check: bool, json_wanted: bool, again: bool
) -> None:
    """Measure, draw, keep, print."""
    kept, rows, machine = Kept(folder), [], this_machine()
    for item in chosen(only):
        config = configuration(item, on, seed)
        if reason := why_not(config):
            click.echo(f"{item.name}: left out: {reason}.", err=True)
            continue
        rows.append((not again and kept.of(item, config)) or _measured(item, config, folder, kept))
    if json_wanted:
        click.echo(
            json.dumps(
                {
                    "benchmark": "presets",
                    "machine": machine.to_dict(),
                    "rows": [asdict(row) | {"broken": row.broken} for row in rows],
                }
            )
        )
    else:
        click.echo("\n".join([*machine.describe(), "", as_table(rows)]))
    broken = [f"{row.preset}: {sentence}" for row in rows for sentence in row.broken]
    for sentence in broken if check else ():
        click.echo(sentence, err=True)
    sys.exit(1 if check and broken else 0)


if __name__ == "__main__":
    main()
