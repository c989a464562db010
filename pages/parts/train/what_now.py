"""A run that has ended: what happened, and where to go from here."""

import streamlit as st

from dbn_core.commands import Pause
from dbn_core.config.stages import FEW_LABELS, UNKNOWN, kind_of
from dbn_core.data import holds_digits
from dbn_core.findings import Finding
from dbn_core.records import RunInfo, RunStatus
from dbn_core.store import Run
from dbn_core.view.outcome import METRICS, outcome
from pages.parts import branching
from pages.parts.errors import plain
from pages.parts.take_away import take_away
from web import lab
from web.kept import keep_of_run

LONGER = "Train longer"


def draw(info: RunInfo) -> None:
    """Three lines from its numbers, and the next steps, all with this run."""
    here = {"run": info.id}
    run = lab.store().run(info.id)
    lines = outcome(info, run.metrics(names=METRICS), _training_seconds(info.id))
    with st.container(key="what now", gap="small"):
        st.markdown("  \n".join(map(plain, lines)))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown("**What now?**", width="content")
            _step("features.py", "Scrub its life", "grid_view", here)
            if info.config.data.patch is None:  # nobody draws a patch
                _step("classify.py", _drawing(info), "draw", here)
            _step("generate.py", "Let it dream", "auto_awesome", here)
            _step("ab.py", "Change one knob", "difference", {"base": f"run {info.id}"})
            _longer(info)
            if st.button("Take it away", icon=":material/download:", key="take away"):
                take_away(info)


def _drawing(info: RunInfo) -> str:
    return "Draw a digit" if holds_digits(info.config.data.name) else "Draw a picture"


def _longer(info: RunInfo) -> None:
    """Of a run that has made all its epochs: a child that goes on with its last stage, for as many again."""
    stage = info.progress.position.stage
    fields = [] if kind_of(stage) in (UNKNOWN, FEW_LABELS) else info.config.acting(kind_of(stage).switch, stage)
    if info.is_example or info.status is not RunStatus.DONE or not (fields and branching.checkpoints(info.id)):
        return
    if st.button(LONGER, icon=":material/more_time:", key="train longer"):
        branching.dialog(info.id, {kind_of(stage).switch: 2 * info.config.value(fields[0])}, LONGER)


@keep_of_run(64)
def _training_seconds(run: Run) -> float | None:
    """What training itself took, without evaluation; None where that is not known, or pauses are in it."""
    if run.info().attempt > 1 or any(isinstance(record.command, Pause) for record in run.commands()):
        return None
    for snapshot in run.snapshots(kind="evaluation"):
        finding = Finding.from_snapshot(run.snapshot(snapshot.id))
        seconds = finding.facts.get("seconds") if finding.part == "machine" else None
        if isinstance(seconds, int | float):
            return float(seconds)
    return None


def _step(page: str, label: str, icon: str, query: dict[str, str]) -> None:
    st.page_link(page, label=label, icon=f":material/{icon}:", query_params=query, width="content")
