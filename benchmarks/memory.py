"""Peak memory of a training process beyond the import of torch: `python -m benchmarks.memory` in a fresh process.

    DBN_DATA=... python -m benchmarks.memory [--data mnist|digits]

One epoch of 784-500 with monitor, pictures, checkpoints and a store, all training images; the data set is read here.
"""

import resource
import sys
import tempfile

import click
import torch

from dbn_core.data.catalogue import dataset_info

UNIT = 1 if sys.platform == "darwin" else 1024  # bytes of one unit of ru_maxrss


def peak() -> float:
    """Largest resident size of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 1e6


@click.command(help="Peak memory of a run beyond the import of torch, in MB.")
@click.option("--data", type=click.Choice(["mnist", "digits"]), help="MNIST where it is, else digits.")
def main(data: str | None) -> None:
    """Measure and print."""
    torch.ones(1).sum()
    imported = peak()
    from dbn_core.config import RunConfig
    from dbn_core.store import RunStore
    from dbn_core.worker import train_run

    name = data or ("mnist" if dataset_info("mnist").is_present() else "digits")
    config = RunConfig().with_values({"data.name": name, "layers": [500], "epochs": 1, "device": "cpu"})
    with tempfile.TemporaryDirectory(prefix="dbn-benchmark-") as folder:
        store = RunStore(f"sqlite:///{folder}/lab.db")
        run = store.create_run(config, executor="foreground")
        status = train_run(store.url, run.id)
    images = dataset_info(name).train_count
    click.echo(f"{status}: 784-500, {images:,} images of {name}")
    click.echo(
        f"{imported:.0f} MB after the import of torch, {peak():.0f} MB at the peak: {peak() - imported:.0f} MB more"
    )


if __name__ == "__main__":
    main()
