"""The source article's claims beside what the runs of this lab have measured, and the one click that measures more."""

from collections.abc import Mapping

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view import compare_claims as view
from dbn_core.view import compare_hybrid
from dbn_core.view.compare_claims import Claim, Evidence
from pages.parts import address, examples, run_picker
from pages.parts.compare import steps
from pages.parts.compare.choice import VIEW, choosable, chosen
from pages.parts.compare.hybrid import error
from pages.parts.errors import plain
from web import lab
from web.asking import measuring
from web.asking import work as working
from web.asking.work import Work
from web.classifiers import why_not

RUN, PROBLEM = "claims run", "claims problem"
BADGES = {"for": ":green-badge[for]", "against": ":red-badge[against]", "undecided": ":gray-badge[undecided]"}
MOST = 8  # runs listed under a claim, the newest ones


def panel(runs: list[RunInfo]) -> dict[str, str]:
    """Choose a run and measure it; read what all runs say. Answers what the address should say."""
    able = [info for info in runs if info.config.epochs and not why_not(info)]
    by_id = choosable(able, RUN)
    if not by_id:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="claims form"):
        info = chosen(by_id, RUN, "Measure this run")
        works = {} if info.is_example else measuring.works(info, runs)
        _offer(info, works)
    if problem := st.session_state.get(PROBLEM):
        st.warning(plain(problem), icon=":material/info:")
    busy = working.is_any_open(list(works.values()))
    st.fragment(_claims, run_every=steps.EVERY if busy else None)(info.id, busy)
    return {"run": info.id}


def _offer(info: RunInfo, works: Mapping[str, Work]) -> None:
    """The one button that measures all claims, and about how long it takes; while it does, the one that stops it."""
    if info.is_example:
        st.caption("An example: it was measured when it was made. Branch it to measure a copy of your own.")
        return
    if not works:
        st.caption("This run has no checkpoint yet; it can be measured after its first epoch.")
        return
    if working.is_any_open(list(works.values())):
        st.button("Stop measuring", icon=":material/stop:", key="claims stop", on_click=_stop, args=(info,))
        return
    left = [work for work in works.values() if work.state != "done"]
    ready = measuring.is_ready(info)
    st.button(
        "Measure all claims" if left else "All is measured",
        type="primary",
        icon=":material/science:",
        key="claims measure",
        disabled=not (left and ready),
        on_click=_measure,
        args=(info,),
        help="The probe of each layer, dreams that are scored, and trainings on few labels, as branches of the run. "
        "The figures are kept."
        if ready
        else "Its pretraining has not finished.",
    )
    if left and ready:
        st.caption(measuring.how_long(info, [key for key, work in works.items() if work in left]))


def _measure(info: RunInfo) -> None:
    works = measuring.works(lab.store().run(info.id).info(), lab.store().runs())
    st.session_state[PROBLEM] = working.begin(list(works.values()))


def _stop(info: RunInfo) -> None:
    working.stop(list(measuring.works(info, lab.store().runs()).values()))


def _claims(run_id: str, busy: bool) -> None:
    """Each claim as it stands; looks again by itself while it is measured."""
    runs = [*lab.store().runs(), *examples.shown()]
    info = lab.store().run(run_id).info()
    works = {} if info.is_example else measuring.works(info, runs)
    if busy and not working.is_any_open(list(works.values())):
        address.draw_again()
    said = [(each, _evidence_of(each, runs)) for each in runs]
    for claim in view.CLAIMS:
        work = works.get(measuring.MEASURED_BY[claim.key])
        shown = work if work is not None and work.state not in {"none", "done"} else None
        _claim(claim, [(each, evidence[claim.key]) for each, evidence in said if claim.key in evidence], shown)
    st.caption(
        "For and against are said only where the difference is larger than its noise. A few runs on one data set are "
        "no proof: measure others, too."
    )


def _claim(claim: Claim, evidence: list[tuple[RunInfo, Evidence]], work: Work | None) -> None:
    """The claim, how many runs speak for and against it, what each has measured; `work`: what measures it now."""
    with st.container(border=True, gap="small"):
        counts = {verdict: sum(item.verdict == verdict for _, item in evidence) for verdict in BADGES}
        badges = " ".join(f"{BADGES[verdict]} {count}" for verdict, count in counts.items() if count)
        st.markdown(f"**{claim.text}**&ensp;{badges or ':gray-badge[not measured]'}", help=claim.rule)
        if work is not None:
            st.caption(steps.line(work))
        if not evidence:
            if work is None:
                st.caption(f"No run has measured this yet. {claim.how}")
                _way_to(claim)
            return
        rows = [
            [run_picker.name(info), BADGES[item.verdict], item.figures, item.what] for info, item in evidence[:MOST]
        ]
        head = "| Run | Here | Figures | What was measured |\n|---|---|---|---|\n"
        st.markdown(head + "\n".join(f"| {plain(a)} | {b} | {plain(c)} | {plain(d)} |" for a, b, c, d in rows))
        if len(evidence) > MOST:
            st.caption(f"And {len(evidence) - MOST} older runs.")


def _way_to(claim: Claim) -> None:
    """A link where another page or view measures it."""
    if claim.key == view.SMALL_SETS.key:
        st.page_link("classify.py", label="Few labels", icon=":material/arrow_forward:", query_params={"view": "few"})
    elif claim.key == view.HYBRID.key:
        label = "Hybrids on few labels"
        pressed = st.button(label, icon=":material/arrow_forward:", key="claims hybrids", on_click=_to_hybrids)
        if pressed:
            address.draw_again()


def _to_hybrids() -> None:
    st.session_state[VIEW] = "hybrid"


# -- what runs have measured ------------------------------------------------------------------------------------------


def _evidence_of(info: RunInfo, runs: list[RunInfo]) -> dict[str, Evidence]:
    """By claim. The newest hybrids are branches: they speak for the run that was pretrained."""
    evidence = dict(measuring.measured(info.id))
    errors = {}
    for labels, row in compare_hybrid.children(runs, info.id).items():
        wrong = {each.id: error(each) for draws in row.values() for each in draws.values()}
        errors[labels] = compare_hybrid.paired(row, wrong)
    hybrid = view.hybrids(errors)
    return evidence if hybrid is None else evidence | {view.HYBRID.key: hybrid}
