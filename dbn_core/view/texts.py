"""The words of each page, one JSON file in `assets/texts`: read once, with units and splits put in from their table.

A text that explains a number names its metric (`"metric": "recon_mse"`). Its `unit` and `split` are then the metric's;
a text may say more around them, as in `"{unit}; chance among ten classes is 2.3"`.
"""

import json
from functools import cache
from typing import Any

from dbn_core.metric_table import metric_of
from dbn_core.places import ASSETS

FOLDER = ASSETS / "texts"
_FROM_TABLE = ("unit", "split")


@cache
def texts(page: str) -> Any:
    """All words of a page, by part; JSON-ready."""
    return _filled(json.loads((FOLDER / f"{page}.json").read_text("utf-8")))


def _filled(part: Any) -> Any:
    if isinstance(part, list):
        return [_filled(item) for item in part]
    if not isinstance(part, dict):
        return part
    words = {key: _filled(value) for key, value in part.items() if key != "metric"}
    return words | _of_metric(part) if "metric" in part else words


def _of_metric(part: dict[str, Any]) -> dict[str, str]:
    metric = metric_of(part["metric"])
    told = {"unit": metric.unit, "split": metric.split}
    return {key: part.get(key, f"{{{key}}}").replace(f"{{{key}}}", told[key]) for key in _FROM_TABLE}
