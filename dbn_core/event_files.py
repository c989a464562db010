"""A run as event files of TensorBoard: its curves, and pictures of its filters.

    scalars    METRIC/STAGE       every number that was measured, in the unit in which it is stored
    images     filters/STAGE      the first 100 units, in the colours of the lab; a long run shows evenly chosen ones
    texts      metrics, settings  what each metric is, in which unit and on which images; the run's configuration

A step is an update, counted over the whole run. The store keeps no time for a number: all have that of the run's start.
"""

import io
import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from dbn_core.archive.film import FRAMES, picture
from dbn_core.archive.replay import by_film, evenly
from dbn_core.errors import DataError
from dbn_core.extras import require
from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint, SnapshotInfo
from dbn_core.store import Run

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


@dataclass(frozen=True, slots=True)
class Written:
    """How much was written."""

    scalars: int
    images: int


def write_events(run: Run, folder: Path) -> Written:
    """Into a new or an empty folder. Raises PackageError without tensorboard, DataError for any other folder."""
    require("tensorboard", "A folder for TensorBoard")
    _refuse_used(folder)
    from torch.utils.tensorboard import SummaryWriter

    info, points = run.info(), run.metrics()
    pictures = _chosen(run.snapshots(kind="filters"))
    time = (info.started_at or info.created_at).timestamp()
    try:
        with SummaryWriter(str(folder)) as writer:
            for point in points:
                where = point.position
                writer.add_scalar(f"{point.name}/{where.stage}", point.value, where.step, time)
            for shown in pictures:
                where, pixels = shown.position, _pixels(picture(run, shown, 2))
                writer.add_image(f"filters/{where.stage}", pixels, where.step, time, "HWC")
            _add_texts(writer, points, json.dumps(info.config.to_dict(), indent=2), time)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror}; give another folder.") from error
    return Written(len(points), len(pictures))


def _refuse_used(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; give a folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise DataError(f"{folder} is not empty, and TensorBoard would mix what is in it; give a new folder.")


def _chosen(infos: list[SnapshotInfo]) -> list[SnapshotInfo]:
    """At most `FRAMES` of each stage, one stage after the other."""
    stages = groupby(by_film(infos), lambda info: info.position.stage)
    return [info for _, own in stages for info in evenly(list(own), FRAMES)]


def _pixels(content: bytes) -> np.ndarray:
    """(height, width, 4) of a PNG; the gaps between filters are transparent."""
    with Image.open(io.BytesIO(content)) as opened:
        return np.asarray(opened.convert("RGBA"))


def _add_texts(writer: "SummaryWriter", points: list[MetricPoint], settings: str, time: float) -> None:
    rows = [metric_of(name) for name in dict.fromkeys(point.name for point in points)]
    table = [f"| {row.name} | {row.title} | {row.unit} | {row.split} |" for row in rows]
    head = ["| metric | what | shown in | measured on |", "|---|---|---|---|"]
    writer.add_text("metrics", "\n".join([*head, *table]), 0, time)
    writer.add_text("settings", f"```\n{settings}\n```", 0, time)
