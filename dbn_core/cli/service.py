"""`cluster`: the local job cluster in the foreground."""

import logging

import click

from dbn_core.store import RunStore


@click.command()
@click.option(
    "--idle",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="End when nobody was connected and no run was unfinished for so long; 0 means never.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Runs that can train at once; 2 unless given, 4 on a GPU.")
def cluster(idle: float, workers: int | None) -> None:
    """Run the job cluster of the store until Ctrl-C.

    The app starts one by itself, so this is only needed to watch it at work, or to train with the app closed. It trains
    every unfinished run of the store.
    """
    from dbn_core.jobs.cluster import serve

    logging.getLogger("dbn_core").setLevel(logging.INFO)
    with RunStore.from_environment() as store:
        reason = serve(store, idle or None, workers, lambda address, count: _ready(store, address, count))
    click.echo(f"The job cluster ended: {reason}.", err=True)


def _ready(store: RunStore, address: str, workers: int) -> None:
    click.echo(f"Job cluster of {store.shown_url} at {address}, {workers} workers. Ctrl-C ends it.", err=True)
