"""DBN against VAE: choose or start the two runs, then one table by the same definitions, and samples side by side."""

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dbn_core.config import RunConfig
from dbn_core.data.catalogue import dataset_info
from dbn_core.errors import LabError
from dbn_core.records import RunInfo, RunStatus
from dbn_core.view import compare_vae as view
from dbn_core.view import dreams
from dbn_core.view.words import duration
from pages.parts import lab
from pages.parts.compare_desk import Asked, desk
from pages.parts.errors import plain
from pages.parts.theme import theme

COMPARE = "dbn_core.inference.comparison:compare_with_vae"
QUALITY = "dbn_core.inference.generation:sample_quality"
DBN, VAE, PROBLEM = "compare dbn", "compare vae", "compare vae problem"
CHAINS, TEMPERATURES = 100, 1000
IMAGES, STEPS = 1000, 200
Question = tuple[Any, ...]  # name of the function and its arguments
EVERY = 2.0  # seconds between looks at a question that is open


def panel(runs: list[RunInfo]) -> dict[str, str]:
    """Both runs and what is to be seen of them; answers what the address should say."""
    deep = [info for info in runs if view.is_dbn(info.config)]
    if not deep:
        st.info(
            "There is no DBN of binary units yet. Train one on the Train page (`first-look` takes seconds); then a VAE "
            "of comparable size can be set beside it here."
        )
        st.page_link("train.py", label="Go to Train", icon=":material/model_training:")
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="compare vae form"):
        mine = _choice("DBN", deep, DBN, "dbn")
        like = [info for info in runs if view.is_vae(info.config) and view.same_images(info.config, mine.config)]
        theirs = _choice("VAE on the same images", like, VAE, "vae") if like else None
        _start_button(mine)
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.warning(plain(problem), icon=":material/info:")
    if theirs is None:
        st.info("No run has trained a VAE on these images yet. The button starts one.", icon=":material/info:")
        return {"dbn": mine.id}
    busy = _busy(mine.id, theirs.id)
    st.fragment(_comparison, run_every=EVERY if busy else None)(mine.id, theirs.id, busy)
    return {"dbn": mine.id, "vae": theirs.id}


def _choice(label: str, runs: list[RunInfo], key: str, name: str) -> RunInfo:
    found = {info.id: info for info in runs}
    asked = st.session_state.get(key) or st.query_params.get(name, "")
    st.session_state[key] = asked if asked in found else runs[0].id
    with st.container(width=280):
        chosen = st.selectbox(
            label, list(found), format_func=lambda run_id: found[run_id].name if run_id in found else "", key=key
        )
    return found[chosen]


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


def pixels_of(config: RunConfig) -> int:
    """Visible units of the first layer: pixels of an image or patch, times colours."""
    shape = dataset_info(config.data.name).shape
    height, width = (config.data.patch, config.data.patch) if config.data.patch else shape[:2]
    colours = 1 if config.data.grey else shape[2]
    return height * width * colours


# -- what was measured ------------------------------------------------------------------------------------------------


def _busy(*runs: str) -> bool:
    return any(not lab.store().run(run_id).info().status.is_finished for run_id in runs)


def _comparison(dbn: str, vae: str, busy: bool) -> None:
    """The two as they are now; looks again by itself while one of them trains."""
    if busy and not _busy(dbn, vae):
        st.rerun()
    infos = lab.store().run(dbn).info(), lab.store().run(vae).info()
    checkpoints = [_newest(run_id) for run_id in (dbn, vae)]
    behind = {info.id: info for info in infos if not info.status.is_finished}
    for info in behind.values():
        progress = info.progress
        done = f"epoch {progress.position.epoch:.1f} of {progress.epochs:g}" if progress.epochs else "waiting"
        st.caption(plain(f"{info.name} is still in training ({done}): figures are of its last checkpoint."))
    if None in checkpoints:
        st.info("One of the two has no checkpoint yet; its first one comes with its first epoch.")
    else:
        mine, theirs = (dbn, checkpoints[0]), (vae, checkpoints[1])
        question = (COMPARE, lab.store().url, mine, theirs, CHAINS, TEMPERATURES)
        _table(desk.find(*question), question, infos)
        asked = (QUALITY, lab.store().url, *mine, IMAGES, STEPS, 0, theirs)
        _quality(desk.find(*asked), asked)


