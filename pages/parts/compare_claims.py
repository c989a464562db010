"""The source article's claims beside what this lab has measured on a chosen run."""

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view import compare_claims as view
from dbn_core.view.few_labels import FewLabelsPoint, few_labels_points
from dbn_core.view.words import duration
from pages.parts import lab
from pages.parts.classify_start import why_not
from pages.parts.compare_choice import choosable, chosen
from pages.parts.compare_desk import Asked, desk
from pages.parts.compare_vae import EVERY, IMAGES, STEPS, Question
from pages.parts.compare_vae import QUALITY as QUALITY_QUESTION
from pages.parts.errors import plain

RUN = "claims run"
PROBE_QUESTION = "dbn_core.inference.probe:probe"
BADGES = {"for": ":green-badge[for]", "against": ":red-badge[against]"}


def panel(runs: list[RunInfo]) -> dict[str, str]:
    """Choose a run, measure, read; answers what the address should say."""
    able = [info for info in runs if info.config.epochs and not why_not(info)]
    found = choosable(able, RUN)
    if not found:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="claims form"):
        run_id = chosen(found, RUN, "Judged by this run").id
        _questions(run_id, ask=True)
    busy = any(item is not None and item.is_open for item in _questions(run_id))
    st.fragment(_table, run_every=EVERY if busy else None)(found[run_id], runs, busy)
    return {"run": run_id}


def _questions(run_id: str, *, ask: bool = False) -> tuple[Asked | None, Asked | None]:
    """(the probe, the quality of samples) at the newest checkpoint; with a button where something is to be asked."""
    newest = max((item.id for item in lab.store().run(run_id).checkpoints()), default=None)
    if newest is None:
        return None, None
    where = (lab.store().url, run_id, newest)
    both: tuple[Question, Question] = ((PROBE_QUESTION, *where), (QUALITY_QUESTION, *where, IMAGES, STEPS, 0, None))
    answers = desk.find(*both[0]), desk.find(*both[1])
    if ask:
        done = all(item is not None and item.state in {"done", "waiting", "running"} for item in answers)
        st.button(
            "Measure on a worker",
            icon=":material/science:",
            key="claims measure",
            disabled=done,
            on_click=_measure,
            args=both,
            help=f"The probe of each layer, and {IMAGES:,} dreams of {STEPS} steps scored. It takes a minute or two.",
        )
    return answers


def _measure(*questions: Question) -> None:
    for question in questions:
        desk.ask(*question)


def _table(info: RunInfo, runs: list[RunInfo], busy: bool) -> None:
    """The claims as they stand; looks again by itself while a worker is asked."""
    answers = _questions(info.id)
    if busy and not any(item is not None and item.is_open for item in answers):
        st.rerun()
    for item in answers:
        if item is not None and item.is_open:
            st.caption(f":material/hourglass: A worker is asked; {duration(item.elapsed)} so far.")
        elif item is not None and item.problem:
            st.warning(plain(item.problem), icon=":material/info:")
    probe, quality = (item.answer if item is not None and item.state == "done" else None for item in answers)
    few = _few(info, runs)
    head = "| The article says | Here | Figures | What was measured | How to measure |\n|---|---|---|---|---|\n"
    rows = [
        [
            row["claim"],
            BADGES.get(row["verdict"], row["verdict"]),
            *(plain(row[key]) for key in ("figures", "what", "how")),
        ]
        for row in view.claims(info.name, few, probe, quality)
    ]
    st.markdown(head + "\n".join(f"| {' | '.join(row)} |" for row in rows))
    st.caption(
        "For and against are said only where the difference is larger than its noise. One data set and one run are no "
        "proof: choose another run, or measure again."
    )


def _few(info: RunInfo, runs: list[RunInfo]) -> list[FewLabelsPoint]:
    """Of the newest experiment branched from this run, or of its own."""
    for other in runs:
        if other.config.fewlabels.seeds and info.id in {other.id, other.parent}:
            points = few_labels_points(lab.store().run(other.id).metrics())
            if points:
                return points
    return []
