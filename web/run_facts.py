"""What a card of a run shows and is costly to read: kept while the run does not change."""

from dbn_core.config import RunConfig
from dbn_core.config.stages import depth_of
from dbn_core.records import SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import mosaic, summary
from dbn_core.view.mosaic import MosaicOptions
from dbn_core.view.palette import Theme
from dbn_core.view.stages import in_training
from dbn_core.view.summary import Figures
from web import lab
from web.kept import keep, keep_of_run

THUMBNAIL = 4  # filters each way


@keep_of_run(256)
def figures(run: Run) -> Figures:
    """The newest figures of a run."""
    return summary.latest(run.metrics(names=summary.FIGURES))


def filters_of_layers(run: Run, config: RunConfig) -> list[SnapshotInfo]:
    """The newest filters of each layer that has some, from the first up."""
    layers = [name for stage in config.stages for name in in_training(config, stage) if depth_of(name)]
    return [item for layer in layers if (item := run.latest_snapshot("filters", layer))]


def newest_filters(run: Run, config: RunConfig) -> SnapshotInfo | None:
    """Those of the last layer that has some; of a run without layers, the newest ones. None before any.

    A VAE or a classifier trained after the layers draws filters, too: those are no picture of the DBN.
    """
    layers = filters_of_layers(run, config)
    return layers[-1] if layers else run.latest_snapshot("filters")


@keep(256)
def thumbnail(run_id: str, snapshot_id: int, theme: Theme, rows: int = THUMBNAIL, columns: int = THUMBNAIL) -> bytes:
    """A small mosaic of a picture of filters."""
    pixels = lab.store().run(run_id).snapshot(snapshot_id).pixels
    return mosaic.mosaic(pixels, MosaicOptions(columns=columns, rows=rows, theme=theme))
