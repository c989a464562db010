"""Generate: what a trained network dreams, live; between two digits; and how good its samples are."""

import streamlit as st

from dbn_core.config.stages import stage_name
from dbn_core.records import RunInfo
from dbn_core.view.dream_warning import METRICS, dream_warning
from pages.parts import address, notices, run_picker, views
from pages.parts.errors import plain
from web import lab

TITLE = "Generate"


def choose_checkpoint(info: RunInfo) -> int | None:
    """Which epoch's weights; the newest unless chosen otherwise, None where there are none yet."""
    kept = {saved.id: saved for saved in lab.store().run(info.id).lasting_checkpoints()}
    if not kept:
        return None
    newest, key = list(kept)[-1], f"generate checkpoint {info.id}"
    if st.session_state.get(key) not in kept:
        st.session_state[key] = newest

    def label(checkpoint: int) -> str:
        position = kept[checkpoint].position
        return f"epoch {position.epoch:.2f}, {stage_name(position.stage)}"

    st.selectbox("Weights at", list(kept), format_func=label, key=key, width=240, label_visibility="collapsed")
    return st.session_state[key]


def with_vae(info: RunInfo, runs: list[RunInfo]) -> list[RunInfo]:
    """Finished runs of the same images that hold a VAE."""
    mine = info.config.data
    return [
        run
        for run in runs
        if run.id != info.id
        and run.config.vae.epochs > 0
        and run.status.is_finished
        and (run.config.data.name, run.config.data.grey, run.config.data.patch) == (mine.name, mine.grey, mine.patch)
    ]


def warn(info: RunInfo) -> None:
    """Of a network whose dreams are poor, or likely to be: that they are, and where better ones are seen."""
    config = info.config
    method = config.for_layer(len(config.layers)).training.method if config.epochs else ""
    words = dream_warning(lab.store().run(info.id).metrics(names=METRICS), method)
    if not words:
        return
    better = run_picker.example(TITLE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="poor dreams"):
        st.markdown(plain(f"{words} Good features are not yet a good model of images."), width="content")
        if better and better.id != info.id:
            st.button(
                f"See {plain(better.name)} dream",
                icon=":material/auto_awesome:",
                key="better dreams",
                on_click=run_picker.open_run,
                args=(better.id,),
            )


def page() -> None:
    """All of it."""
    info = run_picker.suited(TITLE)
    if info is None:
        notices.no_run("Start any run on the Train page: after its first epoch it dreams.")
        return
    address.write(address.with_run(info.id))
    with st.container(gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls"):
            run_picker.pick(info)
            checkpoint = choose_checkpoint(info)
        run_picker.explain_missing()
        notices.no_cluster(info)
        if checkpoint is None:
            st.info("This run has no checkpoint yet: it can dream as soon as it has one, after its first epoch.")
            st.button("Look again", icon=":material/refresh:", key="generate again")
            return
        warn(info)
        kept = {saved.id: saved for saved in lab.store().run(info.id).lasting_checkpoints()}
        views.generate(info, checkpoint, kept[checkpoint].position, with_vae(info, lab.store().runs()))


page()
