"""A DBN beside a VAE: their samples first, then figures as they arrive. A link never begins to measure."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from dbn_core.metric_table import SAMPLES
from dbn_core.questions import BoundBoth, CompareWithVae, SampleBoth, SampleQuality, Saved
from dbn_core.questions.comparison import Bounded, Compared
from dbn_core.questions.quality import Scored
from dbn_core.records import RunInfo, RunStatus
from dbn_core.view import compare_vae as view
from dbn_core.view import dreams
from dbn_core.view.words import duration
from pages.parts import address
from pages.parts.compare import steps
from pages.parts.context import theme
from pages.parts.errors import plain
from web import lab
from web.asking import work as working
from web.asking.work import Step

BEGINS, TRAINED, PROBLEM = "compare vae begins", "compare vae trained", "compare vae unasked"
TITLES = ("Dreams of the DBN, 200 Gibbs steps from noise", "Samples of the VAE, z from the prior")


class Plan(NamedTuple):
    """What is measured, in the order in which it is asked: what is quickly had first."""

    samples: Step
    errors: Step
    bounds: Step
    quality: Step


def begin_by_itself() -> None:
    """A person has chosen what is shown here, or has seen a training end: from now on it is measured unasked."""
    st.session_state[BEGINS] = True


def plan(mine: Saved, theirs: Saved) -> Plan:
    """Of a run and checkpoint each."""
    quality = SampleQuality(*mine, vae=theirs)
    return Plan(
        Step("Samples side by side", SampleBoth(mine, theirs)),
        Step("Sizes and errors of reconstruction", CompareWithVae(mine, theirs)),
        Step("Bounds on the log-likelihood", BoundBoth(mine, theirs)),
        Step(f"Quality of {quality.count:,} samples of each", quality),
    )


def draw(dbn: str, vae: str) -> None:
    """All that is known of both runs; looks again by itself while one of them trains or is measured."""
    trains = _trains(dbn, vae)
    if trains:
        st.session_state[TRAINED] = (dbn, vae)
    elif st.session_state.pop(TRAINED, None) == (dbn, vae):
        begin_by_itself()
    todo = _plan_of(dbn, vae)
    if todo and not trains and st.session_state.get(BEGINS):
        st.session_state[PROBLEM] = working.begin(todo, again=False)
    watched = trains or bool(todo and working.is_any_open(todo))
    st.fragment(_look, run_every=steps.EVERY if watched else None)(dbn, vae, trains=trains, watched=watched)


def _look(dbn: str, vae: str, *, trains: bool, watched: bool) -> None:
    todo = _plan_of(dbn, vae)
    if trains != _trains(dbn, vae) or (watched and not trains and not (todo and working.is_any_open(todo))):
        address.draw_again()
    infos = lab.store().run(dbn).info(), lab.store().run(vae).info()
    for info in infos:
        if not info.status.is_finished:
            _say_progress(info)
    if todo is None:
        st.info("One of the two has no checkpoint yet; its first one comes with its first epoch.")
        return
    _state(todo, trains=trains)
    _samples(todo.samples.answer())
    _table(todo.errors.answer(), todo.bounds.answer(), infos)
    _quality(todo.quality.answer())


def _trains(*runs: str) -> bool:
    return any(not lab.store().run(run_id).info().status.is_finished for run_id in runs)


def _plan_of(dbn: str, vae: str) -> Plan | None:
    """None as long as one of them has no checkpoint."""
    mine, theirs = (lab.store().run(run_id).newest_checkpoint() for run_id in (dbn, vae))
    return None if mine is None or theirs is None else plan((dbn, mine.id), (vae, theirs.id))


# -- how far it is ----------------------------------------------------------------------------------------------------


def _say_progress(info: RunInfo) -> None:
    progress = info.progress
    done = f"epoch {progress.position.epoch:.1f} of {progress.epochs:g}" if progress.epochs else "waiting"
    st.caption(plain(f"{info.name} is still in training ({done}). When it ends, the two are compared by themselves."))


def _state(todo: Plan, *, trains: bool) -> None:
    """What is being measured, with the way to stop it; else, where something is missing, the way to begin."""
    if problem := st.session_state.get(PROBLEM):
        st.warning(plain(problem), icon=":material/info:")
    if working.is_all_done(todo):
        return
    if any(step.state != "none" for step in todo):
        steps.progress(todo)
    if working.is_any_open(todo):
        st.button("Stop", icon=":material/stop:", key="compare vae stop", on_click=_stop, args=(todo,))
    if trains or working.is_any_open(todo):
        return
    st.button(
        "Compare the two",
        key="compare vae go",
        type="primary",
        icon=":material/compare:",
        on_click=_begin,
        args=(todo,),
    )
    st.caption(
        "A worker draws samples of both, which stand side by side here within seconds, then measures how well each "
        "reconstructs held-out images, bounds on their likelihood, and how good the samples are: some minutes."
    )


def _begin(todo: Plan) -> None:
    st.session_state[PROBLEM] = working.begin(todo)


def _stop(todo: Plan) -> None:
    st.session_state[BEGINS] = False
    working.stop(todo)


# -- what was measured ------------------------------------------------------------------------------------------------


def _samples(pictures: np.ndarray | None) -> None:
    if pictures is None:
        return
    for column, title, shown in zip(st.columns(2), TITLES, pictures, strict=True):
        with column:
            st.markdown(f"**{title}**")
            st.image(dreams.sheet(shown, 10, theme(), 2), width="stretch", output_format="PNG", alt=title)


def _table(answer: Compared | None, bounded: Bounded | None, infos: tuple[RunInfo, RunInfo]) -> None:
    if answer is None:
        return
    both = " for both models" if infos[0].id == infos[1].id else ""
    seconds = (_spent(infos[0]) + both, _spent(infos[1]) + both)
    st.markdown(f"**On all {answer['images']:,} held-out images, mean over images**")
    # Markdown, not a data frame: definitions are sentences, which wrap, and no row hides below a scroll bar.
    rows = [
        [row[key] for key in ("measure", "unit", "dbn", "vae")] for row in view.table(answer, infos, seconds, bounded)
    ]
    lines = [" | ".join(plain(text) for text in row) for row in rows]
    st.markdown("| Measure | Unit | DBN | VAE |\n|---|---|---|---|\n" + "\n".join(f"| {line} |" for line in lines))
    if bounded is None:
        return
    st.caption(
        "Bounds of different kinds say different things: an exact or AIS figure of one layer is the log-likelihood "
        "itself; of several layers, and of a VAE, it is a lower bound. Grey images are binarised once, the same for "
        f"both. AIS: {bounded['chains']} chains, {bounded['temperatures']:,} temperatures; in brackets its 3 sigma "
        "interval."
    )
    if bounded["warning"]:
        st.warning(plain(bounded["warning"]), icon=":material/info:")


def _spent(info: RunInfo) -> str:
    """Of the whole run; of one that is in training, so far."""
    if info.started_at is None:
        return "–"
    end = info.finished_at or datetime.now(UTC)
    more = "" if info.status is RunStatus.DONE else " so far"
    return duration((end - info.started_at).total_seconds()) + more


def _quality(answer: Scored | None) -> None:
    if answer is None:
        return
    st.markdown(f"**Quality of {answer['count']:,} samples of each**")
    columns: dict[str, Any] = {
        key: st.column_config.NumberColumn(SAMPLES[key].title, help=about, format=f"%.{SAMPLES[key].decimals}f")
        for key, about in view.QUALITY_COLUMNS.items()
    }
    st.dataframe(
        view.quality(answer),
        hide_index=True,
        height="content",
        column_config={"source": st.column_config.TextColumn("Images")} | columns,
        key="compare quality",
        alt="Quality of samples",
    )
