"""What a replay file holds of a run, as JSON-ready data; `assets/replay/` reads it.

Numbers are whole: every digit that was stored is there, so that the file says the same as the CSV. Pictures are PNGs of
palette indices in `data:` addresses; the reader gives them their colours, so one picture serves both themes and every
contrast.
"""

import base64
import io
import math
from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np
from PIL import Image

from dbn_core.config import RunConfig, hyperparameter, setting_keys
from dbn_core.config.stages import stage_name
from dbn_core.metric_table import metric_of
from dbn_core.projections import RECORDED
from dbn_core.records import CommandRecord, MetricPoint, RunInfo, SnapshotInfo
from dbn_core.view import curves, mosaic, palette
from dbn_core.view.curves import Chart
from dbn_core.view.replay_data import (
    ReplayCommand,
    ReplayDocument,
    ReplayMetric,
    ReplayMoment,
    ReplayNumbers,
    ReplayPosition,
    ReplayRun,
    ReplaySetting,
    StripPictures,
    Value,
)
from dbn_core.view.stages import drawn_units, recorded_stages
from dbn_core.view.status import status_line
from dbn_core.view.words import command_text, number

UNITS = 100  # of a layer, at most, in a picture
LEVELS = 63  # steps of weight on each side of zero: a third fewer bytes than 127, and no eye sees the difference


def document(info: RunInfo, points: Sequence[MetricPoint], commands: Sequence[CommandRecord]) -> ReplayDocument:
    """Everything but the pictures."""
    stages = _stages(info, points)
    return {
        "run": _run(info),
        "settings": _settings(info.config),
        "stages": [{"key": key, "label": stage_name(key), "units": _units(info.config, key)} for key in stages],
        "charts": _charts(points),
        "others": _others(points),
        "texts": curves.picture_texts(),
        "numbers": _numbers(points, stages),
        "commands": [_command(record) for record in commands],
        "palette": palette.palettes(),
    }


# -- pictures -------------------------------------------------------------------------------------------------------


def filters(info: SnapshotInfo, pixels: np.ndarray, config: RunConfig) -> ReplayMoment:
    """A mosaic: index 0 is a gap, 128 zero weight, 128 +- 63 the ends of the scale; colours: in each channel."""
    shown = pixels[:UNITS]
    columns = ceil(sqrt(len(shown)))
    rows = ceil(len(shown) / columns)
    what, units = drawn_units(info.position.stage, info.projection, config)
    levels = np.round((shown.astype(np.float32) - mosaic.ZERO) * LEVELS / 127).clip(-LEVELS, LEVELS)
    sheet = mosaic.tiled((mosaic.ZERO + levels).astype(np.uint8), columns, rows)
    return {
        **_position(info),
        "what": what,
        "of": max(units, len(shown)),
        "colour": shown.ndim == 4,
        "units": len(shown),
        "columns": columns,
        "rows": rows,
        "height": shown.shape[1],
        "width": shown.shape[2],
        "scale": info.scale,
        "responds": info.projection == RECORDED,
        # Without the opacity of colours: a gap is 0 in each of them.
        "src": _address(sheet[..., :3] if sheet.ndim == 3 else sheet),
    }


def strip(info: SnapshotInfo, pixels: np.ndarray) -> StripPictures:
    """Reconstructions side by side, and the originals in a picture of their own, as intensities 0 to 255."""
    originals, reconstructed = (_address(np.hstack(list(row))) for row in pixels)
    return {
        **_position(info),
        "cases": pixels.shape[1],
        "height": pixels.shape[2],
        "width": pixels.shape[3],
        "colour": pixels.ndim == 5,
        "originals": originals,
        "src": reconstructed,
    }


def _position(info: SnapshotInfo) -> ReplayPosition:
    return {"stage": info.position.stage, "step": info.position.step, "epoch": info.position.epoch}


def _address(indices: np.ndarray) -> str:
    """A PNG of greys or colours: unlike one with a palette it may be filtered by rows, so it is an eighth smaller."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(indices)).save(out, "PNG", compress_level=9)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


# -- numbers --------------------------------------------------------------------------------------------------------


def _numbers(points: Sequence[MetricPoint], stages: Sequence[str]) -> ReplayNumbers:
    columns = {name: place for place, name in enumerate(dict.fromkeys(point.name for point in points))}
    place_of = {stage: place for place, stage in enumerate(stages)}
    rows: list[list[Value]] = []
    last = None
    for point in points:
        # A name that comes twice at one position is a second measurement, and a row of its own.
        if point.position != last or rows[-1][3 + columns[point.name]] is not None:
            last = point.position
            rows.append([last.step, last.epoch, place_of[last.stage], *[None] * len(columns)])
        rows[-1][3 + columns[point.name]] = _plain(point.value)
    return {"columns": list(columns), "rows": rows}


def _plain(value: float) -> float | str:
    """JSON has no numbers that are not finite: "nan", "inf", "-inf"."""
    return value if math.isfinite(value) else repr(value)


def _stages(info: RunInfo, points: Sequence[MetricPoint]) -> list[str]:
    planned = [stage.key for stage in recorded_stages(info.config)]
    return list(dict.fromkeys([*planned, *(point.position.stage for point in points)]))


def _units(config: RunConfig, stage: str) -> int:
    return next((item.units for item in recorded_stages(config) if item.key == stage), 0)


def _charts(points: Sequence[MetricPoint]) -> list[Chart]:
    """Those with something to draw; of a run without any number the first."""
    measured = {point.name for point in points}
    drawn = [chart for chart in curves.charts() if measured & set(chart.metrics)]
    return drawn or [curves.charts()[0]]


def _others(points: Sequence[MetricPoint]) -> dict[str, ReplayMetric]:
    """How to draw the metrics that no chart has, by name."""
    drawn = set(curves.drawn_metrics())
    rows = (metric_of(name) for name in dict.fromkeys(point.name for point in points) if name not in drawn)
    return {
        row.name: {
            "title": row.title,
            "axis": row.axis_title or row.title,
            "factor": row.factor,
            "suffix": row.on_ticks,
        }
        for row in rows
    }


# -- words ----------------------------------------------------------------------------------------------------------


def _run(info: RunInfo) -> ReplayRun:
    line = status_line(info)
    return {
        "id": info.id,
        "name": info.name,
        "note": info.note,
        "state": line.headline,
        "tone": line.tone,
        "facts": list(line.facts),
        "explanation": line.explanation,
        "epochs": info.progress.epochs or info.config.total_epochs,
        "created": info.created_at.strftime("%Y-%m-%d %H:%M UTC"),
    }


def _settings(config: RunConfig) -> list[ReplaySetting]:
    """Every setting in reading order; `usual` is False for one that differs from its default, or is a layer's own."""
    default, own = RunConfig(), config.given_to_layers()
    return [
        {
            "key": item.key,
            "label": item.label,
            "value": number(config.value(item.key)),
            "unit": item.unit if config.value(item.key) is not None else "",
            "usual": config.value(item.key) == default.value(item.key) and item.key not in own,
        }
        for item in map(hyperparameter, setting_keys(config))
    ]


def _command(record: CommandRecord) -> ReplayCommand:
    where = record.position
    return {
        "text": command_text(record.command),
        "sent": record.sent_at.strftime("%H:%M:%S"),
        "stage": where.stage if where else "",
        "step": where.step if where else None,
        "epoch": where.epoch if where else None,
        "problem": record.problem,
    }
