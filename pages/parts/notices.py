"""What a page says in words of its own, above the view."""

import streamlit as st

from dbn_core.records import RunInfo
from pages.parts import examples, run_list, run_picker
from pages.parts.errors import plain
from web import lab


def no_run(way: str) -> None:
    """A page that has no run to show: the ways to one that it can show."""
    run_picker.explain_missing()
    is_empty = not lab.store().runs()
    st.info(
        f"Nothing has been trained yet. {way}" if is_empty else "No run is open. Choose one, or start one on Train."
    )
    run_list.draw()
    train_link()
    if examples.are_hidden():
        examples.switch()


def train_link() -> None:
    """The way to where runs are started."""
    st.page_link("train.py", label="Go to Train", icon=":material/model_training:")


def no_cluster(info: RunInfo) -> None:
    """Nobody trains an unfinished run: why, and what to do."""
    problem = lab.cluster().problem
    if problem and not info.status.is_finished:
        st.warning(plain(problem), title="No job cluster", icon=":material/cloud_off:")
