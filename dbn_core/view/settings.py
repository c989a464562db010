"""A configuration as a flat table of settings, in words and values as a form holds them."""

import math
from typing import Any

from dbn_core.config import Hyperparameter, RunConfig, hyperparameter, hyperparameters, is_setting
from dbn_core.config.layer_settings import NAME, layer_key
from dbn_core.data.own import own_names
from dbn_core.view.words import number

NOTHING = {
    "data.train_size": "all",
    "data.patch": "whole images",
    "training.clamp": "no limit",
    "training.initial_hidden_bias": "by the target",
    "updates_per_second": "full",
    "finetune.labels": "all",
    "hybrid.labels": "all",
    "likelihood.every": "never",
}
"""What no value means, by setting; "off" for the others."""


def flat(config: RunConfig) -> dict[str, Any]:
    """Every setting by its dotted name, in reading order; then those that layers have of their own."""
    nested = config.to_dict()
    return {item.key: _at(nested, item.key) for item in hyperparameters()} | config.given_to_layers()


def label(item: Hyperparameter) -> str:
    """Name and unit: "Batch size (images)"; the name alone where the unit is a word of it."""
    return f"{item.label} ({item.unit})" if item.unit and item.unit not in item.label.lower() else item.label


def named(key: str) -> str:
    """The name of a setting on the screen; what is none keeps its own."""
    return hyperparameter(key).label if is_setting(key) and key != NAME else key


def said(key: str, value: Any) -> str:
    """A value in words: 0.05, yes, and for none what that means there, as in "all"."""
    return NOTHING.get(layer_key(key)[1], "off") if value is None else number(value)


def shown(item: Hyperparameter, value: Any) -> Any:
    """A value as its widget holds it: sizes as text."""
    return "-".join(map(str, value)) if item.kind == "sizes" else value


def choices(item: Hyperparameter, current: Any = None) -> tuple[str, ...]:
    """What may be chosen: for data sets one's own too, and the current one even if its images are gone."""
    known = (*item.choices, *own_names()) if item.has_more else item.choices
    return known if current is None or current in known else (*known, current)


def step(item: Hyperparameter) -> float:
    """How far + and - go: the leading digit of the default, or a hundredth where there is none."""
    if item.kind == "int":
        return 10 if isinstance(item.default, int) and item.default >= 100 else 1
    if isinstance(item.default, float) and item.default > 0:
        return min(0.05, 10.0 ** math.floor(math.log10(item.default)))
    return 0.5 if item.maximum is None or item.maximum > 1 else 0.01


def _at(nested: dict[str, Any], key: str) -> Any:
    value: Any = nested
    for part in key.split("."):
        value = value[part]
    return value
