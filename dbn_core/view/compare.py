"""Runs over one another: the charts they share, filters by epoch, final figures, and the settings that differ."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from dbn_core.config import RunConfig, hyperparameter
from dbn_core.records import MetricPoint, RunInfo, SnapshotInfo
from dbn_core.view import curves
from dbn_core.view.feed import rounded
from dbn_core.view.few_labels import STAGE as FEW_LABELS
from dbn_core.view.stages import drawn_units
from dbn_core.view.summary import LIKELIHOODS, differing
from dbn_core.view.words import number, stage_name

TEXTS = Path(__file__).parents[2] / "assets" / "texts" / "compare.json"
MOST = 6  # runs over one another: more lines than that nobody tells apart
GHOSTS = 6  # earlier runs behind them
ERRORS = ("recon_mse", "heldout_recon_mse")
TESTS = ("test_error", "heldout_error")
FIGURES = (*ERRORS, *TESTS, *LIKELIHOODS, "heldout_elbo")

# What the columns are called, with the unit, and what each means.
COLUMNS: dict[str, tuple[str, str]] = {
    "name": ("Run", ""),
    "data": ("Data", "The data set, and how many of its training images are used."),
    "layers": ("Layers", "Hidden units of each layer, from the first up."),
    "stage": ("Stage", "The last stage that has redrawn images: its error stands in the next two columns."),
    "train": (
        "Error, train (per pixel)",
        "Mean squared error per pixel of mean-field reconstructions of up to 1,000 training images in 0 to 1.",
    ),
    "heldout": (
        "Error, held out (per pixel)",
        "The same on up to 1,000 held-out images; of a VAE at its posterior mean.",
    ),
    "likelihood": (
        "Log-likelihood (nats/image)",
        "Held-out images: exact, else by AIS from below (optimistic); of several layers, and of a VAE, a bound.",
    ),
    "estimator": ("Estimator", "How the log-likelihood was had."),
    "wrong": (
        "Wrong (%)",
        "Held-out images given the wrong class by the run's last classifier: all of them, else the first 1,000.",
    ),
    "minutes": ("Time (min)", "From the first update to the end by the clock, pauses included."),
    "speed": ("Images/s", "Training speed as last reported, pauses and measuring left out."),
}
_ESTIMATORS = {
    "log_likelihood_exact": "exact",
    "log_likelihood_ais": "AIS",
    "log_likelihood_rais": "reverse AIS",
    "heldout_elbo": "ELBO, one draw",
}


def charts() -> list[dict[str, Any]]:
    """The charts of the Train page as JSON-ready data; here a colour is a run."""
    return curves.as_data()


def earlier(chosen: Sequence[RunInfo], runs: Iterable[RunInfo]) -> list[RunInfo]:
    """The newest runs begun before the newest of those chosen, on the data of one of these, that are none of them."""
    taken, data = {info.id for info in chosen}, {info.config.data.name for info in chosen}
    newest = max(info.created_at for info in chosen)
    found = [
        info
        for info in runs
        if info.id not in taken and info.started_at and info.created_at <= newest and info.config.data.name in data
    ]
    return sorted(found, key=lambda info: info.created_at, reverse=True)[:GHOSTS]


@cache
def texts() -> dict[str, Any]:
    """Help of the parts of this page, and the claims."""
    return json.loads(TEXTS.read_text("utf-8"))


def moments(snapshots: Iterable[SnapshotInfo], config: RunConfig) -> list[dict[str, Any]]:
    """Pictures of filters in the order of training, as the mosaic draws them."""
    return [_moment(item, config) for item in sorted(snapshots, key=lambda item: (item.position.epoch, item.id))]


def _moment(info: SnapshotInfo, config: RunConfig) -> dict[str, Any]:
    stage = info.position.stage
    what, units = drawn_units(stage, info.projection, config)
    return {
        "id": info.id,
        "key": stage,
        "stage": stage_name(stage),
        "what": what,
        "epoch": round(info.position.epoch, 4),
        "units": info.shape[0],
        "of": units,
        "height": info.shape[1],
        "width": info.shape[2],
        "colour": len(info.shape) == 4,
        "scale": rounded(info.scale),
    }


def figures(info: RunInfo, points: Sequence[MetricPoint]) -> dict[str, Any]:
    """A row of the table of final figures: keys as in `COLUMNS`; None where nothing was measured."""
    # The last of the many short trainings of the few-labels experiment says nothing about the run.
    newest = {point.name: point for point in points if point.position.stage != FEW_LABELS}
    config = info.config
    size = config.data.train_size
    estimator = next((name for name in (*LIKELIHOODS, "heldout_elbo") if name in newest), None)
    return {
        "name": info.name,
        "data": config.data.name + (f", {size:,} images" if size else ""),
        "layers": "-".join(map(str, config.layers)) if config.epochs else "none pretrained",
        "stage": stage_name(newest["recon_mse"].position.stage) if "recon_mse" in newest else "",
        "train": _value(newest, "recon_mse"),
        "heldout": _value(newest, "heldout_recon_mse"),
        "likelihood": None if estimator is None else newest[estimator].value,
        "estimator": "" if estimator is None else _ESTIMATORS[estimator],
        "wrong": _wrong(newest),
        "minutes": _minutes(info),
        "speed": info.progress.images_per_second,
    }


def _wrong(newest: Mapping[str, MetricPoint]) -> float | None:
    """Of the classifier measured last; on all held-out images where that was done."""
    found = [newest[name] for name in TESTS if name in newest]
    if not found:
        return None
    last = max(found, key=lambda point: point.position.step).position.stage
    return next(point.value for point in found if point.position.stage == last)


def _value(newest: Mapping[str, MetricPoint], name: str) -> float | None:
    return newest[name].value if name in newest else None


def _minutes(info: RunInfo) -> float | None:
    """None while the run has no end: its time still grows."""
    if info.started_at is None or info.finished_at is None:
        return None
    return (info.finished_at - info.started_at).total_seconds() / 60


def differences(runs: Sequence[RunInfo]) -> list[dict[str, str]]:
    """The settings that are not the same in all runs: setting, and its value in each run by the run's id."""
    flat = {info.id: info.config.flat() for info in runs}
    return [
        {"setting": _label(key), "key": key} | {run: number(values[key]) for run, values in flat.items()}
        for key in differing(list(flat.values()))
    ]


def _label(key: str) -> str:
    item = hyperparameter(key)
    return f"{item.label} ({item.unit})" if item.unit else item.label


def help_of(name: str) -> dict[str, str]:
    """The (?) of one part of the page."""
    return asdict(curves.Help(**texts()[name]))
