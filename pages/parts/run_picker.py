"""Which run a page is about: from the address, else the newest one."""

from collections.abc import Sequence

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view.status import status_line

KEY = "run"
MISSING = "run missing"
STATES = {"running": "training", "queued": "waiting", "done": "finished"}


def choose(run_id: str) -> None:
    """Make this the run that the pages show, before they are drawn."""
    st.session_state[KEY] = run_id


def pick(runs: Sequence[RunInfo]) -> RunInfo:
    """The picker; `runs` is not empty, newest first."""
    found = {info.id: info for info in runs}
    asked = st.session_state.get(KEY) or st.query_params.get("run")
    if asked not in found:
        st.session_state[MISSING] = bool(asked)
        asked = runs[0].id
    st.session_state[KEY] = asked
    chosen = st.selectbox(
        "Run",
        list(found),
        format_func=lambda run_id: _label(found[run_id]) if run_id in found else run_id,
        key=KEY,
        label_visibility="collapsed",
        width=270,
        on_change=_chosen,
    )
    return found[chosen]


def explain_missing() -> None:
    """Say that the run somebody asked for is gone, once."""
    if st.session_state.pop(MISSING, False):
        st.info("The run that was asked for is no longer here; this is the newest one.", icon=":material/info:")


def _chosen() -> None:
    st.session_state.pop(MISSING, None)


def _label(info: RunInfo) -> str:
    state = status_line(info).state
    return f"{info.name} · {STATES.get(state, state)}"
