"""A/B: two runs with the same seed and data order and one changed knob, side by side with their difference."""

from typing import Any

import streamlit as st

from dbn_core.config import RunConfig, broken_presets, hyperparameter, hyperparameters, presets
from dbn_core.errors import ConfigError
from dbn_core.records import RunInfo
from dbn_core.view.words import number
from pages.parts import lab
from pages.parts.diagnose_view import ab_view
from pages.parts.errors import plain
from pages.parts.settings import flat, shown, widget

BASE, KNOB = "ab base", "ab knob"
SIDES = ("a", "b")
VALUE = {side: f"ab value {side}" for side in SIDES}
RUN = {side: f"ab run {side}" for side in SIDES}
FILLED = "ab filled"
PROBLEM = "ab problem"
# The order of the images follows from these: with another one there is no pair to compare.
SAME = frozenset({"seed", "data.name", "data.train_size", "updates_per_second", "device"})
USUAL = "training.learning_rate"


# -- the experiment ---------------------------------------------------------------------------------------------------


def bases(runs: list[RunInfo]) -> dict[str, tuple[str, RunConfig]]:
    """What a pair may start from: title and configuration, by key."""
    found = {f"preset {item.name}": (item.title, RunConfig.preset(item.name)) for item in presets()}
    found |= {f"run {info.id}": (f"run: {info.name}", info.config) for info in runs}
    broken = {f"preset {item.name}": (item.title, RunConfig.preset(item.name)) for item in broken_presets()}
    return found | broken


def knobs() -> list[str]:
    """Settings of which one may differ."""
    return [item.key for item in hyperparameters() if item.key not in SAME and len(item.choices) != 1]


def configurations(base: RunConfig, knob: str) -> dict[str, RunConfig]:
    """The two sides. Raises ConfigError, also when both have the same value."""
    item = hyperparameter(knob)
    values = {side: st.session_state[VALUE[side]] for side in SIDES}
    if item.kind == "sizes":
        values = {side: item.parse(text) for side, text in values.items()}
    found = {side: base.with_values({knob: value}) for side, value in values.items()}
    if found["a"] == found["b"]:
        raise ConfigError({knob: f"A and B both have {number(found['a'].value(knob))}; give B another value"})
    return found


def start(base: RunConfig, knob: str) -> None:
    """Start both and show them."""
    try:
        found = configurations(base, knob)
    except ConfigError as error:
        st.session_state[PROBLEM] = str(error)
        return
    store = lab.store()
    for side, config in found.items():
        name = f"{hyperparameter(knob).label} {number(config.value(knob))} ({side.upper()})"
        run = store.create_run(config, name[:80])
        lab.cluster().submit(run.id)
        st.session_state[RUN[side]] = run.id


def form(runs: list[RunInfo]) -> None:
    """Base, knob, two values, one button."""
    choices = bases(runs)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="ab form"):
        with st.container(width=250):
            key = st.selectbox("Start from", list(choices), format_func=lambda key: choices[key][0], key=BASE)
        with st.container(width=230):
            knob = st.selectbox("The one knob", knobs(), format_func=_label, key=KNOB, index=knobs().index(USUAL))
        base = choices[key][1]
        fill(key, base, knob)
        for side in SIDES:
            with st.container(width=150):
                widget(hyperparameter(knob), VALUE[side], name=side.upper())
        wrong = problem_of(base, knob)
        st.button(
            "Start both",
            type="primary",
            icon=":material/play_circle:",
            key="ab start",
            on_click=start,
            args=(base, knob),
            disabled=bool(wrong),
            help="Same seed, same images in the same order; only the knob differs.",
        )
        if runs:
            chooser(runs)
    problem = wrong or st.session_state.pop(PROBLEM, "")
    if problem:
        st.warning(plain(problem), icon=":material/info:")


def fill(key: str, base: RunConfig, knob: str) -> None:
    """A as in the base, B something else, whenever base or knob is another one."""
    if st.session_state.get(FILLED) == (key, knob) and all(VALUE[side] in st.session_state for side in SIDES):
        return
    st.session_state[FILLED] = (key, knob)
    item, value = hyperparameter(knob), flat(base)[knob]
    st.session_state[VALUE["a"]] = shown(item, value)
    st.session_state[VALUE["b"]] = shown(item, another(knob, value))


