"""Runs over one another: the charts they share, filters by epoch, final figures, and the settings that differ."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dbn_core.config import RunConfig, hyperparameter
from dbn_core.config.stages import FEW_LABELS, stage_name
from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint, RunInfo, SnapshotInfo
from dbn_core.view.curves import Help
from dbn_core.view.feed import Filters, filters_of
from dbn_core.view.summary import LIKELIHOODS, differing, in_force, newest_of_each
from dbn_core.view.texts import texts
from dbn_core.view.unit_states import UnitStates
from dbn_core.view.words import number

MOST = 6  # runs over one another: more lines than that nobody tells apart
GHOSTS = 6  # earlier runs behind them
ERRORS = ("recon_mse", "heldout_recon_mse")
TESTS = ("test_error", "heldout_error")
FIGURES = (*ERRORS, *TESTS, *LIKELIHOODS, "heldout_elbo")

_ERROR, _LIKELIHOOD, _WRONG = (metric_of(name) for name in ("recon_mse", "log_likelihood_ais", "test_error"))
_SPEED = metric_of("images_per_second")

# What the columns are called, with the unit, and what each means.
COLUMNS: dict[str, tuple[str, str]] = {
    "name": ("Run", ""),
    "data": ("Data", "The data set, and how many of its training images are used."),
    "layers": ("Layers", "Hidden units of each layer, from the first up."),
    "stage": ("Stage", "The last stage that reconstructs images: its error stands in the next two columns."),
    "train": (
        f"Error, train ({_ERROR.sign})",
        f"Mean {_ERROR.unit} of {_ERROR.estimator} reconstructions of {_ERROR.split} in 0 to 1.",
    ),
    "heldout": (
        f"Error, held out ({_ERROR.sign})",
        f"The same on {metric_of('heldout_recon_mse').split}; of a VAE at its posterior mean.",
    ),
    "likelihood": (
        f"{_LIKELIHOOD.title} ({_LIKELIHOOD.unit})",
        "Held-out images: exact, else by AIS from below (optimistic); of several layers, and of a VAE, a bound.",
    ),
    "estimator": ("Estimator", "How the log-likelihood was had."),
    "wrong": (
        f"{_WRONG.title} ({_WRONG.sign})",
        "Held-out images given the wrong class by the run's last classifier: all of them, else the first 1,000.",
    ),
    "minutes": ("Time (min)", "From the first update to the end by the clock, pauses included."),
    "speed": (_SPEED.unit.capitalize(), "Training speed as last reported, pauses and measuring left out."),
}
DECIMALS = {"train": 4, "heldout": 4, "likelihood": _LIKELIHOOD.decimals, "wrong": _WRONG.decimals, "minutes": 1}
"""Places behind the point of the columns that hold numbers."""
_ESTIMATORS = {
    "log_likelihood_exact": "exact",
    "log_likelihood_ais": "AIS",
    "log_likelihood_rais": "reverse AIS",
    "heldout_elbo": "ELBO, one draw",
}


def earlier(chosen: Sequence[RunInfo], runs: Iterable[RunInfo]) -> list[RunInfo]:
    """The newest runs begun before the newest of those chosen, on the data of one of these, that are none of them."""
    taken, data = {info.id for info in chosen}, {info.config.data.name for info in chosen}
    newest = max(info.created_at for info in chosen)
    others = [
        info
        for info in runs
        if info.id not in taken and info.started_at and info.created_at <= newest and info.config.data.name in data
    ]
    return sorted(others, key=lambda info: info.created_at, reverse=True)[:GHOSTS]


def moments(
    snapshots: Iterable[SnapshotInfo], config: RunConfig, states: Mapping[int, UnitStates] = MappingProxyType({})
) -> list[Filters]:
    """Pictures of filters in the order of training; states: by the id of a picture, which units take no part."""
    ordered = sorted(snapshots, key=lambda item: (item.position.epoch, item.id))
    return [
        filters_of(item, config, {item.position.stage: states[item.id]} if item.id in states else {})
        for item in ordered
    ]


def figures(info: RunInfo, points: Sequence[MetricPoint]) -> dict[str, Any]:
    """A row of the table of final figures: keys as in `COLUMNS`; None where nothing was measured."""
    # The last of the many short trainings of the few-labels experiment says nothing about the run.
    newest = newest_of_each(point for point in points if point.position.stage != FEW_LABELS.name)
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
    errors = [newest[name] for name in TESTS if name in newest]
    if not errors:
        return None
    last = max(errors, key=lambda point: point.position.step).position.stage
    return next(point.value for point in errors if point.position.stage == last)


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
        {"setting": _label(key), "key": key} | {run: number(in_force(values, key)) for run, values in flat.items()}
        for key in differing(list(flat.values()))
    ]


def _label(key: str) -> str:
    item = hyperparameter(key)
    return f"{item.label} ({item.unit})" if item.unit else item.label


def help_of(name: str) -> Help:
    """The (?) of one part of the page."""
    return Help(**texts("compare")[name])
