"""What each recorded number is: a row a metric, with its unit, split, estimator and direction.

Whatever prints a number, on a page, in a report or on a terminal, asks here; nobody else knows a unit. The functions
that compute metrics are in `dbn_core.metrics`. No torch.
"""

from dataclasses import replace

from dbn_core.metric_table.evaluation import COUNTS, FAMILIES, JUDGE, SAMPLES, SOURCES
from dbn_core.metric_table.metric import Metric, significant
from dbn_core.metric_table.splits import MONITORED
from dbn_core.metric_table.training import ROWS

__all__ = [
    "JUDGE",
    "MONITORED",
    "ROWS",
    "SAMPLES",
    "SOURCES",
    "Metric",
    "is_known",
    "metric_of",
    "significant",
]

_BY_NAME = {row.name: row for row in (*ROWS, *COUNTS)}


def metric_of(name: str) -> Metric:
    """The row of a metric as it is stored; for a name that nobody here records one without unit."""
    return _row(name) or Metric(name=name, title=name)


def is_known(name: str) -> bool:
    """There is a row for it."""
    return _row(name) is not None


def _row(name: str) -> Metric | None:
    if name in _BY_NAME:
        return _BY_NAME[name]
    for form, row_of in FAMILIES:
        match = form.fullmatch(name)
        if match is not None and (row := row_of(match)) is not None:
            return replace(row, name=name)
    return None
