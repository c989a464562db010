"""The table of metrics: each row is whole, and nobody else knows a unit."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbn_core.metric_table import ROWS, SAMPLES, Metric, is_known, metric_of
from dbn_core.view.texts import texts

ROOT = Path(__file__).parents[1]
UNITS = re.compile(r"\bnats?\b|per pixel|% wrong|of (hidden )?units on|hidden probability|images/s\b|squared error")
# A setting's unit is its own; the microscope's tiny network records no metrics.
ELSEWHERE = ("dbn_core/metric_table", "dbn_core/config", "assets/microscope")


@pytest.mark.parametrize("row", [*ROWS, *SAMPLES.values()], ids=lambda row: row.name)
def test_a_row_says_what_it_is_and_which_way_is_better(row: Metric) -> None:
    assert row.title[0].isupper() or row.title.startswith("log")
    assert (row.better == "target") == (row.target is not None)
    assert row.factor == (100.0 if row.sign == "%" and row.unit.startswith("% of") else 1.0)
    assert row.estimator or row.name == "images_per_second"


def test_a_number_is_shown_in_the_unit_of_its_row() -> None:
    assert metric_of("sparsity").said(0.1234) == "12.3 %"
    assert metric_of("weight_step").said(0.000_123) == "0.0123 %"
    assert metric_of("log_likelihood_ais").said(-98.46) == "−98.5 nats"
    assert metric_of("log_likelihood_ais").finer.text(-98.46) == "−98.46"
    assert metric_of("recon_mse").said(0.035) == "0.0350 per pixel"
    assert metric_of("dead_units").said(3.0) == "3 units"


def test_a_name_that_holds_more_than_its_metric_has_the_unit_of_the_metric() -> None:
    wrong = metric_of("test_error")
    names = ("test_error_fine_tuned", "error/scratch/100/2", "probe.layer2.knn_error")
    assert {metric_of(name).unit for name in names} == {wrong.unit}
    assert [metric_of(name).title for name in names] == [
        "Wrong classes, fine tuned",
        "Wrong classes, scratch on 100 labels, seed 2",
        "Wrong classes, probe of layer 2",
    ]
    assert metric_of("samples.held.recall").title == "Recall of dreams, label held"
    assert metric_of("log_likelihood_rais_low").unit == metric_of("log_likelihood_rais").unit
    assert [metric_of(name).name for name in names] == list(names)


def test_a_name_that_nobody_records_is_shown_as_it_is() -> None:
    for name in ("samples.dreams.beauty", "something", "log_likelihood_exact_low"):
        assert not is_known(name)
        assert (metric_of(name).title, metric_of(name).unit) == (name, "")


def test_a_text_has_the_unit_and_the_split_of_its_metric() -> None:
    live = texts("live")
    assert live["activity"]["unit"] == metric_of("sparsity").unit
    assert live["loss"]["unit"].startswith(f"{metric_of('loss').unit}; chance")
    assert texts("ab")["gap"]["split"] == metric_of("free_energy_gap").split
    assert "{" not in json.dumps([texts(page) for page in ("live", "ab", "diagnose")]).replace('{"', "")


def test_no_code_has_a_unit_of_its_own() -> None:
    """Neither Python, whose docstrings may explain, nor the scripts, whose comments may, nor the texts' own units."""
    files = [path for folder in ("dbn_core", "web", "pages") for path in (ROOT / folder).rglob("*.py")]
    strings = [(path, text) for path in files if not _is_elsewhere(path) for text in _strings(path)]
    for path in (ROOT / "assets").rglob("*.js"):
        if not _is_elsewhere(path):
            strings += [(path, line.partition("//")[0]) for line in path.read_text("utf-8").splitlines()]
    for path in (ROOT / "assets" / "texts").glob("*.json"):
        if path.stem != "microscope":
            strings += [(path, text) for text in _units(json.loads(path.read_text("utf-8")))]
    assert [f"{path.relative_to(ROOT)}: {text}" for path, text in strings if UNITS.search(text)] == []


def _is_elsewhere(path: Path) -> bool:
    return path.relative_to(ROOT).as_posix().startswith(ELSEWHERE)


def _strings(path: Path) -> Iterator[str]:
    """String constants that are no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def _units(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _units(item)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "unit":
                yield value
            else:
                yield from _units(value)
