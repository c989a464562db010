"""Words, tables and JSON on standard output.

Names of runs are text and reach the terminal as they are stored: the store takes no signs that steer a terminal. Names
of files and errors that tell them may hold such signs, and reach it as `for_terminal` makes them.
"""

import json
import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from dbn_core.config import hyperparameter
from dbn_core.data.own.names import printable
from dbn_core.metric_table import Metric, metric_of
from dbn_core.view import words


def figure(row: Metric, stored: float | None) -> str:
    """A number of a metric as a terminal shows it: with a plain minus sign, so that it can be copied."""
    return "–" if stored is None else row.text(stored).replace("−", "-")


def measured(name: str, stored: float) -> str:
    """A number with its unit and split: "0.0350 squared error per pixel, up to 1,000 training images"."""
    row = metric_of(name)
    told = ", ".join(part for part in (row.unit, row.split) if part)
    return f"{figure(row, stored)} {told}".rstrip()


def setting(key: str, value: Any) -> str:
    """A setting with its unit: "10 epochs"."""
    unit = hyperparameter(key).unit
    return words.number(value) + (f" {unit}" if unit and value is not None else "")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need to be; no box, so that `cut` and `grep` find their way."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def for_terminal(text: str) -> str:
    """Text of anybody without escape sequences, half characters and the like; lines and tabs stay."""
    return printable(text, allowed="\n\t")


# Half characters, which no encoding can write, and the control characters that JSON leaves as they are.
_RAW = re.compile("[\x7f-\x9f\ud800-\udfff]")


def print_json(value: Any, *, indent: int | None = None) -> None:
    """One JSON document, and the reader has it at once. JSON has no nan: those become null."""
    written = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=indent)
    click.echo(_RAW.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written))


def plain(value: Any) -> Any:
    """Plain JSON data: times as ISO text, numbers that are not finite as null."""
    match value:
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case float() if not math.isfinite(value):
            return None
        case datetime():
            return value.isoformat()
        case _:
            return value
