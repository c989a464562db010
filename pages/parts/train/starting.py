"""The one way to start a run: the button, and what it does with the form."""

import streamlit as st

from dbn_core.errors import StoreError
from dbn_core.view.naming import run_name
from pages.parts import run_picker
from pages.parts.errors import plain
from pages.parts.train import name_and_note, setup_form
from web import lab

START = "start"
PROBLEM = "start problem"


def start() -> None:
    """Start a run with what the form holds, and show it."""
    config = setup_form.config()
    name, note = name_and_note.given()
    try:
        run = lab.store().create_run(config, name, base=run_name(config), note=note)
    except StoreError as error:
        st.session_state[PROBLEM] = str(error)
        return
    name_and_note.forget()
    lab.cluster().submit(run.id)
    run_picker.choose(run.id)


def button(label: str) -> None:
    """The one way to start; it waits until the form is in order."""
    wrong = bool(setup_form.problems())
    st.button(
        label,
        icon=":material/play_circle:",
        key=START,
        type="primary",
        on_click=start,
        disabled=wrong,
        help="Mend the settings marked in the set-up first."
        if wrong
        else "Start a new run with the set-up at the left.",
    )
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.error(plain(problem), icon=":material/error:")
