"""Runs: everything that was trained here, to open, rename, annotate or delete."""

from typing import Any

import streamlit as st

from dbn_core.errors import LabError
from dbn_core.records import RunInfo
from dbn_core.view import summary
from dbn_core.view.palette import Theme
from dbn_core.view.status import Tone, status_line
from pages.parts import branching, lab, run_picker
from pages.parts.errors import plain
from pages.parts.run_facts import figures, thumbnail
from pages.parts.settings import flat
from pages.parts.take_away import take_away
from pages.parts.theme import theme

PAGE_SIZE = 12
BADGES: dict[Tone, Any] = {"live": "blue", "calm": "gray", "good": "green", "warning": "orange", "bad": "red"}
NOTE_LIMIT = 2000
MENU = ["Report", "Branch", "Take away", "Rename", "Note", "Delete"]


# -- one card -------------------------------------------------------------------------------------------------------


def card(info: RunInfo, differing: list[str], theme: Theme) -> None:
    """A run: picture, name and settings, figures, what one may do."""
    with st.container(border=True, key=f"card {info.id}"):
        picture, words, numbers, actions = st.columns([1.1, 5, 3.4, 1.5], vertical_alignment="center", gap="medium")
        with picture:
            _picture(info, theme)
        with words:
            _words(info, differing)
        with numbers:
            _numbers(info)
        with actions:
            _actions(info)


def _picture(info: RunInfo, theme: Theme) -> None:
    run = lab.store().run(info.id)
    newest = run.latest_snapshot("filters")
    if newest is None:
        st.caption("no picture yet")
        return
    st.image(thumbnail(lab.store().url, info.id, newest.id, theme), alt="Its first filters", output_format="PNG")


def _words(info: RunInfo, differing: list[str]) -> None:
    line = status_line(info)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(info.name)}**", width="content")
        st.badge(line.headline, color=BADGES[line.tone])
        st.caption(f"{info.created_at:%Y-%m-%d %H:%M} UTC", width="content")
    settings = summary.settings_text(flat(info.config), differing) or "the same settings as all others"
    st.caption(plain(settings))
    if info.note:
        st.markdown(plain(info.note))


def _numbers(info: RunInfo) -> None:
    found = figures(lab.store().url, info.id, lab.store().run(info.id).revision())
    if found.stage:
        st.markdown(
            f"**{found.train or '–'}** train, **{found.heldout or '–'}** held out",
            help="Mean squared error per pixel of mean-field reconstructions, through all layers trained so far.",
        )
        activity = f"  ·  {found.activity} of hidden units on" if found.activity else ""
        st.caption(f"squared error per pixel, {found.stage}{activity}")
    if found.wrong:
        st.markdown(
            f"**{found.wrong}**",
            help="Share of held-out images that get the wrong class: of all of them where the run has measured that "
            "(a classifier, a hybrid), else of the first 1,000.",
        )
    if found.likelihood:
        st.caption(found.likelihood, help="Of held-out images; of several layers its variational lower bound.")
    if not (found.stage or found.wrong):
        st.caption("nothing measured yet")


def _actions(info: RunInfo) -> None:
    if st.button("Open", key=f"open {info.id}", width="stretch"):
        run_picker.choose(info.id)
        st.switch_page("train.py", query_params={"run": info.id})
    chosen = st.menu_button("More", MENU, key=f"more {info.id}", width="stretch")
    if chosen == "Branch":
        branching.dialog(info.id, {})
    elif chosen == "Report":
        st.switch_page("report.py", query_params={"run": info.id})
    elif chosen == "Take away":
        take_away(info)
    elif chosen == "Rename":
        rename(info)
    elif chosen == "Note":
        annotate(info)
    elif chosen == "Delete":
        delete(info)


# -- dialogs --------------------------------------------------------------------------------------------------------


@st.dialog("Rename the run")
def rename(info: RunInfo) -> None:
    """Another name for a run."""
    name = st.text_input("Name", value=info.name, max_chars=80)
    if st.button("Rename", type="primary"):
        _do(lambda: lab.store().run(info.id).rename(name or ""))


@st.dialog("Note")
def annotate(info: RunInfo) -> None:
    """A few words about a run."""
    st.caption(plain(info.name))
    note = st.text_area("What is worth remembering about this run?", value=info.note, max_chars=NOTE_LIMIT)
    if st.button("Save", type="primary"):
        _do(lambda: lab.store().run(info.id).annotate(note or ""))


@st.dialog("Delete this run?")
def delete(info: RunInfo) -> None:
    """Asked once more: a deleted run is gone."""
    st.markdown(f"**{plain(info.name)}** with its curves, pictures and weights will be gone for good.")
    if not info.status.is_finished:
        st.warning("It has not finished. Its training ends too.")
    with st.container(horizontal=True):
        if st.button("Delete for good", type="primary", icon=":material/delete:"):
            _do(lambda: lab.store().run(info.id).delete())
        if st.button("Keep it"):
            st.rerun()


def _do(action: Any) -> None:
    """Do it and close the dialog, or say in the dialog why it cannot be done."""
    try:
        action()
    except LabError as error:
        st.error(plain(str(error)))
        return
    st.rerun()


# -- the page -------------------------------------------------------------------------------------------------------


def page() -> None:
    """All runs, newest first."""
    runs = lab.store().runs()
    st.title("Runs", anchor=False)
    if not runs:
        st.info("Nothing has been trained yet. The Train page starts a first run with one button.")
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")
        return
    pages = -(-len(runs) // PAGE_SIZE)
    number = st.pagination(pages, key="runs page") if pages > 1 else 1
    shown = runs[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    differing = summary.differing([flat(info.config) for info in runs])
    for info in shown:
        card(info, differing, theme())


page()
