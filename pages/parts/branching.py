"""Rewind and branch: a child run that goes on from any epoch that was kept, with other settings."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dbn_core.config import Hyperparameter, RunConfig, hyperparameter, setting_keys
from dbn_core.config.layer_settings import layer_key
from dbn_core.config.stages import stage_name
from dbn_core.errors import ConfigError, LabError, RunNotFoundError
from dbn_core.records import RunInfo
from dbn_core.store import CheckpointInfo
from dbn_core.store.runs import BOUND
from dbn_core.view.settings import flat, label, named, shown
from dbn_core.view.words import number
from pages.parts import run_picker
from pages.parts.errors import plain
from pages.parts.settings import widget
from web import lab

FIRST = (
    "training.learning_rate",
    "training.k",
    "training.momentum",
    "training.weight_decay",
    "training.sparsity_target",
    "training.sparsity_cost",
    "epochs",
)
FILLED = "branch filled"


def button(info: RunInfo) -> None:
    """Opens the dialog for a run; nothing to press before something was kept."""
    kept = checkpoints(info.id)
    pressed = st.button(
        "Branch",
        icon=":material/fork_right:",
        key="branch",
        disabled=not kept,
        help="Go back to an epoch of this run and train on from there with other settings."
        if kept
        else "There is no checkpoint to branch from yet.",
    )
    if pressed:
        dialog(info.id, {})


def checkpoints(run_id: str) -> list[CheckpointInfo]:
    """The checkpoints to choose from, in the order of training: one for each position."""
    try:
        kept = lab.store().run(run_id).checkpoints()
    except RunNotFoundError:
        return []
    return sorted({item.position.step: item for item in kept}.values(), key=lambda item: item.position.step)


def may_differ(parent: RunConfig) -> list[Hyperparameter]:
    """Settings that a branch may change, those most often wanted first, those that single layers have last."""
    free = [item for item in map(hyperparameter, setting_keys(parent)) if _is_free(item)]
    return sorted(free, key=lambda item: FIRST.index(item.key) if item.key in FIRST else len(FIRST))


def _is_free(item: Hyperparameter) -> bool:
    return layer_key(item.key)[1] not in BOUND and len(item.choices) != 1


def dialog(run_id: str, changes: dict[str, Any], title: str = "Branch from here") -> None:
    """Choose an epoch and settings. `changes`: the remedy of an advice, filled in already."""
    open_dialog = st.dialog(title, width="large", on_dismiss=lambda: st.session_state.pop(FILLED, None))
    open_dialog(_content)(run_id, changes)


def _content(run_id: str, changes: dict[str, Any]) -> None:
    try:
        info = lab.store().run(run_id).info()
    except RunNotFoundError:
        st.error("This run was deleted. Choose another one.")
        return
    kept = checkpoints(run_id)
    if not kept:
        st.info("There is no checkpoint to branch from yet. One is kept at the end of every epoch.")
        return
    st.caption(f"A child of {plain(info.name)} goes on from the chosen epoch; its parent shows as a grey line.")
    start = _epoch(kept)
    parent = parent_config(run_id, start.id)
    acting = {name: value for field, value in changes.items() for name in parent.acting(field, start.position.stage)}
    _fill(run_id, parent, acting)
    _form(parent, start.position.stage)
    try:
        config = _chosen(parent)
    except ConfigError as error:
        _complain(error)
        return
    _differences(parent, config)
    stage, epoch = start.position.stage, start.position.epoch
    left = config.epochs_left(stage, epoch - parent.epochs_before(stage))
    if not left:
        st.info(
            "Here the run is at its end: a child with these settings would have nothing to train. Raise Epochs, or add "
            "a stage among all other settings (fine-tuning, a VAE)"
            + (", or go back to an earlier epoch." if len(kept) > 1 else "."),
            icon=":material/info:",
        )
    if st.button("Branch and train", type="primary", icon=":material/fork_right:", key="branch go", disabled=not left):
        _go(run_id, start.id, config)


def _epoch(kept: Sequence[CheckpointInfo]) -> CheckpointInfo:
    """The checkpoint at the chosen place; the last one is marked by default."""
    by_id = {item.id: item for item in kept}
    if len(kept) == 1:
        st.markdown(f"**{_name(kept[0])}** is the only one kept.")
        return kept[0]
    chosen = st.select_slider(
        "Go back to", list(by_id), value=kept[-1].id, format_func=lambda at: _name(by_id[at]), key="branch epoch"
    )
    return by_id[chosen]


def _name(item: CheckpointInfo) -> str:
    where = item.position
    return f"epoch {where.epoch:g}, {stage_name(where.stage)}" if where.step else "the start"


def parent_config(run_id: str, checkpoint_id: int) -> RunConfig:
    """The settings in force at a checkpoint. Raises StoreError when it is no longer kept."""
    saved = lab.store().run(run_id).checkpoint(checkpoint_id)
    if saved is None:
        raise RunNotFoundError("This epoch is no longer kept. Close this and choose another one.")
    return saved.config


def _fill(run_id: str, parent: RunConfig, changes: dict[str, Any]) -> None:
    """Put the settings in force at the epoch, with the changes, into the form: when it opens, and where they differ."""
    opened = (run_id, changes, parent)
    there = all(_key(item.key) in st.session_state for item in may_differ(parent))
    if there and st.session_state.get(FILLED) == opened:
        return
    st.session_state[FILLED] = opened
    for key, value in (flat(parent) | changes).items():
        st.session_state[_key(key)] = shown(hyperparameter(key), value)


def _form(parent: RunConfig, stage: str) -> None:
    """Those most often wanted as they act on the stage: of a layer with settings of its own these, under its name."""
    acting = [name for field in FIRST for name in parent.acting(field, stage)]
    first = sorted((item for item in may_differ(parent) if item.key in acting), key=lambda item: acting.index(item.key))
    others = [item for item in may_differ(parent) if item not in first]
    columns = st.columns(3)
    for at, item in enumerate(first):
        with columns[at % 3]:
            widget(item, _key(item.key))
    with st.expander("All other settings that a branch may change"):
        columns = st.columns(3)
        for at, item in enumerate(others):
            with columns[at % 3]:
                widget(item, _key(item.key))


def _chosen(parent: RunConfig) -> RunConfig:
    """The parent's settings with those of the form. Raises ConfigError."""
    return parent.with_values({item.key: st.session_state[_key(item.key)] for item in may_differ(parent)})


def _complain(error: ConfigError) -> None:
    lines = [f"- **{plain(named(key))}**: {plain(text)}" for key, text in error.problems.items()]
    st.error("\n".join(lines), title="Please mend")


def _differences(parent: RunConfig, config: RunConfig) -> None:
    changed = parent.differences(config)
    words = [f"{label(hyperparameter(key))} {number(before)} → {number(now)}" for key, (before, now) in changed.items()]
    st.caption(
        plain("Changed: " + " · ".join(words))
        if words
        else "Nothing is changed: on the processor the child will be its parent, bit for bit."
    )


def _go(run_id: str, checkpoint_id: int, config: RunConfig) -> None:
    store = lab.store()
    try:
        child = store.branch(store.run(run_id), checkpoint_id, config)
    except LabError as error:
        st.error(plain(str(error)))
        return
    lab.cluster().submit(child.id)
    st.session_state.pop(FILLED, None)
    run_picker.choose(child.id)
    st.switch_page("train.py", query_params={"run": child.id})


def _key(key: str) -> str:
    return f"branch setting {key}"
