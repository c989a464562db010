"""The examples that come with the lab: which of them this session sees, and the cards that open them."""

import streamlit as st

from dbn_core.records import RunInfo
from web import lab

HIDDEN = "examples hidden"


def are_hidden() -> bool:
    """Whether somebody has put them out of sight, for this session."""
    return bool(st.session_state.get(HIDDEN))


def shown() -> list[RunInfo]:
    """Those to be offered, in their order; none before they have been made."""
    return [] if are_hidden() else lab.store().examples()


def switch() -> None:
    """Out of sight, or back."""
    hidden = are_hidden()
    if hidden or shown():
        st.button(
            "Show examples" if hidden else "Hide examples",
            key="examples switch",
            type="tertiary",
            icon=":material/visibility:" if hidden else ":material/visibility_off:",
            on_click=_switch,
        )


def _switch() -> None:
    st.session_state[HIDDEN] = not are_hidden()
