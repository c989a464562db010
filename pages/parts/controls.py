"""What a person may do to a run: start, pause, step, stop, and turn the knobs that may change while it trains."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from dbn_core.commands import Command, Pause, Resume, SetHyperparameter, Step, Stop
from dbn_core.config import RunConfig, hyperparameter, hyperparameters
from dbn_core.config.layer_settings import layer_key
from dbn_core.config.stages import LATER, depth_of, kind_of
from dbn_core.errors import ConfigError, LabError
from dbn_core.records import CommandRecord, RunInfo, RunStatus
from dbn_core.view.settings import flat
from dbn_core.view.status import is_interrupted
from pages.parts import drawn
from pages.parts.errors import plain
from pages.parts.settings import widget
from web import lab

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)  # updates a second; beside full speed, which is None
SPEED = "updates_per_second"
KNOBS = (
    "training.learning_rate",
    "training.k",
    "training.momentum",
    "training.weight_decay",
    "training.sparsity_target",
)
SHORT = {"training.sparsity_target": "Sparsity target"}  # the unit would not fit above so small a field
PROBLEM = "control problem"  # of which run, and what
OURS = "commands sent here"  # ids of this session's own
CLOSED = frozenset({RunStatus.DONE, RunStatus.DIVERGED})  # no training goes on from there


# -- what holds now -------------------------------------------------------------------------------------------------


def config_in_force(info: RunInfo, commands: Sequence[CommandRecord]) -> RunConfig:
    """The configuration with every change that was sent and not refused."""
    config = info.config
    for record in commands:
        if isinstance(record.command, SetHyperparameter) and not record.problem:
            # One that is not allowed came from elsewhere and waits for the worker to refuse it, with a reason.
            with suppress(ConfigError):
                stage = (record.position or info.progress.position).stage
                config = config.with_live_value(record.command.field, record.command.value, stage)
    return config


def will_be_paused(info: RunInfo, commands: Sequence[CommandRecord]) -> bool:
    """Whether the run is, or is about to be, waiting for a person: commands on their way count."""
    paused = info.status is RunStatus.PAUSED
    for record in commands:
        if record.position is None and not record.problem:
            paused = _after(record.command, paused)
    return paused


def _after(command: Command, paused: bool) -> bool:
    match command:
        case Pause() | Step():
            return True
        case Resume():
            return False
        case _:
            return paused


# -- buttons --------------------------------------------------------------------------------------------------------


def buttons(info: RunInfo, commands: Sequence[CommandRecord]) -> None:
    """Pause or Resume, Step, Stop; each also by one key. Only those that can do something."""
    if info.status in CLOSED:
        return
    if info.status.is_finished or is_interrupted(info):
        st.button(
            "Resume",
            icon=":material/resume:",
            key="again",
            shortcut="Space",
            on_click=_queue_again,
            args=(info.id,),
            help="Go on from the last checkpoint.",
        )
        return
    paused = will_be_paused(info, commands)
    st.button(
        "Resume" if paused else "Pause",
        icon=":material/play_arrow:" if paused else ":material/pause:",
        key="pause",
        shortcut="Space",
        on_click=_send,
        args=(info.id, Resume() if paused else Pause()),
    )
    _command("Update", "skip_next", "step", "U", info.id, Step("update"), "Make one update, then wait.")
    _command("Epoch", "fast_forward", "epoch", "E", info.id, Step("epoch"), "Train to the end of the epoch.")
    _command("Stop", "stop", "stop", "X", info.id, Stop(), "End the run; its state is saved.")


def _command(label: str, icon: str, key: str, shortcut: str, run_id: str, command: Command, tip: str) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=key,
        shortcut=shortcut,
        on_click=_send,
        args=(run_id, command),
        help=tip,
    )


# -- knobs ----------------------------------------------------------------------------------------------------------


def knobs(info: RunInfo, commands: Sequence[CommandRecord]) -> None:
    """Speed and every setting that may change while training, at the values in force for what trains."""
    values = flat(config_in_force(info, commands).for_layer(depth_of(info.progress.position.stage)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="knobs"):
        _speed(info.id, values[SPEED], _knob_key(info.id, SPEED, commands))
        near = knobs_of(info.progress.position.stage)
        for key in near:
            with st.container(width=132):
                _knob(info.id, key, values[key], _knob_key(info.id, key, commands))
        others = others_of(info.config, near)
        with st.popover("More", icon=":material/tune:", key="more knobs"):
            for key in others:
                _knob(info.id, key, values[key], _knob_key(info.id, key, commands))
    of, problem = st.session_state.pop(PROBLEM, ("", ""))
    if of == info.id:
        st.error(plain(problem), icon=":material/error:")


def knobs_of(stage: str) -> tuple[str, ...]:
    """The settings that the stage in training obeys, those most often turned."""
    kind = kind_of(stage)
    if kind not in LATER:
        return KNOBS
    return tuple(item.key for item in hyperparameters() if item.live and item.group == kind.obeys)


def others_of(config: RunConfig, near: Sequence[str]) -> list[str]:
    """Every other setting that may change while this run trains: those of stages it does not have would do nothing."""
    missing = {kind.obeys for kind in LATER} - {kind_of(stage).obeys for stage in config.stages}
    return [
        item.key
        for item in hyperparameters()
        if item.live and item.key not in (*near, SPEED) and item.group not in missing
    ]


def _speed(run_id: str, value: float | None, key: str) -> None:
    options = [*sorted({*SPEEDS, value} if value is not None else SPEEDS), None]
    st.session_state[key] = value
    with st.container(width=190):
        st.select_slider(
            "Speed",
            options=options,
            format_func=lambda rate: "full" if rate is None else f"{rate:g}/s",
            key=key,
            on_change=_turn,
            args=(run_id, SPEED, key),
            help="Full speed, or slow motion in updates per second.",
        )


def _knob(run_id: str, field: str, value: Any, key: str) -> None:
    st.session_state[key] = value
    item = hyperparameter(field)
    widget(item, key, name=item.label, on_change=_turn, args=(run_id, field, key))


def _knob_key(run_id: str, field: str, commands: Sequence[CommandRecord]) -> str:
    """Another one whenever somebody else has turned the knob.

    A browser that has not heard of it yet still tells the old value, which must not count as turned here: of keys that
    were not drawn last nothing counts.
    """
    ours = st.session_state.get(OURS, ())
    theirs = [
        record.id
        for record in commands
        if isinstance(record.command, SetHyperparameter)
        and layer_key(record.command.field)[1] == field
        and record.id not in ours
    ]
    key = f"knob {run_id} {field} {theirs[-1] if theirs else ''}".rstrip()
    drawn.note(key)
    return key


# -- callbacks ------------------------------------------------------------------------------------------------------


def _turn(run_id: str, field: str, key: str) -> None:
    if not drawn.counts(key):
        return
    value = st.session_state[key]
    run = lab.store().run(run_id)
    try:
        info = run.info()
        config_in_force(info, run.commands()).with_live_value(field, value, info.progress.position.stage)
    except ConfigError as error:
        st.session_state[PROBLEM] = run_id, f"{hyperparameter(field).label}: {error.problems.get(field, str(error))}"
        return
    _send(run_id, SetHyperparameter(field, value))


def _send(run_id: str, command: Command) -> None:
    try:
        sent = lab.store().run(run_id).send(command)
    except LabError as error:
        st.session_state[PROBLEM] = run_id, str(error)
    else:
        st.session_state[OURS] = {*st.session_state.get(OURS, ()), sent}


def _queue_again(run_id: str) -> None:
    try:
        lab.store().run(run_id).queue()
    except LabError as error:
        st.session_state[PROBLEM] = run_id, str(error)
        return
    lab.cluster().submit(run_id)
