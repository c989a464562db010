"""A/B: two runs with the same seed and data order and one changed knob, side by side with their difference."""

from typing import Any

import streamlit as st

from dbn_core.config import RunConfig, broken_presets, hyperparameter, presets, setting_keys
from dbn_core.errors import ConfigError
from dbn_core.records import RunInfo
from dbn_core.view.settings import flat, shown
from dbn_core.view.words import number
from pages.parts import address, examples, run_picker, views
from pages.parts.errors import plain
from pages.parts.settings import place, widget
from web import lab

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
    choices = {f"preset {item.name}": (item.title, RunConfig.preset(item.name)) for item in presets()}
    names = run_picker.names(runs)
    choices |= {f"run {info.id}": (f"run: {names[info.id]}", info.config) for info in runs}
    broken = {f"preset {item.name}": (item.title, RunConfig.preset(item.name)) for item in broken_presets()}
    return choices | broken


def knobs(base: RunConfig) -> list[str]:
    """Settings of which one may differ, those that layers of the base have of their own last."""
    items = map(hyperparameter, setting_keys(base))
    return [item.key for item in items if item.key not in SAME and len(item.choices) != 1]


def configurations(base: RunConfig, knob: str) -> dict[str, RunConfig]:
    """The two sides. Raises ConfigError, also when both have the same value."""
    item = hyperparameter(knob)
    values = {side: st.session_state[VALUE[side]] for side in SIDES}
    if item.kind == "sizes":
        values = {side: item.parse(text) for side, text in values.items()}
    configs = {side: base.with_values({knob: value}) for side, value in values.items()}
    if configs["a"] == configs["b"]:
        raise ConfigError({knob: f"A and B both have {number(configs['a'].value(knob))}; give B another value"})
    return configs


def start(base: RunConfig, knob: str) -> None:
    """Start both and show them."""
    try:
        configs = configurations(base, knob)
    except ConfigError as error:
        st.session_state[PROBLEM] = str(error)
        return
    store = lab.store()
    for side, config in configs.items():
        run = store.create_run(config, name_of(side, knob, config))
        lab.cluster().submit(run.id)
        st.session_state[RUN[side]] = run.id


def name_of(side: str, knob: str, config: RunConfig) -> str:
    """What a run of a pair is called: the one setting that is its own."""
    return f"{hyperparameter(knob).label} {number(config.value(knob))} ({side.upper()})"[:80]


def take_pair(pair: dict[str, RunInfo]) -> None:
    """Fill the form from a pair that a link asks for, once, where one knob differs: Start both repeats it."""
    changed = list(pair["a"].config.differences(pair["b"].config)) if pair else []
    if KNOB in st.session_state or len(changed) != 1 or changed[0] in SAME:
        return
    base, knob = f"run {pair['a'].id}", changed[0]
    st.session_state[BASE], st.session_state[KNOB], st.session_state[FILLED] = base, knob, (base, knob)
    for side, info in pair.items():
        st.session_state[VALUE[side]] = shown(hyperparameter(knob), info.config.value(knob))


def form(runs: list[RunInfo]) -> None:
    """Base, knob, two values, one button."""
    choices = bases(runs)
    asked = st.query_params.get("base")
    if asked in choices:
        st.session_state[BASE] = asked
        del st.query_params["base"]  # once: what is chosen afterwards stays
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="ab form"):
        with st.container(width=250):
            key = st.selectbox("Start from", list(choices), format_func=lambda key: choices[key][0], key=BASE)
        with st.container(width=230):
            base = choices[key][1]
            able = knobs(base)
            at = place(able, KNOB) if KNOB in st.session_state else able.index(USUAL)
            knob = st.selectbox("The one knob", able, at, format_func=_label, key=KNOB)
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
    """(the two runs to show, from the address or chosen by hand; whether one that was asked for is gone).

    No pair where none was asked for.
    """
    by_id = {info.id: info for info in runs}
    if not runs or not any(st.session_state.get(RUN[side]) or st.query_params.get(side) for side in SIDES):
        return {}, False
    missing = False
    for at, side in enumerate(SIDES):
        asked = st.session_state.get(RUN[side]) or st.query_params.get(side)
        missing = missing or bool(asked and asked not in by_id)
        # Of the two newest runs the older one is A: it was started first.
        newest = list(by_id)[min(1 - at, len(by_id) - 1)]
        st.session_state[RUN[side]] = asked if asked in by_id else newest
    return {side: by_id[st.session_state[RUN[side]]] for side in SIDES}, missing


def chooser(runs: list[RunInfo]) -> None:
    """Any two runs instead of a pair that was started here."""
    names = run_picker.names(runs)
    with st.popover("Any two runs", icon=":material/swap_horiz:", key="ab runs"):
        for side in SIDES:
            st.selectbox(
                f"{side.upper()} shows",
                list(names),
                index=None,
                placeholder="Choose a run",
                format_func=lambda run_id: names.get(run_id, ""),
                key=RUN[side],
            )


def differences(pair: dict[str, RunInfo]) -> str:
    """In which settings the two differ, in words."""
    changed = pair["a"].config.differences(pair["b"].config)
    if not changed:
        return "The same settings: on the processor their curves lie on each other."
    words = [f"{_label(key)} {number(a)} against {number(b)}" for key, (a, b) in changed.items()]
    are_told = all(info.name == name_of(side, key, info.config) for key in changed for side, info in pair.items())
    names = "" if are_told else f"A is {pair['a'].name}, B is {pair['b'].name}. "
    by_chance = changed.keys() & {"seed", "data.name", "data.train_size"}
    apart = ". Seed or images differ too, so chance plays a part" if by_chance else ""
    return f"{names}{' · '.join(words)}{apart}."


@st.fragment
def area() -> None:
    """The experiment and the pair."""
    runs = [*lab.store().runs(), *examples.shown()]
    pair, missing = choose(runs)
    take_pair(pair)
    form(runs)
    if missing:
        st.info("A run that was asked for is no longer here; a newer one takes its place.", icon=":material/info:")
    if not pair:
        words = "Choose a knob and two values, and start both: they train side by side."
        meanwhile: dict[str, RunInfo] = dict(zip(SIDES, examples.shown(), strict=False))
        more = " Until then two examples show what you will see." if len(meanwhile) == len(SIDES) else ""
        st.info(words + more, icon=":material/info:")
        if more:
            side_by_side(meanwhile)
        return
    if pair["a"].id == pair["b"].id:
        st.info("A and B show the same run. Choose another one for B, or start a pair above.", icon=":material/info:")
        return
    side_by_side(pair)
    wanted = {side: info.id for side, info in pair.items()}
    address.write(wanted)


def side_by_side(pair: dict[str, RunInfo]) -> None:
    """Both runs, and in which settings they differ."""
    st.caption(plain(differences(pair)))
    views.ab({side.upper(): info for side, info in pair.items()}, on_change=_gone)


def _gone() -> None:
    """A run was deleted elsewhere: the rerun that comes with it shows another one."""


area()
