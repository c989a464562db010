"""What a card of a run shows and is costly to read: kept while the run does not change.

A page's file is executed anew each time it is drawn, so a cache has to live here.
"""

from functools import lru_cache

from dbn_core.view import mosaic, summary
from dbn_core.view.mosaic import MosaicOptions
from dbn_core.view.palette import Theme
from dbn_core.view.summary import Figures
from pages.parts import lab

THUMBNAIL = 4  # filters each way


@lru_cache(maxsize=256)
def figures(store_url: str, run_id: str, revision: int) -> Figures:
    """The newest figures of a run; kept until the run changes."""
    del store_url, revision
    return summary.latest(lab.store().run(run_id).metrics(names=summary.FIGURES))


@lru_cache(maxsize=256)
def thumbnail(store_url: str, run_id: str, snapshot_id: int, theme: Theme) -> bytes:
    """A small mosaic of a picture of filters."""
    del store_url
    pixels = lab.store().run(run_id).snapshot(snapshot_id).pixels
    return mosaic.mosaic(pixels, MosaicOptions(columns=THUMBNAIL, rows=THUMBNAIL, theme=theme))