def _newest(run_id: str) -> int | None:
    return max((item.id for item in lab.store().run(run_id).checkpoints()), default=None)


def _table(found: Asked | None, question: Question, infos: tuple[RunInfo, RunInfo]) -> None:
    if _pending(found, question, "Compare the two", "compare vae go", "errors, likelihood bounds and samples"):
        return
    assert found is not None
    answer = found.answer
    seconds = (_spent(infos[0]), _spent(infos[1]))
    st.markdown(f"**On all {answer['images']:,} held-out images, mean over images**")
    # Markdown, not a data frame: definitions are sentences, which wrap, and no row hides below a scroll bar.
    rows = [[row[key] for key in ("measure", "unit", "dbn", "vae")] for row in view.table(answer, infos, seconds)]
    lines = [" | ".join(plain(text) for text in row) for row in rows]
    st.markdown("| Measure | Unit | DBN | VAE |\n|---|---|---|---|\n" + "\n".join(f"| {line} |" for line in lines))
    st.caption(
        "Bounds of different kinds say different things: an exact or AIS figure of one layer is the log-likelihood "
        "itself; of several layers, and of a VAE, it is a lower bound. Grey images are binarised once, the same for "
        f"both. AIS: {answer['chains']} chains, {answer['temperatures']:,} temperatures; in brackets its 3 sigma "
        "interval."
    )
    if answer["warning"]:
        st.warning(plain(answer["warning"]), icon=":material/info:")
    columns = st.columns(2)
    titles = ("Dreams of the DBN, 200 Gibbs steps from noise", "Samples of the VAE, z from the prior")
    for column, title, pictures in zip(columns, titles, answer["samples"], strict=True):
        with column:
            st.markdown(f"**{title}**")
            st.image(dreams.sheet(pictures, 10, theme(), 2), width="stretch", output_format="PNG", alt=title)


def _spent(info: RunInfo) -> str:
    """Of the whole run; of one that is in training, so far."""
    if info.started_at is None:
        return "–"
    end = info.finished_at or datetime.now(UTC)
    more = "" if info.status is RunStatus.DONE else " so far"
    return duration((end - info.started_at).total_seconds()) + more


def _quality(found: Asked | None, question: Question) -> None:
    if _pending(found, question, "Score the samples", "compare quality go", f"{IMAGES:,} images of each are judged"):
        return
    assert found is not None
    st.markdown(f"**Quality of {found.answer['count']:,} samples of each**")
    names = view.QUALITY_COLUMNS
    st.dataframe(
        view.quality(found.answer),
        hide_index=True,
        height="content",
        column_config={"source": st.column_config.TextColumn("Images")}
        | {
            key: st.column_config.NumberColumn(title, help=about, format="%.3f")
            for key, (title, about) in names.items()
        },
        key="compare quality",
        alt="Quality of samples",
    )


def _pending(found: Asked | None, question: Question, label: str, key: str, words: str) -> bool:
    """Draws the button, the waiting or the problem; False where there is an answer to draw."""
    if found is not None and found.state == "done":
        return False
    if found is not None and found.is_open:
        _watch(question)
        return True
    st.button(label, key=key, type="primary", help=words[0].upper() + words[1:] + ".", on_click=desk.ask, args=question)
    if found is not None:
        st.error(plain(found.problem))
    return True


@st.fragment(run_every=EVERY)
def _watch(question: Question) -> None:
    found = desk.find(*question)
    if found is None or not found.is_open:
        st.rerun()
        return
    waiting = f"computing for {duration(found.elapsed)}" if found.state == "running" else "waiting for a worker"
    st.caption(f":material/hourglass: A worker is asked; {waiting}.", help="Other pages go on meanwhile.")