def another(knob: str, value: Any) -> Any:
    """A value worth comparing with this one, within the knob's range."""
    item = hyperparameter(knob)
    match item.kind:
        case "bool":
            return not value
        case "choice":
            return next(choice for choice in item.choices if choice != value)
        case "sizes":
            return [max(1, size // 2) for size in value]
        case _ if value is None:
            return {"training.sparsity_target": 0.1, "training.clamp": 4.0}.get(knob, item.minimum or 1)
        case "int":
            return int(min(item.maximum or value + 1, value * 2 if value else 1))
        case _:
            half = value / 2 if value else 0.1
            return float(f"{half:.3g}")


def problem_of(base: RunConfig, knob: str) -> str:
    """What is wrong with the two values, "" when they make a pair."""
    try:
        configurations(base, knob)
    except ConfigError as error:
        return f"{hyperparameter(knob).label}: {error.problems.get(knob, str(error))}"
    return ""


def _label(key: str) -> str:
    return hyperparameter(key).label


# -- two runs ---------------------------------------------------------------------------------------------------------


def choose(runs: list[RunInfo]) -> tuple[dict[str, RunInfo], bool]:
    """(the two runs to show, from the address or chosen by hand; whether one that was asked for is gone)."""
    found = {info.id: info for info in runs}
    missing = False
    for place, side in enumerate(SIDES):
        asked = st.session_state.get(RUN[side]) or st.query_params.get(side)
        missing = missing or bool(asked and asked not in found)
        # Of the two newest runs the older one is A: it was started first.
        newest = list(found)[min(1 - place, len(found) - 1)]
        st.session_state[RUN[side]] = asked if asked in found else newest
    return {side: found[st.session_state[RUN[side]]] for side in SIDES}, missing


def chooser(runs: list[RunInfo]) -> None:
    """Any two runs instead of a pair that was started here."""
    found = {info.id: info for info in runs}
    with st.popover("Any two runs", icon=":material/swap_horiz:", key="ab runs"):
        for side in SIDES:
            st.selectbox(
                f"{side.upper()} shows",
                list(found),
                format_func=lambda run_id: found[run_id].name if run_id in found else "",
                key=RUN[side],
            )


def differences(pair: dict[str, RunInfo]) -> str:
    """In which settings the two differ, in words."""
    changed = pair["a"].config.differences(pair["b"].config)
    if not changed:
        return "The same settings: on the processor their curves lie on each other."
    words = [f"{_label(key)} {number(a)} against {number(b)}" for key, (a, b) in changed.items()]
    names = f"A is {pair['a'].name}, B is {pair['b'].name}"
    by_chance = changed.keys() & {"seed", "data.name", "data.train_size"}
    apart = ". Seed or images differ too, so chance plays a part" if by_chance else ""
    return f"{names}. {' · '.join(words)}{apart}."


@st.fragment
def area() -> None:
    """The experiment and the pair."""
    runs = lab.store().runs()
    pair, missing = choose(runs) if runs else ({}, False)
    form(runs)
    if missing:
        st.info("A run that was asked for is no longer here; a newer one takes its place.", icon=":material/info:")
    if not pair:
        st.info("Choose a knob and two values, and start both: they train side by side.", icon=":material/info:")
        return
    if pair["a"].id == pair["b"].id:
        st.info("A and B show the same run. Choose another one for B, or start a pair above.", icon=":material/info:")
        return
    st.caption(plain(differences(pair)))
    sides = [{"id": info.id, "label": side.upper(), "config": info.config} for side, info in pair.items()]
    ab_view(sides, on_change=_gone)
    wanted = {side: info.id for side, info in pair.items()}
    if {side: st.query_params.get(side) for side in SIDES} != wanted:
        st.query_params.from_dict(wanted)


def _gone() -> None:
    """A run was deleted elsewhere: the rerun that comes with it shows another one."""


area()
