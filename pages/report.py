"""Report: one run on one page: its settings, end figures, filters of each layer, reconstructions, and time."""

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view import mosaic, reconstructions, report
from dbn_core.view.mosaic import MosaicOptions
from dbn_core.view.palette import Theme
from dbn_core.view.stages import recorded_stages
from dbn_core.view.status import status_line
from dbn_core.view.words import duration
from pages.parts import lab, pictures, run_picker
from pages.parts.errors import plain
from pages.parts.take_away import take_away
from pages.parts.theme import theme

CASES = 10


def area() -> None:
    """The run of the address, else the newest."""
    runs = lab.store().runs()
    if not runs:
        st.title("Report", anchor=False)
        st.info("Nothing has been trained yet. The preset `full-workflow` trains and evaluates a network in one go.")
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report head"):
        info = run_picker.pick(runs)
        if st.button("Take away", icon=":material/download:", key="report take away"):
            take_away(info)
    run_picker.explain_missing()
    if st.query_params.get("run") != info.id:
        st.query_params.from_dict({"run": info.id})
    head(info)
    numbers(info)
    further(info)
    drawn(info, theme())


def head(info: RunInfo) -> None:
    """Name, state, time, and a note if there is one."""
    line = status_line(info)
    st.title(plain(info.name), anchor=False)
    facts = [line.headline, f"{info.created_at:%Y-%m-%d %H:%M} UTC", *line.facts]
    if info.started_at and info.finished_at:
        facts.append(f"{duration((info.finished_at - info.started_at).total_seconds())} by the clock")
    st.caption(plain(" · ".join(facts)))
    for text in (info.message, info.note):
        if text:
            st.markdown(plain(text))


def numbers(info: RunInfo) -> None:
    """End figures and settings."""
    rows = report.end_figures(lab.store().run(info.id).metrics())
    st.subheader("End figures", anchor=False)
    if rows:
        names = {key: key.capitalize() for key in rows[0]}
        st.dataframe(
            rows, hide_index=True, column_config=names, height="content", key="report figures", alt="End figures"
        )
    else:
        st.caption("Nothing measured yet.")
    st.subheader("Settings", anchor=False, help="Those that are not their defaults.")
    settings = report.settings(info.config)
    if settings:
        names = {"setting": "Setting", "value": "Here", "default": "Default"}
        st.dataframe(settings, hide_index=True, column_config=names, key="report settings", alt="Settings")
    else:
        st.caption("All settings are their defaults.")


def further(info: RunInfo) -> None:
    """Where the rest of the report is: it is computed when asked for."""
    here = {"run": info.id}
    with st.container(horizontal=True, gap="small"):
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


def drawn(info: RunInfo, theme: Theme) -> None:
    """The last filters and reconstructions of each stage."""
    run, url = lab.store().run(info.id), lab.store().url
    for stage in recorded_stages(info.config):
        filters = run.latest_snapshot("filters", stage.key)
        strip = run.latest_snapshot("reconstructions", stage.key)
        if filters is None and strip is None:
            continue
        st.subheader(stage.label.capitalize(), anchor=False)
        left, right = st.columns(2)
        if filters is not None:
            shown = pictures.pixels(url, info.id, filters.id, "filters")
            options = MosaicOptions(columns=10, rows=-(-min(len(shown), 100) // 10), theme=theme, scale=2)
            with left:
                st.image(mosaic.mosaic(shown, options), width="stretch", output_format="PNG", alt="Filters")
                st.caption("Weights of the first units; blue inhibits, orange excites.")
        if strip is not None:
            shown = pictures.pixels(url, info.id, strip.id, "reconstructions")
            with right:
                content = reconstructions.strip(shown, min(CASES, shown.shape[1]), theme, 2)
                st.image(content, width="stretch", output_format="PNG", alt="Reconstructions")
                st.caption("Held-out images above what comes back, mean-field through all layers trained so far.")


area()
