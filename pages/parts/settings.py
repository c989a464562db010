"""A configuration as a flat table of settings, and that table as widgets.

One definition a setting (`hyperparameters()`) decides its label, unit, help, range and kind of widget, in the form and
among the live knobs alike.
"""

import math
from collections.abc import Callable
from typing import Any

import streamlit as st

from dbn_core.config import Hyperparameter, RunConfig, hyperparameters
from dbn_core.data.own import own_names


def flat(config: RunConfig) -> dict[str, Any]:
    """Every setting by its dotted name, in reading order."""
    nested = config.to_dict()
    return {item.key: _at(nested, item.key) for item in hyperparameters()}


def label(item: Hyperparameter) -> str:
    """Name and unit: "Batch size (images)"."""
    return f"{item.label} ({item.unit})" if item.unit else item.label


def shown(item: Hyperparameter, value: Any) -> Any:
    """A value as its widget holds it: sizes as text."""
    return "-".join(map(str, value)) if item.kind == "sizes" else value


def widget(
    item: Hyperparameter,
    key: str,
    *,
    name: str | None = None,
    on_change: Callable[..., None] | None = None,
    args: tuple[Any, ...] = (),
    disabled: bool = False,
    persist: bool = False,
) -> None:
    """The widget of a setting; its value is in the session under `key`, which must be set already."""
    common: dict[str, Any] = {
        "label": name or label(item),
        "key": key,
        "help": item.help,
        "args": args,
        "disabled": disabled,
        "persist_state": "session" if persist else None,
    }
    common |= {"on_change": on_change} if on_change else {}
    match item.kind:
        case "choice":
            st.selectbox(options=choices(item, st.session_state.get(key)), **common)
        case "bool":
            st.toggle(**common)
        case "sizes":
            st.text_input(placeholder="500-500-2000", **common)
        case "int" | "float":
            _number(item, common)


def choices(item: Hyperparameter, current: Any = None) -> tuple[str, ...]:
    """What may be chosen: for data sets one's own too, and the current one even if its images are gone."""
    known = (*item.choices, *own_names()) if item.has_more else item.choices
    return known if current is None or current in known else (*known, current)


def _number(item: Hyperparameter, common: dict[str, Any]) -> None:
    kind = float if item.kind == "float" else int
    st.number_input(
        value=None if item.optional else "min",  # only says whether it may be empty: the session holds the value
        min_value=None if item.minimum is None else kind(item.minimum),
        max_value=None if item.maximum is None else kind(item.maximum),
        step=kind(step(item)),
        format="%g" if item.kind == "float" else "%d",
        placeholder=_NOTHING.get(item.key, "off") if item.optional else None,
        **common,
    )


_NOTHING = {
    "data.train_size": "all",
    "data.patch": "whole images",
    "training.clamp": "no limit",
    "updates_per_second": "full",
    "finetune.labels": "all",
    "hybrid.labels": "all",
    "likelihood.every": "never",
}


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
