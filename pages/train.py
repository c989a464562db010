"""Train: configure a run, start it, watch it learn, turn its knobs while it does."""

from collections.abc import Sequence
from functools import cache

import streamlit as st

from dbn_core.data import load_dataset
from dbn_core.records import CommandRecord, RunInfo
from dbn_core.view import reconstructions
from dbn_core.view.palette import Theme
from dbn_core.view.status import status_line
from pages.parts import coach, controls, lab, run_picker, setup_form
from pages.parts.live import live_view
from pages.parts.notices import no_cluster
from pages.parts.theme import theme

START = "start"
GALLERY = (2, 21)  # rows and columns of digits shown in an empty lab


def start() -> None:
    """Start a run with what the form holds, and show it."""
    run = lab.store().create_run(setup_form.config())
    lab.cluster().submit(run.id)
    run_picker.choose(run.id)


def start_button(label: str) -> None:
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


def empty_lab() -> None:
    """What the lab is, and its one button."""
    with st.container(horizontal_alignment="center"), st.container(width=640, key="empty"):
        st.space("large")
        st.title("Watch a network learn to see", anchor=False)
        st.markdown(
            "A Deep Belief Network looks at images of handwritten digits and finds out, without being told what they "
            "show, which strokes they are made of. Press the button: within seconds its filters turn from noise into "
            "blobs, edges and pen strokes before your eyes."
        )
        st.image(gallery(theme()), alt="Some of the digits that the lab comes with", output_format="PNG")
        wrong = setup_form.problems()
        start_button("Start" if wrong else f"Start {setup_form.title()}")
        st.caption(
            "It trains in the background on this machine. Close the page, come back, open it on a second screen: "
            "the run goes on. The set-up at the left holds every setting."
        )


@cache
def gallery(theme: Theme) -> bytes:
    """Some of the bundled digits, as PNG."""
    rows, columns = GALLERY
    images = load_dataset("digits").train[: rows * columns]
    return reconstructions.strip(images.reshape(rows, columns, *images.shape[1:]), columns, theme)


@st.fragment
def live_area() -> None:
    """The chosen run with its controls; reruns alone when the run moves on or somebody turns a knob."""
    runs = lab.store().runs()
    if not runs:
        empty_lab()
        setup_form.write_address(None)
        return
    with st.container(gap="small"):
        buttons = st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls")
        below = st.container(gap="small")
        with buttons:
            info = run_picker.pick(runs)
        commands = lab.store().run(info.id).commands()
        view(info, commands)  # first of all: it takes longest until something is to be seen
        with buttons:
            start_button("Start")
            controls.buttons(info, commands)
        with below:
            controls.knobs(info, commands)
            notices(info)
            coach.draw(info.id, quiet=True)
    setup_form.write_address(info.id)


def view(info: RunInfo, commands: Sequence[CommandRecord]) -> None:
    """Everything that moves."""
    settled = [record.id for record in commands if record.position is not None or record.problem]
    live_view(
        info.id,
        info.config,
        seen=f"{status_line(info).state}/{max(settled, default=0)}",
        poke=commands[-1].id if commands else 0,
        on_change=_moved_on,
    )


def notices(info: RunInfo) -> None:
    """What needs words beyond the status line."""
    run_picker.explain_missing()
    no_cluster(info)


def _moved_on() -> None:
    """Nothing to do: the rerun that comes with it draws the buttons anew."""


setup_form.take_address()
live_area()  # before the form in the sidebar: its fields take a browser half a second, and the pictures come first
with st.sidebar:
    setup_form.draw()
