"""Words, tables and JSON on standard output. Names of runs are text and reach the terminal as they are stored."""

import json
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from dbn_core.config import hyperparameter
from dbn_core.view import words

UNITS = {
    "recon_mse": "squared error per pixel",
    "recon_ce": "nats per pixel",
    "sparsity": "mean hidden probability",
    "free_energy_gap": "nats",
    "dead_units": "units",
    "weight_step": "|dW| / |W|",
    "images_per_second": "images/s",
}


def metric_unit(name: str) -> str:
    """The unit of a metric, with its split: "squared error per pixel, held-out images"."""
    unit = UNITS.get(name.removeprefix("heldout_"), "")
    return f"{unit}, held-out images" if name.startswith("heldout_") and unit else unit


def setting(key: str, value: Any) -> str:
    """A setting with its unit: "10 epochs"."""
    unit = hyperparameter(key).unit
    return words.number(value) + (f" {unit}" if unit and value is not None else "")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need to be; no box, so that `cut` and `grep` find their way."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_json(value: Any, *, indent: int | None = None) -> None:
    """One JSON document, and the reader has it at once. JSON has no nan: those become null."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=indent))


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
