"""The coach's sentences on a page, each with a button that applies its remedy: to the live run, or in a branch."""

from collections.abc import Sequence

import streamlit as st

from dbn_core import coach
from dbn_core.coach import Advice
from dbn_core.config import hyperparameter
from dbn_core.config.stages import stage_name
from dbn_core.errors import LabError, RunNotFoundError
from dbn_core.records import RunInfo, RunStatus
from dbn_core.store import Run
from dbn_core.view.status import is_interrupted
from dbn_core.view.words import command_text
from pages.parts import branching, controls
from pages.parts.errors import plain
from web import lab
from web.kept import keep_of_run

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
    all_advice = advice(info)
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.error(plain(problem), icon=":material/error:")
    if quiet:
        _line(info, all_advice)
    else:
        _list(info, all_advice)


def advice(info: RunInfo) -> tuple[Advice, ...]:
    """What the coach says about a run now."""
    return _advice_for(info.id)


@keep_of_run(128)
def _advice_for(run: Run) -> tuple[Advice, ...]:
    info, commands = run.info(), run.commands()
    points = run.metrics(names=coach.METRICS)
    return coach.advise(info, controls.config_in_force(info, commands), commands, points)


@keep_of_run(128)
def _broken_promises(run: Run) -> tuple[str, ...]:
    """What its preset promises and the run has not kept."""
    info = run.info()
    names = coach.promised_metrics(info.config) if info.status is RunStatus.DONE else ()
    return coach.broken_promises(info, run.commands(), run.metrics(names=names)) if names else ()


def _list(info: RunInfo, all_advice: Sequence[Advice]) -> None:
    broken = _broken_promises(info.id)
    for sentence in broken:
        st.markdown(f":material/lightbulb: **Promise not kept.** {plain(sentence)}")
    if broken and not all_advice:
        return
    if not all_advice:
        st.caption(f":material/check_circle: {_all_well(info)}")
        return
    for number, item in enumerate(all_advice):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"coach {number}"):
            st.markdown(f":material/lightbulb: **{plain(_capital(item.detector))}.** {plain(item.sentence)}")
            _button(info, item, f"coach do {number}")


def _line(info: RunInfo, all_advice: Sequence[Advice]) -> None:
    if not all_advice:
        for sentence in _broken_promises(info.id)[:1]:
            st.caption(f":material/lightbulb: Promise not kept. {plain(sentence)}")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="coach line"):
        more = f" {len(all_advice) - 1} more on the Diagnose page." if len(all_advice) > 1 else ""
        st.caption(f":material/lightbulb: {plain(all_advice[0].sentence)}{more}")
        _button(info, all_advice[0], "coach do")


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
    has_ended = info.status.is_finished
    if not coach.judges(info):
        stage = stage_name(info.progress.position.stage)
        where = "This run ended in a later stage" if has_ended else "The stage in training is a later one"
        return plain(f"The coach judges layers only. {where}: {stage}.")
    if info.progress.position.epoch < coach.WARM_UP:
        return f"The coach judges a layer once it has trained for {coach.WARM_UP:g} epochs."
    return "The coach sees nothing wrong."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
