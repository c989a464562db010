"""The choice of a pretrained run, as several views of the Compare page begin with it."""

from collections.abc import Sequence

import streamlit as st

from dbn_core.records import RunInfo
from pages.parts import notices, run_picker
from pages.parts.settings import place

VIEW = "compare view chosen"  # which part of the page is shown


def choosable(able: Sequence[RunInfo], key: str) -> dict[str, RunInfo]:
    """The runs by id, one of them chosen under `key` (what the address asks for, else what this session has
    open, else an example); a hint for none.
    """
    if not able:
        st.info("This needs a pretrained run on labelled images, such as the digits. Train one on the Train page.")
        notices.train_link()
        return {}
    by_id = {info.id: info for info in able}
    asked = st.session_state.get(key) or st.query_params.get("run", "")
    st.session_state[key] = asked if asked in by_id else run_picker.begin_with(able).id
    return by_id


def chosen(by_id: dict[str, RunInfo], key: str, label: str) -> RunInfo:
    """The box to choose in, and what it holds."""
    names = run_picker.names(by_id.values())
    with st.container(width=280):
        run_id = st.selectbox(
            label,
            list(by_id),
            place(list(by_id), key),
            format_func=lambda at: names.get(at, ""),
            key=key,
        )
    return by_id[run_id]
