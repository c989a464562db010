"""Settings as widgets.

One definition a setting (`hyperparameters()`) decides its label, unit, help, range and kind of widget, in the form and
among the live knobs alike.
"""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dbn_core.config import Hyperparameter
from dbn_core.view.settings import choices, label, said, step


def place(options: Sequence[Any], key: str) -> int:
    """Where the value of a selectbox stands among its options: its default, for the reason that `widget` gives."""
    value = st.session_state.get(key)
    return options.index(value) if value in options else 0


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
    """The widget of a setting; its value is in the session under `key`, which must be set already.

    The value is told as the widget's default too. A run of the script that another one cuts short does not reach the
    browser, and with it what the session had for new widgets: they would show, and then answer, their own defaults.
    A number that may be empty is the exception: Streamlit takes an emptied field for its default.
    """
    value = st.session_state.get(key)
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
            options = choices(item, value)
            st.selectbox(options=options, index=place(options, key), **common)
        case "bool":
            st.toggle(value=bool(value), **common)
        case "sizes":
            st.text_input(value=value or "", placeholder="500-500-2000", **common)
        case "int" | "float":
            _number(item, value, common)


def _number(item: Hyperparameter, value: Any, common: dict[str, Any]) -> None:
    kind = float if item.kind == "float" else int
    default: Any = None if item.optional else "min" if value is None else kind(value)
    st.number_input(
        value=default,
        min_value=None if item.minimum is None else kind(item.minimum),
        max_value=None if item.maximum is None else kind(item.maximum),
        step=kind(step(item)),
        format="%g" if item.kind == "float" else "%d",
        placeholder=said(item.key, None) if item.optional else None,
        **common,
    )
