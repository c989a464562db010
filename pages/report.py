"""Report: one run on one page that can be printed: figures, curves, filters, mistakes, samples, settings, time."""

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view.status import status_line
from pages.parts import lab, run_picker
from pages.parts.errors import plain
from pages.parts.report_view import report_view
from pages.parts.take_away import take_away
from pages.parts.theme import theme


def area() -> None:
    """The run of the address, else the newest."""
    runs = lab.store().runs()
    if not runs:
        st.title("Report", anchor=False)
        st.info("Nothing has been trained yet. The preset `full-workflow` trains and evaluates a network in one go.")
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report-head"):
        info = run_picker.pick(runs)
        if st.button("Take away", icon=":material/download:", key="report take away"):
            take_away(info)
    run_picker.explain_missing()
    if st.query_params.get("run") != info.id:
        st.query_params.from_dict({"run": info.id})
    head(info)
    report_view(info, theme())
    further(info)


def head(info: RunInfo) -> None:
    """Name, state, time, and a note if there is one."""
    line = status_line(info)
    st.title(plain(info.name), anchor=False)
    facts = [line.headline, f"{info.created_at:%Y-%m-%d %H:%M} UTC", *line.facts]
    st.caption(plain(" · ".join(facts)))
    for text in (info.message, info.note):
        if text:
            st.markdown(plain(text))


def further(info: RunInfo) -> None:
    """Where to look closer; `report-head` is not printed."""
    here = {"run": info.id}
    with st.container(horizontal=True, gap="small", key="report-further"):
        st.page_link(
            "features.py", label="Its features, epoch by epoch", icon=":material/grid_view:", query_params=here
        )
        if {"finetune", "hybrid"} & set(info.config.stages) or info.config.labels.joint:
            st.page_link(
                "classify.py",
                label="Its mistakes, with their images",
                icon=":material/draw:",
                query_params=here | {"view": "mistakes"},
            )
        st.page_link(
            "generate.py", label="Its dreams, and how good they are", icon=":material/auto_awesome:", query_params=here
        )


area()
