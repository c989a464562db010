"""Compare: runs over one another, a DBN against a VAE, hybrids on few labels, and what the article claims."""

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view import compare
from dbn_core.view.compare import MOST
from pages.parts import address, examples, notices, run_picker, views
from pages.parts.compare import claims, hybrid, tables, vae, versus
from pages.parts.compare.choice import VIEW
from web import lab

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
        "View",
        list(VIEWS),
        format_func=lambda view: VIEWS[view],
        key=VIEW,
        required=True,
        on_change=_view_chosen,
        label_visibility="collapsed",
    )
    return str(chosen)


def _view_chosen() -> None:
    if st.session_state[VIEW] == "vae":
        versus.begin_by_itself()


def choose_runs(runs: list[RunInfo]) -> list[RunInfo]:
    """Up to six runs: chosen by hand, else those of the address, else what this session has open, and examples."""
    by_id = {info.id: info for info in runs}
    asked = st.session_state.get(CHOSEN)
    if asked is None:
        asked = [name for name in st.query_params.get("runs", "").split(",") if name]
        st.session_state["compare missing"] = any(name not in by_id for name in asked)
    kept = list(dict.fromkeys(name for name in asked if name in by_id))[:MOST]
    if not kept and CHOSEN not in st.session_state:
        kept = [name for name in by_id if name == st.session_state.get(run_picker.CHOSEN)]
        kept = [*kept, *(name for name, info in by_id.items() if info.is_example and name not in kept)][:2]
    st.session_state[CHOSEN] = kept
    names = run_picker.names(runs)
    chosen = st.multiselect(
        f"Runs, at most {MOST}",
        list(by_id),
        format_func=lambda run_id: names.get(run_id, str(run_id)),
        max_selections=MOST,
        key=CHOSEN,
        label_visibility="collapsed",
        placeholder=f"Choose two to {MOST} runs",
    )
    if st.session_state.pop("compare missing", False):
        st.info("A run that was asked for is no longer here; the others are shown.", icon=":material/info:")
    return [by_id[run_id] for run_id in chosen]


def overlay(runs: list[RunInfo]) -> dict[str, str]:
    """Curves, filters, figures, differences and links; answers what the address should say."""
    chosen = choose_runs(runs)
    if not chosen:
        st.info(f"Choose two to {MOST} runs: their curves are drawn over one another.", icon=":material/info:")
        return {}
    if len(chosen) == 1:
        st.caption("One run is shown alone; choose another one to compare it with.")
    ghosts = choose_ghosts(chosen, runs)
    views.compare(chosen, ghosts, on_change=_changed)
    tables.figures_table(chosen)
    tables.differences_table(chosen)
    tables.links(chosen)
    return {"runs": ",".join(info.id for info in chosen)} | ({"ghosts": "1"} if st.session_state[GHOSTS] else {})


def choose_ghosts(chosen: list[RunInfo], runs: list[RunInfo]) -> list[RunInfo]:
    """Earlier runs of this lab on the same data, drawn faintly behind, if they are wished for."""
    if GHOSTS not in st.session_state:
        st.session_state[GHOSTS] = st.query_params.get("ghosts") == "1"
    earlier = compare.earlier(chosen, [info for info in runs if not info.is_example])
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
    runs = [*lab.store().runs(), *examples.shown()]
    if not runs:
        notices.no_run("Start a run or two on the Train page; then they can be compared here.")
        return
    view = choose_view()
    match view:
        case "vae":
            wanted = vae.panel(runs)
        case "hybrid":
            wanted = hybrid.panel(runs)
        case "claims":
            wanted = claims.panel(runs)
        case _:
            wanted = overlay(runs)
    wanted |= {} if view == "runs" else {"view": view}
    address.write(wanted)


area()
