"""The choice of a pretrained run, as several views of the Compare page begin with it."""

from collections.abc import Sequence

import streamlit as st

from dbn_core.records import RunInfo

VIEW = "compare view chosen"  # which part of the page is shown


def choosable(able: Sequence[RunInfo], key: str) -> dict[str, RunInfo]:
    """The runs by id, one of them chosen under `key` (what the address asks for, else the first); a hint for none."""
    if not able:
        st.info("This needs a pretrained run on labelled images, such as the digits. Train one on the Train page.")
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")
        return {}
    found = {info.id: info for info in able}
    asked = st.session_state.get(key) or st.query_params.get("run", "")
    st.session_state[key] = asked if asked in found else able[0].id
    return found


def chosen(found: dict[str, RunInfo], key: str, label: str) -> RunInfo:
    """The box to choose in, and what it holds."""
    with st.container(width=280):
        run_id = st.selectbox(label, list(found), format_func=lambda at: found[at].name if at in found else "", key=key)
    return found[run_id]
