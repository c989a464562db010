"""Features: the whole life of every learnt feature, in every layer, under one scrubber."""

import streamlit as st

from dbn_core.config import RunConfig
from dbn_core.data.catalogue import dataset_info
from pages.parts import address, asked, notices, run_picker, views
from web import lab

PRESET = "source-article"
SETS = ("digits", "mnist")
CHOSEN = "experiment data"
EXPERIMENT = "Start the article's experiment"


def experiment() -> RunConfig:
    """The source article's experiment, on the data chosen on this page."""
    return RunConfig.preset(PRESET).with_values({"data.name": st.session_state.get(CHOSEN, SETS[0])})


def start_experiment() -> None:
    """Start it and show it."""
    config = experiment()
    run = lab.store().create_run(config, f"the article's experiment, {config.data.name}")
    lab.cluster().submit(run.id)
    run_picker.choose(run.id)


def experiment_menu() -> None:
    """What the experiment is, on which images, and its one button."""
    with st.popover(EXPERIMENT, icon=":material/science:"):
        st.markdown(
            "The source article trains **500 units for 30 epochs** and says that it sees edges after 1 epoch, strokes "
            "after 10 and digit parts after 30. This starts exactly that: staged learning rates from 0.1, parameters "
            "within ±4, 64 images an update. What its own numbers say stands beside the article's table."
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
    notices.no_run("Start the article's experiment here, or any run on the Train page.")
    experiment_menu()


@st.fragment
def area() -> None:
    """The chosen run."""
    info = run_picker.suited("Features")
    if info is None:
        empty()
        return
    with st.container(gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls"):
            run_picker.pick(info)
            experiment_menu()
        run_picker.explain_missing()
        notices.no_cluster(info)
        asked.of_run(info, "features")
        views.features(info.id, info.config, on_change=_gone)
    address.write(address.with_run(info.id))


def _gone() -> None:
    """The run was deleted elsewhere: the rerun that comes with it shows another one."""


area()
