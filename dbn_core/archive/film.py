"""The filters of a run as pictures for people: the evolution as a GIF, the newest as a PNG."""

from math import ceil, sqrt

from dbn_core.archive.replay import by_film, evenly
from dbn_core.config.stages import stage_name
from dbn_core.errors import ArchiveError
from dbn_core.metric_table import significant
from dbn_core.projections import RECORDED
from dbn_core.records import SnapshotInfo
from dbn_core.store import Run
from dbn_core.view.film import Still, film
from dbn_core.view.mosaic import MosaicOptions, mosaic

UNITS = 100  # drawn, at most
FRAMES = 120  # of a film, at most: a quarter of a minute, about 12 MB


def film_file(run: Run) -> bytes:
    """GIF of the layers one after the other; a long run shows evenly chosen pictures. Raises ArchiveError."""
    infos = evenly(_pictures(run), FRAMES)
    columns, rows = _grid(max(info.shape[0] for info in infos))
    several = len({info.position.stage for info in infos}) > 1
    length = max(info.position.epoch for info in infos)
    frames = (
        Still(
            filters=run.snapshot(info.id).pixels[:UNITS],
            words=_words(info, several),
            share=info.position.epoch / length if length else 1.0,
        )
        for info in infos
    )
    return film(frames, columns, rows)


def newest_file(run: Run) -> bytes:
    """PNG of the newest filters, large enough for a slide. Raises ArchiveError."""
    return picture(run, _pictures(run)[-1], 4)


def picture(run: Run, info: SnapshotInfo, scale: int) -> bytes:
    """PNG of filters that the run has kept, enlarged so many times."""
    columns, rows = _grid(info.shape[0])
    return mosaic(run.snapshot(info.id).pixels, MosaicOptions(columns, rows, scale=scale))


def _pictures(run: Run) -> list[SnapshotInfo]:
    name = run.info().name
    pictures = run.snapshots(kind="filters")
    if not pictures:
        raise ArchiveError(f"Run {name!r} has no picture of its filters yet. Train it first, then export it again.")
    return by_film(pictures)


def _grid(units: int) -> tuple[int, int]:
    shown = min(units, UNITS)
    columns = ceil(sqrt(shown))
    return columns, ceil(shown / columns)


def _words(info: SnapshotInfo, several: bool) -> tuple[str, str]:
    where = f"epoch {info.position.epoch:.2f}"
    left = f"{stage_name(info.position.stage)}, {where}" if several else where
    what = "responses" if info.projection == RECORDED else "weights"
    return left, f"{what} to ±{significant(info.scale)}"
