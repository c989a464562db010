"""Diagnose: is this run healthy? One slider over its epochs, a card a question, a coach that names the remedy."""

import streamlit as st

from dbn_core.view.status import status_line
from pages.parts import branching, coach, controls, lab, notices, run_picker
from pages.parts.diagnose_view import diagnose_view


def empty() -> None:
    """Nothing to look at yet."""
    st.title("Diagnose", anchor=False)
    st.info("Nothing has been trained yet. Start a run on the Train page; one of the presets goes wrong on purpose.")
    st.page_link("train.py", label="Go to Train", icon=":material/model_training:")


@st.fragment
def area() -> None:
    """The chosen run; reruns alone when the run moves on."""
    runs = lab.store().runs()
    if not runs:
        empty()
        return
    with st.container(gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls"):
            info = run_picker.pick(runs)
            branching.button(info)
        run_picker.explain_missing()
        notices.no_cluster(info)
        coach.draw(info.id)
        config = controls.config_in_force(info, lab.store().run(info.id).commands())
        diagnose_view(info.id, config, seen=status_line(info).state, on_change=_moved_on)
    if st.query_params.get("run") != info.id:
        st.query_params["run"] = info.id


def _moved_on() -> None:
    """Nothing to do: the rerun that comes with it draws coach and buttons anew."""


area()
