"""DBN against VAE: choose the two runs, or start a VAE; `versus` measures and shows them side by side.

What is chosen by hand, or ends its training while it is watched, begins to be measured by itself. A link does not.
"""

import streamlit as st

from dbn_core.config import RunConfig
from dbn_core.data.catalogue import dataset_info
from dbn_core.errors import LabError
from dbn_core.records import RunInfo
from dbn_core.view import compare_vae as view
from pages.parts import notices, run_picker
from pages.parts.compare import versus
from pages.parts.errors import plain
from pages.parts.settings import place
from web import lab
from web.asking.drawing import pixels_of

DBN, VAE, PROBLEM = "compare dbn", "compare vae", "compare vae problem"


def panel(runs: list[RunInfo]) -> dict[str, str]:
    """Both runs and what is to be seen of them; answers what the address should say."""
    deep = [info for info in runs if view.is_dbn(info.config)]
    if not deep:
        st.info(
            "There is no DBN of binary units yet. Train one on the Train page (`first-look` takes seconds); then a VAE "
            "of comparable size can be set beside it here."
        )
        notices.train_link()
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="compare vae form"):
        mine = _choice("DBN", deep, DBN, "dbn", [info for info in deep if _like(info, runs)])
        like = _like(mine, runs)
        theirs = _choice("VAE on the same images", like, VAE, "vae") if like else None
        _start_button(mine)
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.warning(plain(problem), icon=":material/info:")
    if theirs is None:
        st.info("No run has trained a VAE on these images yet. The button starts one.", icon=":material/info:")
        return {"dbn": mine.id}
    versus.draw(mine.id, theirs.id)
    return {"dbn": mine.id, "vae": theirs.id}


def _like(mine: RunInfo, runs: list[RunInfo]) -> list[RunInfo]:
    """Those that have trained a VAE on the same images."""
    return [info for info in runs if view.is_vae(info.config) and view.same_images(info.config, mine.config)]


def _choice(label: str, runs: list[RunInfo], key: str, name: str, first: list[RunInfo] | None = None) -> RunInfo:
    """One of the runs; at first what the address names, else one of `first`, where there is one."""
    by_id = {info.id: info for info in runs}
    asked = st.session_state.get(key) or st.query_params.get(name, "")
    st.session_state[key] = asked if asked in by_id else run_picker.begin_with(first or runs).id
    names = run_picker.names(runs)
    with st.container(width=280):
        chosen = st.selectbox(
            label,
            list(by_id),
            place(list(by_id), key),
            format_func=lambda at: names.get(at, ""),
            key=key,
            on_change=versus.begin_by_itself,
        )
    return by_id[chosen]


# -- a VAE of comparable size -----------------------------------------------------------------------------------------


def _start_button(mine: RunInfo) -> None:
    pixels = pixels_of(mine.config)
    labels = len(dataset_info(mine.config.data.name).label_names) if mine.config.labels.joint else 0
    config = view.matching(mine.config, pixels, labels)
    own = view.dbn_parameters(pixels, mine.config.layers, labels)
    theirs = view.vae_parameters(pixels, config.vae.hidden, config.vae.latent)
    st.button(
        "Train a matching VAE",
        icon=":material/play_circle:",
        key="compare vae start",
        on_click=_start,
        args=(mine, config),
        help=f"On the same images, for {config.vae.epochs} epochs. The DBN has {own:,} parameters; a VAE "
        f"{pixels}-{config.vae.hidden}-{config.vae.latent} has {theirs:,}.",
    )


def _start(mine: RunInfo, config: RunConfig) -> None:
    try:
        run = lab.store().create_run(config, f"VAE like {mine.name}"[:80])
    except LabError as error:
        st.session_state[PROBLEM] = str(error)
        return
    lab.cluster().submit(run.id)
    st.session_state[VAE] = run.id
    versus.begin_by_itself()
