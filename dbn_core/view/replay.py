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
from typing import Any

import numpy as np
from PIL import Image

from dbn_core.config import RunConfig, hyperparameters
from dbn_core.records import CommandRecord, MetricPoint, RunInfo, SnapshotInfo
from dbn_core.view import curves, mosaic, palette
from dbn_core.view.palette import Theme
from dbn_core.view.stages import drawn_units, recorded_stages
from dbn_core.view.status import status_line
from dbn_core.view.words import command_text, number, stage_name

UNITS = 100  # of a layer, at most, in a picture
LEVELS = 63  # steps of weight on each side of zero: a third fewer bytes than 127, and no eye sees the difference
_THEMES: tuple[Theme, ...] = ("light", "dark")


def document(info: RunInfo, points: Sequence[MetricPoint], commands: Sequence[CommandRecord]) -> dict[str, Any]:
    """Everything but the pictures."""
    stages = _stages(info, points)
    return {
        "run": _run(info),
        "settings": _settings(info.config),
        "stages": [{"key": key, "label": stage_name(key), "units": _units(info.config, key)} for key in stages],
        "charts": _charts(points),
        "texts": curves.picture_texts(),
        "numbers": _numbers(points, stages),
        "commands": [_command(record) for record in commands],
        "palette": {theme: _colours(theme) for theme in _THEMES},
    }


# -- pictures -------------------------------------------------------------------------------------------------------


def filters(info: SnapshotInfo, pixels: np.ndarray, config: RunConfig) -> dict[str, Any]:
    """A mosaic: index 0 is a gap, 128 zero weight, 128 +- 63 the ends of the scale; colours: in each channel."""
    shown = pixels[:UNITS]
    columns = ceil(sqrt(len(shown)))
    rows = ceil(len(shown) / columns)
    what, units = drawn_units(info.position.stage, info.projection, config)
    levels = np.round((shown.astype(np.float32) - mosaic.ZERO) * LEVELS / 127).clip(-LEVELS, LEVELS)
    sheet = mosaic.tiled((mosaic.ZERO + levels).astype(np.uint8), columns, rows)
    return _position(info) | {
        "what": what,
        "of": max(units, len(shown)),
        "colour": shown.ndim == 4,
        "units": len(shown),
        "columns": columns,
        "rows": rows,
        "height": shown.shape[1],
        "width": shown.shape[2],
        "scale": info.scale,
        "projection": info.projection,
        # Without the opacity of colours: a gap is 0 in each of them.
        "src": _address(sheet[..., :3] if sheet.ndim == 3 else sheet),
    }


def strip(info: SnapshotInfo, pixels: np.ndarray) -> dict[str, Any]:
    """Reconstructions side by side, and the originals in a picture of their own, as intensities 0 to 255."""
    originals, redrawn = (_address(np.hstack(list(row))) for row in pixels)
    shape = {"cases": pixels.shape[1], "height": pixels.shape[2], "width": pixels.shape[3], "colour": pixels.ndim == 5}
    return _position(info) | shape | {"originals": originals, "src": redrawn}


def _position(info: SnapshotInfo) -> dict[str, Any]:
    return {"stage": info.position.stage, "step": info.position.step, "epoch": info.position.epoch}


def _address(indices: np.ndarray) -> str:
    """A PNG of greys or colours: unlike one with a palette it may be filtered by rows, so it is an eighth smaller."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(indices)).save(out, "PNG", compress_level=9)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


# -- numbers --------------------------------------------------------------------------------------------------------


def _numbers(points: Sequence[MetricPoint], stages: Sequence[str]) -> dict[str, Any]:
    """A row for each moment, in the order of measuring: [update, epoch, stage, value of each column or null]."""
    columns = {name: place for place, name in enumerate(dict.fromkeys(point.name for point in points))}
    place_of = {stage: place for place, stage in enumerate(stages)}
    rows: list[list[Any]] = []
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


def _charts(points: Sequence[MetricPoint]) -> list[dict[str, Any]]:
    """Those with something to draw; of a run without any number the first."""
    measured = {point.name for point in points}
    found = [chart for chart in curves.as_data() if measured & {series["metric"] for series in chart["series"]}]
    return found or curves.as_data()[:1]


# -- words ----------------------------------------------------------------------------------------------------------


def _run(info: RunInfo) -> dict[str, Any]:
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


def _settings(config: RunConfig) -> list[dict[str, Any]]:
    """Every setting in reading order; `usual` is False for one that differs from its default."""
    default = RunConfig()
    return [
        {
            "key": item.key,
            "label": item.label,
            "value": number(config.value(item.key)),
            "unit": item.unit if config.value(item.key) is not None else "",
            "usual": config.value(item.key) == default.value(item.key),
        }
        for item in hyperparameters()
    ]


def _command(record: CommandRecord) -> dict[str, Any]:
    where = record.position
    return {
        "text": command_text(record.command),
        "sent": record.sent_at.strftime("%H:%M:%S"),
        "stage": where.stage if where else "",
        "step": where.step if where else None,
        "epoch": where.epoch if where else None,
        "problem": record.problem,
    }


def _colours(theme: Theme) -> dict[str, Any]:
    return {
        "page": palette.PAGE[theme],
        "ink": palette.INK[theme],
        "layers": palette.LAYERS[theme],
        "signed": palette.stops("signed", theme),
        "grey": palette.stops("grey", theme),
    }
