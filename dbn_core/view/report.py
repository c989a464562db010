"""What a run's report says: its settings, and every end figure with unit, split and estimator."""

from collections.abc import Sequence
from typing import Any

from dbn_core.config import RunConfig, hyperparameters
from dbn_core.records import MetricPoint
from dbn_core.view.words import figure, number, signed, stage_name

# (metric, what it is, unit, split, estimator)
LIKELIHOOD, JUDGE = "Log-likelihood", "judge network"
FIGURES = (
    ("recon_mse", "Reconstruction error", "squared error per pixel", "up to 1,000 training images", "mean-field"),
    (
        "heldout_recon_mse",
        "Reconstruction error",
        "squared error per pixel",
        "up to 1,000 held-out images",
        "mean-field",
    ),
    ("sparsity", "Share of hidden units on", "0 to 1", "up to 1,000 training images", "mean of p(h = 1 | v)"),
    ("dead_units", "Dead units", "units", "up to 1,000 training images", "mean of p(h = 1 | v) below 0.005"),
    ("free_energy_gap", "Free-energy gap", "nats per image", "held-out minus training images", "exact"),
    ("heldout_elbo", "ELBO of the VAE", "nats per image", "up to 1,000 held-out images", "one draw, lower bound"),
    ("heldout_error", "Wrong classes", "%", "up to 1,000 held-out images", "exact count"),
    ("test_error", "Wrong classes", "%", "all held-out images", "exact count"),
    ("log_likelihood_exact", LIKELIHOOD, "nats per image", "held-out images, binarised", "log Z exact"),
    (
        "log_likelihood_ais",
        LIKELIHOOD,
        "nats per image",
        "held-out images, binarised",
        "log Z by AIS, optimistic",
    ),
    (
        "log_likelihood_rais",
        LIKELIHOOD,
        "nats per image",
        "held-out images, binarised",
        "log Z by reverse AIS, pessimistic",
    ),
)
_KNOWN = {name: rest for name, *rest in FIGURES}
_SOURCES = {"dreams": "dreams", "held": "dreams, label held", "vae": "VAE samples", "real": "held-out images"}
_MEASURES = {
    "score": "Classifier score",
    "precision": "Precision",
    "recall": "Recall",
    "coverage": "Coverage",
    "accuracy": "Taken for the class held",
}


def end_figures(points: Sequence[MetricPoint], config: RunConfig) -> list[dict[str, str]]:
    """The last number of each known metric in each stage, stage by stage as they were measured.

    Of a network of several layers a likelihood is a variational lower bound, and is called so.
    """
    newest = {(point.position.stage, point.name): point for point in points}
    rows = []
    for (stage, name), point in newest.items():
        words = _known(name)
        if words is not None:
            what, unit, split, estimator = words
            if what == LIKELIHOOD and len(config.layers) > 1:
                what = f"{LIKELIHOOD}, variational lower bound"
            rows.append(
                {
                    "stage": stage_name(stage),
                    "figure": what,
                    "value": _value(name, point.value),
                    "unit": unit,
                    "split": split,
                    "estimator": estimator,
                    "epoch": f"{point.position.epoch:g}",
                }
            )
    return rows


def _value(name: str, value: float) -> str:
    # Nats are hundreds, of which the first digit behind the point matters.
    return signed(value) if name.startswith("log_likelihood") else figure(value).replace("-", "−")


def _known(name: str) -> tuple[str, str, str, str] | None:
    if name in _KNOWN:
        what, unit, split, estimator = _KNOWN[name]
        return what, unit, split, estimator
    if name.startswith("test_error_"):
        which = name.removeprefix("test_error_").replace("_", " ")
        return f"Wrong classes, {which}", "%", "all held-out images", "exact count"
    kind, _, rest = name.partition(".")
    source, _, measure = rest.partition(".")
    if kind == "samples" and source in _SOURCES and measure in _MEASURES:
        unit = "%" if measure == "accuracy" else "1 to classes" if measure == "score" else "0 to 1"
        return f"{_MEASURES[measure]} of {_SOURCES[source]}", unit, "against training images", JUDGE
    return None


def settings(config: RunConfig) -> list[dict[str, Any]]:
    """The settings that are not their defaults, with the default beside them."""
    usual = RunConfig()
    return [
        {
            "setting": f"{item.label} ({item.unit})" if item.unit else item.label,
            "value": number(config.value(item.key)),
            "default": number(usual.value(item.key)),
        }
        for item in hyperparameters()
        if config.value(item.key) != usual.value(item.key)
    ]
