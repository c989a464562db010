"""Classify: what a trained network is good for: draw a digit, fine-tune, few labels, mistakes, maps of features."""

from typing import Literal

import streamlit as st

from dbn_core.config.stages import leaves_classifier
from dbn_core.records import RunInfo
from dbn_core.view.status import status_line
from pages.parts import address, notices, run_picker, views
from pages.parts.classify import panels
from pages.parts.errors import plain
from web import classifiers, lab
from web.view_data import ClassifyPart

Kind = Literal["draw", "finetune", "few", "mistakes", "features"]
VIEWS: dict[Kind, str] = {
    "draw": ":material/draw: Draw",
    "finetune": ":material/model_training: Fine-tune",
    "few": ":material/stacked_line_chart: Few labels",
    "mistakes": ":material/grid_on: Mistakes",
    "features": ":material/scatter_plot: Features",
}
VIEW = "classify view"
RUNNING = ("finetune", "few")
EMPTY = "Start a run on the Train page; seconds later it can be asked about a drawing."


def choose_view() -> Kind:
    """Which view; the address remembers it."""
    if st.session_state.get(VIEW) not in VIEWS:
        asked = st.query_params.get("view", "")
        st.session_state[VIEW] = asked if asked in VIEWS else "draw"
    chosen = st.segmented_control(
        "View", list(VIEWS), format_func=lambda view: VIEWS[view], key=VIEW, required=True, label_visibility="collapsed"
    )
    return next(view for view in VIEWS if view == chosen)


def newest(info: RunInfo) -> tuple[int, float] | None:
    """Id and epoch of the checkpoint that is asked."""
    checkpoint = lab.store().run(info.id).newest_checkpoint()
    return None if checkpoint is None else (checkpoint.id, round(checkpoint.position.epoch, 4))


def has_classifier(info: RunInfo) -> bool:
    """Whether the run classifies by itself: by label units or by a stage that trains a classifier."""
    config = info.config
    return config.labels.joint or leaves_classifier(config.stages)


def look(view: ClassifyPart, info: RunInfo) -> None:
    """Views that only ask."""
    checkpoint = newest(info)
    reason = classifiers.why_not(info)
    if view == "mistakes" and (reason or not has_classifier(info)):
        st.info(
            plain(
                reason or "This run has no classifier yet. Fine-tune it: the images that it mistakes then stand here."
            )
        )
        if not reason:
            st.button("Fine-tune this run", icon=":material/model_training:", on_click=_go_to, args=("finetune",))
        return
    views.classify(view, info.id, info.config, checkpoint)


def _go_to(view: str) -> None:
    st.session_state[VIEW] = view


@st.fragment
def area() -> None:
    """The chosen run in the chosen view."""
    info = run_picker.suited("Classify")
    if info is None:
        notices.no_run(EMPTY)
        return
    with st.container(gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="classify head"):
            run_picker.pick(info)
            view = choose_view()
            if view not in RUNNING:  # these two say it themselves, live
                st.caption(plain(_state(info)), width="content")
        run_picker.explain_missing()
        notices.no_cluster(info)
        match view:
            case "finetune":
                panels.finetuning(info, lab.store().runs())
            case "few":
                panels.few_labels(info, lab.store().runs())
            case _:
                look(view, info)
    wanted = {"run": info.id} | ({} if view == "draw" else {"view": view})
    address.write(wanted)


def _state(info: RunInfo) -> str:
    line = status_line(info)
    return f"{line.headline} · {line.facts[0]}" if line.facts else line.headline


area()
