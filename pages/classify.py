"""Classify: what a trained network is good for: draw a digit, fine-tune, few labels, mistakes, maps of features."""

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view.status import status_line
from pages.parts import classify_panels, classify_start, lab, notices, run_picker
from pages.parts.classify_routes import newest_checkpoint
from pages.parts.classify_view import classify_view
from pages.parts.errors import plain

VIEWS = {
    "draw": ":material/draw: Draw",
    "finetune": ":material/model_training: Fine-tune",
    "few": ":material/stacked_line_chart: Few labels",
    "mistakes": ":material/grid_on: Mistakes",
    "features": ":material/scatter_plot: Features",
}
VIEW = "classify view"
RUNNING = ("finetune", "few")
OWN = ("finetune", "hybrid")  # stages that leave a classifier


def empty() -> None:
    """Nothing to classify with yet."""
    st.title("Classify", anchor=False)
    st.info(
        "Nothing has been trained yet. Start a run on the Train page; seconds later it can be asked about a drawing."
    )
    st.page_link("train.py", label="Go to Train", icon=":material/model_training:")


def choose_view() -> str:
    """Which view; the address remembers it."""
    if st.session_state.get(VIEW) not in VIEWS:
        asked = st.query_params.get("view", "")
        st.session_state[VIEW] = asked if asked in VIEWS else "draw"
    chosen = st.segmented_control(
        "View", list(VIEWS), format_func=lambda view: VIEWS[view], key=VIEW, required=True, label_visibility="collapsed"
    )
    return str(chosen)


def newest(info: RunInfo) -> tuple[int, float] | None:
    """Id and epoch of the checkpoint that is asked."""
    found = newest_checkpoint(lab.store().run(info.id))
    return None if found is None else (found.id, round(found.position.epoch, 4))


def has_classifier(info: RunInfo) -> bool:
    """Whether the run classifies by itself: by label units or by a stage that trains a classifier."""
    config = info.config
    return config.labels.joint or any(stage in config.stages for stage in OWN)


def look(view: str, info: RunInfo) -> None:
    """Views that only ask."""
    checkpoint = newest(info)
    reason = classify_start.why_not(info)
    if view == "mistakes" and (reason or not has_classifier(info)):
        st.info(
            plain(reason or "This run has no classifier yet, so it makes no mistakes to look at. Fine-tune it first.")
        )
        if not reason:
            st.button("Fine-tune this run", icon=":material/model_training:", on_click=_go_to, args=("finetune",))
        return
    classify_view(view, info.id, info.config, checkpoint)


def _go_to(view: str) -> None:
    st.session_state[VIEW] = view


@st.fragment
def area() -> None:
    """The chosen run in the chosen view."""
    runs = lab.store().runs()
    if not runs:
        empty()
        return
    with st.container(gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="classify head"):
            info = run_picker.pick(runs)
            view = choose_view()
            if view not in RUNNING:  # these two say it themselves, live
                st.caption(plain(_state(info)), width="content")
        run_picker.explain_missing()
        notices.no_cluster(info)
        match view:
            case "finetune":
                classify_panels.finetuning(info, runs)
            case "few":
                classify_panels.few_labels(info, runs)
            case _:
                look(view, info)
    wanted = {"run": info.id} | ({} if view == "draw" else {"view": view})
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def _state(info: RunInfo) -> str:
    line = status_line(info)
    return f"{line.headline} · {line.facts[0]}" if line.facts else line.headline


area()
