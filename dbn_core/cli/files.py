"""`export` and `import`: a run as a file."""

from pathlib import Path

import click

from dbn_core.archive import export, import_archive
from dbn_core.cli.output import for_terminal, print_json
from dbn_core.store import RunStore


@click.command("export")
@click.argument("run")
@click.option(
    "--to",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Ends in .zip, .html, .gif, .png, .csv or .safetensors.",
)
@click.option("--force", is_flag=True, help="Replace the file if there is one.")
def export_run(run: str, file: Path, force: bool) -> None:
    """Write a run to a file. RUN is a name or an id.

    .zip: checkpoints, configuration, metrics, commands and pictures, to be imported again.

    .html: a replay for any browser, without a network: filters, curves and events under a scrubber; below 10 MB.

    .gif: the evolution of the filters as a film. .png: the newest filters. .csv: every number that was measured.

    .safetensors: the newest checkpoint alone, with its settings, for `dbn_core.load` in Python.
    """
    with RunStore.from_environment() as store:
        export(store.run(run), file, replace=force)
    click.echo(for_terminal(f"Wrote {file}"), err=True)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
def import_run(file: Path, as_json: bool) -> None:
    """Take an exported .zip back as a new run, and print its name."""
    with RunStore.from_environment() as store:
        info = import_archive(store, file).info()
    if as_json:
        print_json({"event": "import", "run": info.id, "name": info.name, "status": info.status.value})
    else:
        click.echo(info.name)
