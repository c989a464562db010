"""Diagnose: is this run healthy? One slider over its epochs, a card a question, a coach that names the remedy."""

import streamlit as st

from dbn_core.view.status import status_line
from pages.parts import address, branching, coach, controls, notices, run_picker, views
from web import lab

EMPTY = "Start a run on the Train page; one of the presets goes wrong on purpose."


@st.fragment
def area() -> None:
    """The chosen run; reruns alone when the run moves on."""
    info = run_picker.suited("Diagnose")
    if info is None:
        notices.no_run(EMPTY)
        return
    with st.container(gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls"):
            run_picker.pick(info)
            branching.button(info)
        run_picker.explain_missing()
        notices.no_cluster(info)
        coach.draw(info.id)
        config = controls.config_in_force(info, lab.store().run(info.id).commands())
        views.diagnose(info.id, config, seen=status_line(info).state, on_change=_moved_on)
    address.write(address.with_run(info.id))


def _moved_on() -> None:
    """Nothing to do: the rerun that comes with it draws coach and buttons anew."""


area()
