"""Train: configure a run, start it, watch it learn, turn its knobs while it does."""

from collections.abc import Sequence

import streamlit as st

from dbn_core.records import CommandRecord, RunInfo
from dbn_core.view.status import status_line
from pages.parts import address, asked, coach, controls, drawn, run_picker, views
from pages.parts.notices import no_cluster
from pages.parts.train import setup_form, starting, welcome, what_now
from web import lab


@st.fragment
@drawn.anew()
def live_area() -> None:
    """The chosen run with its controls; reruns alone when the run moves on or somebody turns a knob."""
    info = run_picker.chosen()
    if info is None:
        welcome.draw()
        setup_form.write_address(None)
        return
    with st.container(gap="small"):
        buttons = st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls")
        below = st.container(gap="small")
        with buttons:
            run_picker.pick(info, home="Welcome and examples")
        if run_picker.was_opened():
            setup_form.take_run(info.config)
            address.draw_again()  # the form lies outside of what is drawn here
        commands = lab.store().run(info.id).commands()
        view(info, commands)  # first of all: it takes longest until something is to be seen
        with buttons:
            starting.button("Start")
            controls.buttons(info, commands)
        with below:
            asked.of_run(info, "train")
            if info.status.is_finished:
                what_now.draw(info)
            else:
                controls.knobs(info, commands)
            no_cluster(info)
            coach.draw(info.id, quiet=True)
    setup_form.write_address(info.id)


def view(info: RunInfo, commands: Sequence[CommandRecord]) -> None:
    """Everything that moves."""
    settled = [record.id for record in commands if record.position is not None or record.problem]
    views.live(
        info.id,
        info.config,
        seen=f"{status_line(info).state}/{max(settled, default=0)}",
        poke=commands[-1].id if commands else 0,
        on_change=_moved_on,
    )


def _moved_on() -> None:
    """Nothing to do: the rerun that comes with it draws the buttons anew."""


setup_form.take_address()
live_area()  # before the form in the sidebar: its fields take a browser half a second, and the pictures come first
with st.sidebar:
    setup_form.draw()
