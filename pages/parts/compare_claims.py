"""The source article's claims beside what the runs of this lab have measured, and the clicks that measure more."""

from functools import lru_cache

import streamlit as st

from dbn_core.data.catalogue import dataset_info
from dbn_core.records import RunInfo
from dbn_core.view import compare_claims as view
from dbn_core.view import compare_hybrid
from dbn_core.view.compare_claims import Claim, Evidence
from dbn_core.view.words import duration
from pages.parts import lab
from pages.parts.classify_start import why_not
from pages.parts.compare_choice import VIEW, choosable, chosen
from pages.parts.compare_desk import Asked, desk
from pages.parts.compare_hybrid import error
from pages.parts.compare_vae import EVERY, IMAGES, STEPS, Question
from pages.parts.compare_vae import QUALITY as QUALITY_QUESTION
from pages.parts.errors import plain

RUN = "claims run"
PROBE_QUESTION = "dbn_core.inference.probe:probe"
BADGES = {"for": ":green-badge[for]", "against": ":red-badge[against]", "undecided": ":gray-badge[undecided]"}
MOST = 8  # runs listed under a claim, the newest ones


def panel(runs: list[RunInfo]) -> dict[str, str]:
    """Choose a run and measure it; read what all runs say. Answers what the address should say."""
    able = [info for info in runs if info.config.epochs and not why_not(info)]
    found = choosable(able, RUN)
    if not found:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="claims form"):
        run_id = chosen(found, RUN, "Measure this run").id
        _questions(run_id, ask=True)
    busy = any(item is not None and item.is_open for item in _questions(run_id))
    st.fragment(_claims, run_every=EVERY if busy else None)(run_id, busy)
    return {"run": run_id}


def _questions(run_id: str, *, ask: bool = False) -> tuple[Asked | None, Asked | None]:
    """(the probe, the quality of samples) at the newest checkpoint; with a button where something is to be asked."""
    newest = max((item.id for item in lab.store().run(run_id).checkpoints()), default=None)
    if newest is None:
        if ask:
            st.caption("This run has no checkpoint yet; it can be measured after its first epoch.")
        return None, None
    where = (lab.store().url, run_id, newest)
    both: tuple[Question, Question] = ((PROBE_QUESTION, *where), (QUALITY_QUESTION, *where, IMAGES, STEPS, 0, None))
    answers = desk.find(*both[0]), desk.find(*both[1])
    if ask:
        st.button(
            "Measure on a worker",
            icon=":material/science:",
            key="claims measure",
            disabled=all(item is not None and item.state != "failed" for item in answers),
            on_click=_measure,
            args=both,
            help=f"The probe of each layer, and {IMAGES:,} dreams of {STEPS} steps scored. It takes a minute or two; "
            "the figures are kept with the run.",
        )
    return answers


def _measure(*questions: Question) -> None:
    for question in questions:
        desk.ask(*question)


def _claims(run_id: str, busy: bool) -> None:
    """Each claim as it stands; looks again by itself while a worker is asked."""
    answers = _questions(run_id)
    if busy and not any(item is not None and item.is_open for item in answers):
        st.rerun()
    for item, what in zip(answers, ("the layers are probed", "samples are scored"), strict=True):
        if item is not None and item.is_open:
            st.caption(f":material/hourglass: A worker is asked: {what}; {duration(item.elapsed)} so far.")
        elif item is not None and item.problem:
            st.warning(plain(item.problem), icon=":material/info:")
    runs = lab.store().runs()
    said = [(info, _evidence_of(info, runs)) for info in runs]
    for claim in view.CLAIMS:
        _claim(claim, [(info, found[claim.key]) for info, found in said if claim.key in found])
    st.caption(
        "For and against are said only where the difference is larger than its noise. A few runs on one data set are "
        "no proof: measure others, too."
    )


def _claim(claim: Claim, found: list[tuple[RunInfo, Evidence]]) -> None:
    """The claim, how many runs speak for and against it, and what each has measured."""
    with st.container(border=True, gap="small"):
        counts = {verdict: sum(item.verdict == verdict for _, item in found) for verdict in BADGES}
        badges = " ".join(f"{BADGES[verdict]} {count}" for verdict, count in counts.items() if count)
        st.markdown(f"**{claim.text}**&ensp;{badges or ':gray-badge[not measured]'}", help=claim.rule)
        if not found:
            st.caption(f"No run has measured this yet. {claim.how}")
            _way_to(claim)
            return
        rows = [[info.name, BADGES[item.verdict], item.figures, item.what] for info, item in found[:MOST]]
        head = "| Run | Here | Figures | What was measured |\n|---|---|---|---|\n"
        st.markdown(head + "\n".join(f"| {plain(a)} | {b} | {plain(c)} | {plain(d)} |" for a, b, c, d in rows))
        if len(found) > MOST:
            st.caption(f"And {len(found) - MOST} older runs.")


def _way_to(claim: Claim) -> None:
    """A link where another page or view measures it."""
    if claim.key == view.SMALL_SETS.key:
        st.page_link("classify.py", label="Few labels", icon=":material/arrow_forward:", query_params={"view": "few"})
    elif claim.key == view.HYBRID.key:
        label = "Hybrids on few labels"
        pressed = st.button(label, icon=":material/arrow_forward:", key="claims hybrids", on_click=_to_hybrids)
        if pressed:
            st.rerun()


def _to_hybrids() -> None:
    st.session_state[VIEW] = "hybrid"


# -- what runs have measured ------------------------------------------------------------------------------------------


def _evidence_of(info: RunInfo, runs: list[RunInfo]) -> dict[str, Evidence]:
    """By claim. The newest hybrids are branches: they speak for the run that was pretrained."""
    store = lab.store()
    found = dict(_measured(store.url, info.id, store.run(info.id).revision()))
    errors = {}
    for labels, row in compare_hybrid.children(runs, info.id).items():
        wrong = {each.id: error(each) for draws in row.values() for each in draws.values()}
        errors[labels] = compare_hybrid.paired(row, wrong)
    hybrid = view.hybrids(errors)
    return found if hybrid is None else found | {view.HYBRID.key: hybrid}


@lru_cache(maxsize=1024)
def _measured(store_url: str, run_id: str, revision: int) -> dict[str, Evidence]:
    """Of a run's own metrics; kept until it changes."""
    del store_url, revision
    run = lab.store().run(run_id)
    config = run.info().config
    classes = len(dataset_info(config.data.name).label_names)
    return view.evidence(run.metrics(names=view.names_of(config)), classes)
