"""Features: the whole life of every learnt feature, in every layer, under one scrubber."""

import streamlit as st

from dbn_core.config import RunConfig
from dbn_core.data.catalogue import dataset_info
from pages.parts import lab, notices, run_picker
from pages.parts.features_view import features_view

PRESET = "edges-to-parts"
SETS = ("digits", "mnist")
CHOSEN = "experiment data"


def experiment() -> RunConfig:
    """The source article's experiment, on the data chosen on this page."""
    return RunConfig.preset(PRESET).with_values({"data.name": st.session_state.get(CHOSEN, SETS[0])})


def start_experiment() -> None:
    """Start it and show it."""
    config = experiment()
    run = lab.store().create_run(config, f"edges to parts, {config.data.name}")
    lab.cluster().submit(run.id)
    run_picker.choose(run.id)


def experiment_menu() -> None:
    """What the experiment is, on which images, and its one button."""
    with st.popover("Edges to parts", icon=":material/science:"):
        st.markdown(
            "The source article trains **500 units for 30 epochs** and sees edges after 1 epoch, strokes after 10 and "
            "digit parts after 30. This starts exactly that: staged learning rates from 0.1, parameters within ±4, "
            "64 images an update."
        )
        st.radio(
            "Images",
            SETS,
            format_func=lambda name: dataset_info(name).title,
            key=CHOSEN,
            horizontal=True,
        )
        st.button("Start the experiment", type="primary", icon=":material/play_circle:", on_click=start_experiment)


def empty() -> None:
    """Nothing to look at yet."""
    st.title("Features", anchor=False)
    st.info("Nothing has been trained yet. Start the experiment here, or any run on the Train page.")
    with st.container(horizontal=True, vertical_alignment="center"):
        experiment_menu()
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")


@st.fragment
def area() -> None:
    """The chosen run."""
    runs = lab.store().runs()
    if not runs:
        empty()
        return
    with st.container(gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls"):
            info = run_picker.pick(runs)
            experiment_menu()
        run_picker.explain_missing()
        notices.no_cluster(info)
        features_view(info.id, info.config, on_change=_gone)
    if st.query_params.get("run") != info.id:
        st.query_params["run"] = info.id


def _gone() -> None:
    """The run was deleted elsewhere: the rerun that comes with it shows another one."""


area()
