"""Runs: everything that was trained here, to open, rename, annotate or delete."""

from typing import Any

import streamlit as st

from dbn_core.config import RunConfig
from dbn_core.errors import LabError
from dbn_core.metric_table import metric_of
from dbn_core.places import COMMAND
from dbn_core.records import RunInfo
from dbn_core.view import summary
from dbn_core.view.palette import Theme
from dbn_core.view.settings import flat
from dbn_core.view.status import Tone, status_line
from dbn_core.view.words import size
from pages.parts import address, branching, examples, notices, run_picker
from pages.parts.context import theme
from pages.parts.errors import plain
from pages.parts.take_away import take_away
from web import lab
from web.run_facts import figures, newest_filters, thumbnail

PAGE_SIZE = 12
ERROR = metric_of("recon_mse")
BADGES: dict[Tone, Any] = {"live": "blue", "calm": "gray", "good": "green", "warning": "orange", "bad": "red"}
NOTE_LIMIT = 2000
MENU = ["Report", "Branch", "Take away"]
OWN = ["Rename", "Note", "Delete"]


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
    newest = newest_filters(lab.store().run(info.id), info.config)
    if newest is None:
        st.caption("no picture yet")
        return
    st.image(thumbnail(info.id, newest.id, theme), alt="Some of its filters", output_format="PNG")


def _words(info: RunInfo, differing: list[str]) -> None:
    line = status_line(info)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(info.name)}**", width="content")
        st.badge(line.headline, color=BADGES[line.tone])
        st.caption(f"{info.created_at:%Y-%m-%d %H:%M} UTC", width="content")
    mine = flat(info.config)
    keys = summary.telling(mine, differing, flat(RunConfig()))
    settings = summary.settings_text(mine, keys) or "usual settings where the runs here differ"
    st.caption(plain(settings))
    if info.note:
        st.markdown(plain(info.note))


def _numbers(info: RunInfo) -> None:
    latest = figures(info.id)
    if latest.stage:
        st.markdown(
            f"**{latest.train or '–'}** train, **{latest.heldout or '–'}** held out",
            help=f"Mean {ERROR.unit} of {ERROR.estimator} reconstructions, through all layers trained so far.",
        )
        activity = f"  ·  {latest.activity}" if latest.activity else ""
        st.caption(f"{ERROR.unit}, {latest.stage}{activity}")
    if latest.wrong:
        st.markdown(
            f"**{latest.wrong}**",
            help="Share of held-out images that get the wrong class: of all of them where the run has measured that "
            "(a classifier, a hybrid), else of the first 1,000.",
        )
    if latest.likelihood:
        st.caption(latest.likelihood, help="Of held-out images; of several layers its variational lower bound.")
    if not (latest.stage or latest.wrong):
        st.caption("nothing measured yet")


def _actions(info: RunInfo) -> None:
    if st.button("Open", key=f"open {info.id}", width="stretch"):
        run_picker.open_run(info.id)
        st.switch_page("train.py", query_params={"run": info.id})
    chosen = st.menu_button("More", MENU if info.is_example else [*MENU, *OWN], key=f"more {info.id}", width="stretch")
    if chosen == "Branch":
        branching.dialog(info.id, {})
    elif chosen == "Report":
        run_picker.choose(info.id)
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
            address.draw_again()


def _do(action: Any) -> None:
    """Do it and close the dialog, or say in the dialog why it cannot be done."""
    try:
        action()
    except LabError as error:
        st.error(plain(str(error)))
        return
    address.draw_again()


# -- the page -------------------------------------------------------------------------------------------------------


def page() -> None:
    """All runs, newest first; the examples after them."""
    runs = lab.store().runs()
    if runs:
        own(runs)
        room()
    else:
        notices.no_run("The Train page starts a first run with one button.")
    gallery()


def own(runs: list[RunInfo]) -> None:
    """A page of the runs that were trained here."""
    pages = -(-len(runs) // PAGE_SIZE)
    number = st.pagination(pages, key="runs page") if pages > 1 else 1
    shown = runs[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    differing = _differing(runs)
    for info in shown:
        card(info, differing, theme())


def room() -> None:
    """What all of that takes on disk."""
    usage = lab.store().disk.usage()
    allowed = "" if usage.budget is None else f" of {size(usage.budget)}"
    told = f"All runs take {size(usage.used)}{allowed} on disk: states {size(usage.checkpoints)}, pictures "
    told += f"{size(usage.pictures)}."
    if usage.is_over:
        told += " Delete runs, or give a larger budget."
    st.caption(
        told,
        help="Over its budget the lab gives up states after single epochs, the oldest first; the newest state of a "
        f"run, ends of stages, numbers and pictures stay. The command line shows more: `{COMMAND} store`.",
    )


def gallery() -> None:
    """What comes with the lab."""
    shown = examples.shown()
    if shown:
        st.header("Examples that come with the lab", anchor=False)
        differing = _differing(shown)
        for info in shown:
            card(info, differing, theme())


def _differing(runs: list[RunInfo]) -> list[str]:
    """The settings in which these runs differ; of one alone, all."""
    configurations = [flat(info.config) for info in runs]
    return summary.differing(configurations) if len(runs) > 1 else list(configurations[0])


page()
