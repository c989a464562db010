"""`tensorboard`: a run's curves and pictures for TensorBoard."""

from pathlib import Path

import click

from dbn_core.cli.output import for_terminal, print_json
from dbn_core.store import RunStore


@click.command()
@click.argument("run")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A new one for each run; TensorBoard is shown the folder above them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the folder.")
def tensorboard(run: str, folder: Path, as_json: bool) -> None:
    """Write a run's numbers and pictures of filters as event files. RUN is a name or an id.

    Curves are called metric/stage, as in recon_mse/layer1, and pictures filters/stage. A step is an update, counted
    over the whole run; times mean nothing. Look at them with: tensorboard --logdir FOLDER
    """
    from dbn_core.event_files import write_events

    with RunStore.from_environment() as store:
        written = write_events(store.run(run), folder)
    if as_json:
        counts = {"scalars": written.scalars, "images": written.images}
        print_json({"event": "tensorboard", "folder": str(folder), **counts})
    else:
        words = f"Wrote {written.scalars:,} numbers and {written.images:,} pictures into {folder}"
        click.echo(for_terminal(words), err=True)
