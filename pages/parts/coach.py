"""The coach's sentences on a page, each with a button that applies its remedy: to the live run, or in a branch."""

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from dbn_core import coach
from dbn_core.coach import Advice
from dbn_core.config import hyperparameter
from dbn_core.errors import LabError, RunNotFoundError
from dbn_core.records import RunInfo
from dbn_core.view.status import is_interrupted
from dbn_core.view.words import command_text
from pages.parts import branching, controls, lab
from pages.parts.errors import plain

EVERY = 2.0  # seconds between looks at a live run
PROBLEM = "coach problem"


def draw(run_id: str, *, quiet: bool = False) -> None:
    """The advice for a run, kept up to date while it lives; `quiet`: one line, and nothing when all is well."""
    try:
        info = lab.store().run(run_id).info()
    except RunNotFoundError:
        return
    # A tick would close the dialog that branches a run nobody trains.
    alive = not info.status.is_finished and not is_interrupted(info)
    st.fragment(_advice, run_every=EVERY if alive else None)(run_id, quiet)


def _advice(run_id: str, quiet: bool) -> None:
    try:
        info = lab.store().run(run_id).info()
    except RunNotFoundError:
        return  # deleted while open: the view says so
    found = advice(info)
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.error(plain(problem), icon=":material/error:")
    if quiet:
        _line(info, found)
    else:
        _list(info, found)


def advice(info: RunInfo) -> tuple[Advice, ...]:
    """What the coach says about a run now."""
    return _kept(lab.store().url, info.id, lab.store().run(info.id).revision())


@lru_cache(maxsize=128)
def _kept(store_url: str, run_id: str, revision: int) -> tuple[Advice, ...]:
    """Kept until the run changes: thirty viewers ask every two seconds."""
    del store_url, revision
    run = lab.store().run(run_id)
    info, commands = run.info(), run.commands()
    points = run.metrics(names=coach.METRICS)
    return coach.advise(info, controls.config_in_force(info, commands), commands, points)


def _list(info: RunInfo, found: Sequence[Advice]) -> None:
    if not found:
        st.caption(f":material/check_circle: {_all_well(info)}")
        return
    for number, item in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"coach {number}"):
            st.markdown(f":material/lightbulb: **{plain(_capital(item.detector))}.** {plain(item.sentence)}")
            _button(info, item, f"coach do {number}")


def _line(info: RunInfo, found: Sequence[Advice]) -> None:
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="coach line"):
        more = f" {len(found) - 1} more on the Diagnose page." if len(found) > 1 else ""
        st.caption(f":material/lightbulb: {plain(found[0].sentence)}{more}")
        _button(info, found[0], "coach do")


def _button(info: RunInfo, item: Advice, key: str) -> None:
    """Apply the remedy: to the live run, or in a branch where nobody trains it any more."""
    what = command_text(item.remedy)
    if info.status.is_finished or is_interrupted(info):
        if st.button(f"Branch with {what}", key=key, icon=":material/fork_right:", width="content"):
            branching.dialog(info.id, {item.remedy.field: item.remedy.value})
        return
    st.button(
        f"Set {what}",
        key=key,
        icon=":material/build:",
        width="content",
        on_click=_apply,
        args=(info.id, item),
        help=hyperparameter(item.remedy.field).help,
    )


def _apply(run_id: str, item: Advice) -> None:
    try:
        lab.store().run(run_id).send(item.remedy)
    except LabError as error:
        st.session_state[PROBLEM] = str(error)


def _all_well(info: RunInfo) -> str:
    if not coach.judges(info):
        return "The coach judges the layers only; it has nothing to say of the stage in training."
    if info.progress.position.epoch < coach.WARM_UP:
        return "The coach speaks up once a layer has trained for three epochs."
    return "The coach sees nothing wrong."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
