"""What a run's report says: its settings, and every end figure with unit, split and estimator."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dbn_core.config import RunConfig, hyperparameter, setting_keys
from dbn_core.config.stages import stage_name
from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint
from dbn_core.view.words import number

TRAINED = (
    "recon_mse",
    "heldout_recon_mse",
    "sparsity",
    "dead_units",
    "constant_units",
    "class_purity",
    "free_energy_gap",
    "heldout_elbo",
    "heldout_error",
    "test_error",
)
LIKELIHOODS = ("log_likelihood_exact", "log_likelihood_ais", "log_likelihood_rais")
SAMPLES = ("score", "precision", "recall", "coverage", "accuracy")
SOURCES = ("dreams", "held", "vae", "real")


def end_figures(points: Sequence[MetricPoint], config: RunConfig) -> list[dict[str, str]]:
    """The last number of each known metric in each stage, stage by stage as they were measured.

    Of a network of several layers a likelihood is a variational lower bound, and is called so.
    """
    newest = {(point.position.stage, point.name): point for point in points}
    values: dict[str, dict[str, float]] = {}
    for (stage, name), point in newest.items():
        values.setdefault(stage, {})[name] = point.value
    return [_row(stage, point, config, values[stage]) for (stage, name), point in newest.items() if _is_told(name)]


def estimator_of(name: str, figures: Mapping[str, float]) -> str:
    """How a figure was measured, beside others: estimates of a likelihood whose intervals overlap are not called
    optimistic and pessimistic.
    """
    known = metric_of(name).estimator
    verdict = _agreement(figures) if name in LIKELIHOODS[1:] else ""
    return f"{known.partition(', ')[0]}; {verdict}" if verdict else known


def _agreement(figures: Mapping[str, float]) -> str:
    """What is said where the 3 sigma intervals overlap; "" where they do not.

    An end that is not finite is not stored: there the interval is open, and an overlap says less.
    """
    forward, reverse = LIKELIHOODS[1:]
    if not any(name.startswith((f"{forward}_", f"{reverse}_")) for name in figures):
        return ""
    lows = [figures.get(f"{name}_low", -math.inf) for name in (forward, reverse)]
    highs = [figures.get(f"{name}_high", math.inf) for name in (forward, reverse)]
    if max(lows) > min(highs):
        return ""
    is_known = all(map(math.isfinite, (*lows, *highs)))
    return "both ways agree within the error" if is_known else "both ways agree, as far as the error is known"


def _row(stage: str, point: MetricPoint, config: RunConfig, figures: Mapping[str, float]) -> dict[str, str]:
    row = metric_of(point.name)
    is_bound = point.name in LIKELIHOODS and len(config.layers) > 1
    return {
        "stage": stage_name(stage),
        "figure": f"{row.title}, variational lower bound" if is_bound else row.title,
        "value": row.text(point.value),
        "unit": row.unit,
        "split": row.split,
        "estimator": estimator_of(point.name, figures),
        "epoch": f"{point.position.epoch:g}",
    }


def _is_told(name: str) -> bool:
    kind, _, rest = name.partition(".")
    source, _, measure = rest.partition(".")
    of_samples = kind == "samples" and source in SOURCES and measure in SAMPLES
    return name in (*TRAINED, *LIKELIHOODS) or name.startswith("test_error_") or of_samples


def settings(config: RunConfig) -> list[dict[str, Any]]:
    """The settings that are not their defaults, or that a layer has of its own, with the default beside them."""
    usual, own = RunConfig(), config.given_to_layers()
    return [
        {
            "setting": f"{item.label} ({item.unit})" if item.unit else item.label,
            "value": number(config.value(item.key)),
            "default": number(usual.value(item.key)),
        }
        for item in map(hyperparameter, setting_keys(config))
        if config.value(item.key) != usual.value(item.key) or item.key in own
    ]
