"""Generate: what a trained network dreams, live; between two digits; and how good its samples are."""

import streamlit as st

from dbn_core.records import RunInfo
from dbn_core.view.words import stage_name
from pages.parts import lab, notices, run_picker
from pages.parts.generate_view import generate_view


def choose_checkpoint(info: RunInfo) -> int | None:
    """Which epoch's weights; the newest unless chosen otherwise, None where there are none yet."""
    kept = {saved.id: saved for saved in lab.store().run(info.id).checkpoints()}
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


def page() -> None:
    """All of it."""
    runs = list(lab.store().runs())
    if not runs:
        st.title("Generate", anchor=False)
        st.info("There is no network to dream yet. Start any run on the Train page: after its first epoch it dreams.")
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")
        return
    with st.container(gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls"):
            info = run_picker.pick(runs)
            checkpoint = choose_checkpoint(info)
        run_picker.explain_missing()
        notices.no_cluster(info)
        if checkpoint is None:
            st.info("This run has no checkpoint yet: it can dream as soon as it has one, after its first epoch.")
            st.button("Look again", icon=":material/refresh:", key="generate again")
            return
        kept = {saved.id: saved for saved in lab.store().run(info.id).checkpoints()}
        generate_view(info, checkpoint, kept[checkpoint].position, with_vae(info, runs))
    if st.query_params.get("run") != info.id:
        st.query_params["run"] = info.id


page()
