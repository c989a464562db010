"""How far a view's work is, a line a piece."""

from collections.abc import Sequence

import streamlit as st

from pages.parts.errors import plain
from web.asking.work import State, Work

EVERY = 2.0  # seconds between looks at what is open
ICONS: dict[State, str] = {
    "none": "circle",
    "waiting": "pending",
    "running": "hourglass",
    "done": "check_circle",
    "failed": "error",
    "stopped": "stop_circle",
}


def line(work: Work) -> str:
    """How it stands, as Markdown."""
    return f":material/{ICONS[work.state]}: {plain(work.said())}"


def progress(works: Sequence[Work]) -> None:
    """A line each."""
    st.markdown("  \n".join(map(line, works)))
