"""Compare: runs over one another, a DBN against a VAE, hybrids on few labels, and what the article claims."""

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view import compare
from dbn_core.view.compare import MOST
from pages.parts import compare_claims, compare_hybrid, compare_tables, compare_vae, lab
from pages.parts.compare_choice import VIEW
from pages.parts.compare_view import compare_view

VIEWS = {
    "runs": ":material/stacked_line_chart: Runs",
    "vae": ":material/compare: DBN against VAE",
    "hybrid": ":material/hub: Hybrids on few labels",
    "claims": ":material/fact_check: The article's claims",
}
CHOSEN, GHOSTS = "compare runs", "compare ghosts"


def choose_view() -> str:
    """Which part of the page; the address remembers it."""
    if st.session_state.get(VIEW) not in VIEWS:
        asked = st.query_params.get("view", "")
        st.session_state[VIEW] = asked if asked in VIEWS else "runs"
    chosen = st.segmented_control(
        "View", list(VIEWS), format_func=lambda view: VIEWS[view], key=VIEW, required=True, label_visibility="collapsed"
    )
    return str(chosen)


def choose_runs(runs: list[RunInfo]) -> list[RunInfo]:
    """Up to six runs: chosen by hand, else those of the address, else the two newest."""
    found = {info.id: info for info in runs}
    asked = st.session_state.get(CHOSEN)
    if asked is None:
        asked = [name for name in st.query_params.get("runs", "").split(",") if name]
        st.session_state["compare missing"] = any(name not in found for name in asked)
    kept = list(dict.fromkeys(name for name in asked if name in found))[:MOST]
    if not kept and CHOSEN not in st.session_state:
        kept = list(found)[:2][::-1]
    st.session_state[CHOSEN] = kept
    chosen = st.multiselect(
        f"Runs, at most {MOST}",
        list(found),
        format_func=lambda run_id: found[run_id].name if run_id in found else run_id,
        max_selections=MOST,
        key=CHOSEN,
        label_visibility="collapsed",
        placeholder=f"Choose two to {MOST} runs",
    )
    if st.session_state.pop("compare missing", False):
        st.info("A run that was asked for is no longer here; the others are shown.", icon=":material/info:")
    return [found[run_id] for run_id in chosen]


def overlay(runs: list[RunInfo]) -> dict[str, str]:
    """Curves, filters, figures, differences and links; answers what the address should say."""
    chosen = choose_runs(runs)
    if not chosen:
        st.info(f"Choose two to {MOST} runs: their curves are drawn over one another.", icon=":material/info:")
        return {}
    if len(chosen) == 1:
        st.caption("One run is shown alone; choose another one to compare it with.")
    ghosts = choose_ghosts(chosen, runs)
    compare_view(chosen, ghosts, on_change=_changed)
    compare_tables.figures_table(chosen)
    compare_tables.differences_table(chosen)
    compare_tables.links(chosen)
    return {"runs": ",".join(info.id for info in chosen)} | ({"ghosts": "1"} if st.session_state[GHOSTS] else {})


def choose_ghosts(chosen: list[RunInfo], runs: list[RunInfo]) -> list[RunInfo]:
    """Earlier runs on the same data, drawn faintly behind, if they are wished for."""
    if GHOSTS not in st.session_state:
        st.session_state[GHOSTS] = st.query_params.get("ghosts") == "1"
    earlier = compare.earlier(chosen, runs)
    wished = st.toggle(
        "Ghosts of earlier runs",
        key=GHOSTS,
        disabled=not earlier,
        help=f"Behind the curves, faintly, held-out ones of up to {compare.GHOSTS} earlier runs on the same data: what "
        "is to be beaten."
        if earlier
        else "There is no earlier run on the same data.",
    )
    return earlier if wished else []


def _changed() -> None:
    """A run ended or is gone: the rerun that comes with it draws the tables again."""


@st.fragment
def area() -> None:
    """The chosen part."""
    runs = lab.store().runs()
    if not runs:
        st.title("Compare", anchor=False)
        st.info("Nothing has been trained yet. Start a run or two on the Train page; then they can be compared here.")
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")
        return
    view = choose_view()
    match view:
        case "vae":
            wanted = compare_vae.panel(runs)
        case "hybrid":
            wanted = compare_hybrid.panel(runs)
        case "claims":
            wanted = compare_claims.panel(runs)
        case _:
            wanted = overlay(runs)
    wanted |= {} if view == "runs" else {"view": view}
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


area()
