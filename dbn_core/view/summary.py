"""A run in a line: the settings in which it differs from others, and the figures it ended with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dbn_core.config import hyperparameter
from dbn_core.config.layer_settings import layer_key
from dbn_core.config.stages import kind_of, stage_name
from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint
from dbn_core.view.words import number

ERRORS = ("recon_mse", "heldout_recon_mse")
CLASSIFIED = ("test_error", "heldout_error")  # the first that there is: all held-out images, or the monitored ones
LIKELIHOODS = ("log_likelihood_exact", "log_likelihood_ais", "log_likelihood_rais")
FIGURES = (*ERRORS, "sparsity", *CLASSIFIED, *LIKELIHOODS)


@dataclass(frozen=True, slots=True)
class Figures:
    """The newest numbers of a run, as text; "" where there is none yet.

    stage: whose errors they are; "" before anything was measured. wrong: "4.1 % wrong (classifier)". likelihood: both
    estimates, or the exact value.
    """

    stage: str
    train: str
    heldout: str
    activity: str
    wrong: str = ""
    likelihood: str = ""


def latest(points: Iterable[MetricPoint]) -> Figures:
    """The newest number of each metric in `FIGURES`."""
    newest = newest_of_each(points)
    stage = newest["recon_mse"].position.stage if "recon_mse" in newest else ""
    texts = {name: metric_of(name).text(newest[name].value) if name in newest else "" for name in ERRORS}
    # A VAE has no units that are on or off.
    busy = newest.get("sparsity") if kind_of(stage).activity else None
    row = metric_of("sparsity")
    activity = f"{row.text(busy.value)} {row.unit}" if busy is not None else ""
    train, heldout = texts["recon_mse"], texts["heldout_recon_mse"]
    return Figures(stage_name(stage), train, heldout, activity, _wrong(newest), _likelihood(newest))


def newest_of_each(points: Iterable[MetricPoint]) -> dict[str, MetricPoint]:
    """The newest point of each metric, by its name, of points in the order in which they were stored.

    A VAE, trained after a DBN, reconstructs the same images: the errors of a run with both are those of its DBN.
    """
    told = list(points)
    of_the_dbn = (item for item in told if item.name in ERRORS and kind_of(item.position.stage).generative)
    return {item.name: item for item in told} | {item.name: item for item in of_the_dbn}


def _wrong(newest: Mapping[str, MetricPoint]) -> str:
    """Of the classifier measured last, whichever it was: label units, up-down, the head, the hybrid."""
    errors = [newest[name] for name in CLASSIFIED if name in newest]
    if not errors:
        return ""
    last = max(errors, key=lambda point: point.position.step)
    chosen = next(point for point in errors if point.position.stage == last.position.stage)
    row = metric_of(chosen.name)
    return f"{row.text(chosen.value)} {row.unit} ({kind_of(last.position.stage).classifier})"


def _likelihood(newest: Mapping[str, MetricPoint]) -> str:
    exact, *both = (newest.get(name) for name in LIKELIHOODS)
    row = metric_of(LIKELIHOODS[0])
    if exact is not None:
        return f"{row.text(exact.value)} {row.unit} ({row.title.lower()}, exact)"
    ends = [row.text(point.value) for point in both if point is not None]
    return f"{' / '.join(ends)} {row.unit} ({row.title.lower()}, AIS / reverse AIS)" if len(ends) == 2 else ""


def differing(configurations: Sequence[Mapping[str, Any]]) -> list[str]:
    """Settings, by dotted name, that are not the same in all of these flat configurations, in their order.

    A setting that a layer has of its own in one of them is among them also where only the common ones differ: else the
    common one would seem to hold for that layer.
    """
    if not configurations:
        return []
    first, *others = configurations
    keys = dict.fromkeys(key for configuration in configurations for key in configuration)
    return [key for key in keys if any(_differs(first, other, key) for other in others)]


def telling(configuration: Mapping[str, Any], keys: Sequence[str], usual: Mapping[str, Any]) -> list[str]:
    """Of these settings the ones that tell something of one run: its layers, and what is not as usual in it.

    usual: the flat configuration of all defaults. A layer's own setting is told of runs that give it one.
    """
    return [key for key in keys if key == "layers" or (key in configuration and _is_unusual(configuration, key, usual))]


def _is_unusual(configuration: Mapping[str, Any], key: str, usual: Mapping[str, Any]) -> bool:
    """Also of a layer's own setting that is usual but not the run's common one."""
    value, common = configuration[key], configuration[layer_key(key)[1]]
    return bool(value != in_force(usual, key) or value != common)


def in_force(configuration: Mapping[str, Any], key: str) -> Any:
    """A setting of a flat configuration; the common one for a layer that has none of its own."""
    return configuration[key] if key in configuration else configuration[layer_key(key)[1]]


def _differs(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    return any(in_force(one, name) != in_force(other, name) for name in {key, layer_key(key)[1]})


def settings_text(configuration: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Settings with their values, as in "Layers 500-500-2000 · Learning rate 0.1"."""
    return " · ".join(f"{hyperparameter(key).label} {number(in_force(configuration, key))}" for key in keys)
