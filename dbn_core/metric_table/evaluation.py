"""The metrics of an evaluation: their names hold of what they are measured (`samples.dreams.recall`)."""

import re
from collections.abc import Callable
from dataclasses import replace

from dbn_core.metric_table.metric import Metric
from dbn_core.metric_table.splits import HELD_OUT
from dbn_core.metric_table.training import ROWS

JUDGE = "judge network"
AGAINST = "against as many training images"
SOURCES = {
    "real": "held-out images",
    "copies": "copies of training images",
    "noise": "noise",
    "dreams": "dreams",
    "held": "dreams, label held",
    "vae": "VAE samples",
}
"""Whose images are scored."""

_DISTANCE = "Kolmogorov–Smirnov distance of the distributions"


def _sample(name: str, title: str, unit: str, **more: object) -> Metric:
    options = {"decimals": 3, "split": AGAINST, "estimator": JUDGE} | more
    return Metric(name=name, title=title, unit=unit, **options)  # pyright: ignore[reportArgumentType]


SAMPLES = {
    row.name: row
    for row in (
        _sample(
            "score", "Classifier score", "effective classes, 1 to the number of classes", better="higher", decimals=2
        ),
        _sample("confidence", "Confidence of the judge", "probability", better="higher"),
        _sample("conditional_entropy", "Doubt of the judge", "nats, at most log(number of classes)", better="lower"),
        _sample("class_entropy", "Entropy of the classes", "nats, at most log(number of classes)", better="higher"),
        _sample("accuracy", "Class accuracy", "%", sign="%", better="higher", decimals=1),
        _sample("precision", "Precision", "share, 0 to 1", better="higher"),
        _sample("recall", "Recall", "share, 0 to 1", better="higher"),
        _sample("density", "Density", "ratio, 1 for real images", better="target", target=(1.0, 1.0)),
        _sample("coverage", "Coverage", "share, 0 to 1", better="higher"),
        _sample("within_class", "Distance within a class", "ratio to real images", better="target", target=(1.0, 1.0)),
        _sample("adversarial_real", "Adversarial, real", "share, 0 to 1", better="target", target=(0.5, 0.5)),
        _sample("adversarial_generated", "Adversarial, samples", "share, 0 to 1", better="target", target=(0.5, 0.5)),
        _sample("nearest", "Nearest training image", "intensity, 0 to 1", estimator="median of root mean squares"),
        _sample("laplacian_ks", "Edges", "distance, 0 to 1", estimator=_DISTANCE, better="lower"),
        _sample("grey_ks", "Grey pixels", "distance, 0 to 1", estimator=_DISTANCE, better="lower"),
        _sample("ink_ks", "Ink", "distance, 0 to 1", estimator=_DISTANCE, better="lower"),
    )
}
"""How good samples are, by the last part of their names."""

COUNTS = (
    Metric(name="samples.count", title="Samples of each source", unit="images", decimals=0),
    Metric(name="samples.steps", title="Gibbs steps of a dream", unit="steps", decimals=0),
    Metric(name="probe.fitted", title="Images the probe is fitted on", unit="images", decimals=0),
    Metric(name="probe.judged", title="Images the probe is judged on", unit="images", decimals=0),
)

_BY_NAME = {row.name: row for row in ROWS}
_PROBES = {"knn": "k nearest neighbours", "logistic": "logistic regression"}
_ENDS = {"low": "lower end of the 3 σ interval", "high": "upper end of the 3 σ interval"}


def _of_classifier(match: re.Match[str]) -> Metric:
    which = match["which"].replace("_", " ")
    return replace(_BY_NAME["test_error"], title=f"Wrong classes, {which}")


def _of_experiment(match: re.Match[str]) -> Metric:
    title = f"Wrong classes, {match['method']} on {int(match['labels']):,} labels, seed {match['seed']}"
    return replace(_BY_NAME["test_error"], title=title)


def _of_probe(match: re.Match[str]) -> Metric:
    title = f"Wrong classes, probe of {match['features'].replace('layer', 'layer ')}"
    return replace(_BY_NAME["test_error"], title=title, split=HELD_OUT, estimator=_PROBES[match["how"]])


def _of_samples(match: re.Match[str]) -> Metric | None:
    row, source = SAMPLES.get(match["measure"]), SOURCES.get(match["source"])
    return None if row is None or source is None else replace(row, title=f"{row.title} of {source}")


def _of_end(match: re.Match[str]) -> Metric | None:
    row = _BY_NAME.get(match["of"])
    return None if row is None else replace(row, title=f"{row.title}, {_ENDS[match['end']]}", better="neither")


FAMILIES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Metric | None]], ...] = (
    (re.compile(r"test_error_(?P<which>\w+)"), _of_classifier),
    (re.compile(r"error/(?P<method>\w+)/(?P<labels>\d{1,18})/(?P<seed>\d{1,18})"), _of_experiment),
    (re.compile(r"probe\.(?P<features>\w+)\.(?P<how>knn|logistic)_error"), _of_probe),
    (re.compile(r"samples\.(?P<source>\w+)\.(?P<measure>\w+)"), _of_samples),
    (re.compile(r"(?P<of>log_(?:likelihood|partition)_r?ais)_(?P<end>low|high)"), _of_end),
)
"""(form of the name, its row) for names that hold more than the metric."""
