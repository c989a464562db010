"""Settings per layer in the form: for each layer the fields that are most often its own; empty means as for all."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dbn_core.config import Hyperparameter, RunConfig, hyperparameter
from dbn_core.config.layer_settings import NAME, keyed, layer_key
from dbn_core.view.settings import step
from dbn_core.view.words import number

FIELDS = {
    "epochs": "Epochs",
    "training.learning_rate": "Rate",
    "training.weight_decay": "Decay",
    "training.l1_decay": "L1 decay",
    "training.sparsity_target": "Target",
    "training.sparsity_cost": "Cost",
    "training.initial_hidden_bias": "Hidden bias",
    "training.method": "Method",
}
"""By their short names: a sidebar is narrow, and the whole names stand above."""
TITLE = "Settings per layer"
PREFIX = "setup "


def fill(values: RunConfig) -> None:
    """Put what the layers of a configuration have of their own into the fields, and nothing into the others."""
    for key in _filled():
        del st.session_state[key]
    for key, value in values.given_to_layers().items():
        st.session_state[PREFIX + key] = _held(hyperparameter(key), value)


def given(layers: Sequence[int] | str) -> dict[str, Any]:
    """What the fields give to the layers that there are, by dotted names: first that all else is as for all."""
    values: dict[str, Any] = {NAME: []}
    for name in _filled():
        key, value = name.removeprefix(PREFIX), st.session_state[name]
        is_there = isinstance(layers, str) or layer_key(key)[0] <= len(layers)
        if is_there and value not in (None, ""):
            values[key] = hyperparameter(key).parse(value) if isinstance(value, str) else value
    return values


def draw(layers: Sequence[int] | str, key: str) -> None:
    """Folded away, a block of fields for each layer; a single layer has the settings above. key: of the expander."""
    if isinstance(layers, str) or len(layers) < 2:
        return
    with st.expander(TITLE, key=key, on_change="rerun") as group:
        if group.open:
            _blocks(layers, together=st.session_state[f"{PREFIX}training.order"] == "together")


def _blocks(layers: Sequence[int], *, together: bool) -> None:
    """together: all layers are one stage, and share its epochs."""
    st.caption("What is empty is as for all layers. A target may be off.")
    for depth, units in enumerate(layers, 1):
        with st.container(key=f"layer fields {depth}", gap="small"):
            st.markdown(f"**Layer {depth}** · {units:,} units")
            keys = _fields(depth, together=together)
            for at in range(0, len(keys), 2):
                for column, key in zip(st.columns(2, gap="small"), keys[at : at + 2], strict=False):
                    with column:
                        _field(hyperparameter(keyed(depth, key)), key)


def _fields(depth: int, *, together: bool) -> list[str]:
    """The usual ones, and whatever else a preset or a link gives to this layer."""
    own = [layer_key(name.removeprefix(PREFIX)) for name in _filled()]
    usual = [key for key in FIELDS if not (together and key == "epochs")]
    return [*usual, *(key for at, key in own if at == depth and key not in FIELDS)]


def _field(item: Hyperparameter, common: str) -> None:
    """The widget of one layer's setting; beside it, where it is empty, the common value."""
    usual = st.session_state.get(PREFIX + common, item.default)
    named: dict[str, Any] = {
        "label": FIELDS.get(common, hyperparameter(common).label),
        "key": PREFIX + item.key,
        "help": item.help,
        "persist_state": "session",
    }
    match item.kind:
        case "choice" | "bool":
            choices = item.choices if item.kind == "choice" else ("true", "false")
            st.selectbox(options=choices, index=None, placeholder=_said(usual), **named)
        case _ if item.optional:  # "off" is a value of its own here, so that a number field would not do
            st.text_input(placeholder=_said(usual), **named)
        case _:
            kind = float if item.kind == "float" else int
            st.number_input(
                value=None,
                min_value=None if item.minimum is None else kind(item.minimum),
                max_value=None if item.maximum is None else kind(item.maximum),
                step=kind(step(item)),
                format="%g" if item.kind == "float" else "%d",
                placeholder=_said(usual),
                **named,
            )


def _held(item: Hyperparameter, value: Any) -> Any:
    """A value as its widget holds it."""
    if item.kind == "bool":
        return str(value).lower()
    if not item.optional:
        return value
    return "off" if value is None else f"{value:g}"


def _said(value: Any) -> str:
    return value if isinstance(value, str) else number(value)


def _filled() -> list[str]:
    """Keys of the session that hold a layer's own setting, empty or not."""
    return sorted(str(key) for key in st.session_state if str(key).startswith(f"{PREFIX}{NAME}."))
