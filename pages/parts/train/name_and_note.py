"""What the next run is to be called, and a few words that go with it."""

from collections.abc import Callable

import streamlit as st

NAME, NOTE = "setup name", "setup note"
NOTE_LIMIT = 2000  # characters


def draw(automatic: Callable[[], str], key: str) -> None:
    """Both fields, folded. automatic: what the run is called if nobody names it, asked only when it is seen."""
    with st.expander("Name and note", key=key, on_change="rerun") as group:
        if group.open:
            st.text_input(
                "Name",
                key=NAME,
                max_chars=80,
                placeholder=automatic(),
                help="What the run is called. Left empty, its name says what differs from the preset.",
                persist_state="session",
            )
            st.text_area(
                "Note",
                key=NOTE,
                max_chars=NOTE_LIMIT,
                placeholder="What do you want to find out?",
                help="A few words that stay with the run, on the Runs page and in its report.",
                persist_state="session",
            )


def given() -> tuple[str, str]:
    """Name and note; "" where nothing was typed."""
    return st.session_state.get(NAME) or "", st.session_state.get(NOTE) or ""


def forget() -> None:
    """They were of one run."""
    for key in (NAME, NOTE):
        if key in st.session_state:
            st.session_state[key] = ""
