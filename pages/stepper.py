"""Stepper: contrastive divergence on one digit, one half-step at a time, with the numbers written out."""

import streamlit as st

from dbn_core.config.stages import stage_name
from dbn_core.data.catalogue import dataset_info
from dbn_core.errors import LabError
from dbn_core.metric_table import metric_of
from dbn_core.places import ASSETS
from dbn_core.questions import UNTRAINED, Update
from dbn_core.records import RunInfo
from dbn_core.view import half_steps
from dbn_core.view.half_steps import HalfSteps
from dbn_core.view.texts import texts
from pages.parts import address, notices, run_picker
from pages.parts.context import theme
from pages.parts.errors import plain
from pages.parts.settings import place
from pages.parts.stepper import panels
from pages.parts.stepper.walk import (
    LONGEST,
    answer,
    begin,
    draw_anew,
    go,
    other_digit,
    start_over,
    state,
)
from web import lab

PACE = 1.8  # seconds a half-step in slow motion
FRESH, PLAYING = "stepper drawn", "stepper slow motion"


# -- controls ---------------------------------------------------------------------------------------------------------


def choose_source(info: RunInfo) -> None:
    """Whose weights; another choice starts over."""
    kept = {saved.id: saved for saved in lab.store().run(info.id).lasting_checkpoints()}
    choices = list(kept) if info.parent and kept else [UNTRAINED, *kept]

    def label(checkpoint: int) -> str:
        if checkpoint == UNTRAINED:
            return "epoch 0, untrained"
        position = kept[checkpoint].position
        return f"epoch {position.epoch:.2f}, {stage_name(position.stage)}"

    key = f"stepper checkpoint {info.id}"
    if st.session_state.get(key) not in choices:
        st.session_state[key] = choices[-1]
    chosen = st.selectbox(
        "Weights at",
        choices,
        place(choices, key),
        format_func=label,
        key=key,
        width=240,
        label_visibility="collapsed",
    )
    if (info.id, chosen) != (state().run, state().checkpoint):
        begin(info.id, chosen)


def choose_digit(info: RunInfo) -> int:
    """The class of the next update's image."""
    names = dataset_info(info.config.data.name).label_names
    if st.session_state.get("stepper class") not in range(len(names)):
        st.session_state["stepper class"] = min(3, len(names) - 1)
    label = st.segmented_control(
        "Digit",
        range(len(names)),
        format_func=lambda place: names[place],
        key="stepper class",
        required=True,
        on_change=other_digit,
        args=(0,),
        label_visibility="collapsed",
    )
    st.button(
        "Another",
        icon=":material/shuffle:",
        key="stepper another",
        on_click=other_digit,
        args=(1,),
        help="Another one of its class.",
    )
    return int(label or 0)


def choose_rate(info: RunInfo) -> float:
    """How far an update goes; at first as far as in training."""
    key = f"stepper rate {info.id}"
    st.session_state.setdefault(key, info.config.for_layer(1).training.learning_rate)
    with st.container(width="content", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("Rate η", help="How far one update goes. Large ones are easier to see; training uses small ones.")
        with st.container(width=130):
            rate = st.number_input(
                "Rate η",
                min_value=0.001,
                max_value=10.0,
                value=float(st.session_state[key]),
                step=0.05,
                format="%g",
                key=key,
                label_visibility="collapsed",
            )
    return float(rate)


def buttons(update: Update) -> None:
    """The three phases, a half-step, and time."""
    phase, full = state().phase, len(state().history) >= LONGEST
    over = phase == panels.UPDATED and full
    following = 1 if phase == panels.UPDATED else phase + 1
    for label, icon, target, enabled in (
        ("Positive phase", "north", panels.POSITIVE, phase in {0, panels.UPDATED}),
        ("Negative phase", "south", panels.NEGATIVE, phase in {panels.POSITIVE, panels.RECONSTRUCTED}),
        ("Apply update", "add", panels.UPDATED, phase == panels.NEGATIVE),
    ):
        st.button(
            label,
            icon=f":material/{icon}:",
            key=f"stepper {label}",
            type="primary" if enabled and not over else "secondary",
            disabled=not enabled or over,
            on_click=go,
            args=(target, update),
        )
    st.button(
        "Half-step",
        icon=":material/skip_next:",
        key="stepper half",
        shortcut="Right",
        disabled=over,
        on_click=go,
        args=(following, update),
        help="The next half-step alone: h₀, then v₁, then h₁, then the update.",
    )
    st.button("Draw anew", icon=":material/casino:", key="stepper draw", on_click=draw_anew, help="Throw other coins.")
    st.button("Start over", icon=":material/replay:", key="stepper over", on_click=start_over)
    st.toggle("Slow motion", key=PLAYING, help="A half-step every two seconds, by itself.")
    if over:
        st.caption(f"{LONGEST} updates on single digits are enough: start over.")


def ticker(update: Update) -> None:
    """One more half-step each time the timer rings, as long as slow motion is on."""
    st.session_state[FRESH] = True
    playing = st.session_state.get(PLAYING) and len(state().history) < LONGEST

    @st.fragment(run_every=PACE if playing else None)
    def ring() -> None:
        if st.session_state.pop(FRESH, False):
            return  # drawn with the page: the timer has not rung
        phase = state().phase
        go(1 if phase == panels.UPDATED else phase + 1, update)
        address.draw_again()

    ring()


# -- what is seen -----------------------------------------------------------------------------------------------------


def show(info: RunInfo, update: Update) -> None:
    """Sentence, pictures, arithmetic."""
    phase = state().phase
    text = texts("stepper")[phase]
    count = len(state().history)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text["words"], help=text["tip"])
        if count:
            st.caption(f"{count} update{'s' if count > 1 else ''} applied before", width="content")
    try:
        with st.spinner("A worker computes it…", show_time=True):
            outcome = answer(state(), update)
    except LabError as error:
        st.warning(plain(str(error)), title="No answer", icon=":material/cloud_off:")
        st.button("Try again", icon=":material/refresh:", key="stepper again")
        return
    steps = HalfSteps(outcome, update.rate)
    number = f"Held-out image {update.number + 1} of class {outcome['label']}. The network was never trained on it."
    with st.container(key="half-steps", gap="small"):
        panels.states(steps, phase, theme(), number)
        panels.changes(steps, phase, theme())
    shown, all_units = steps.units, len(outcome["h_bias"])
    st.caption(
        f"One tile a unit, always at its place: the first {shown} of {all_units:,} units of layer 1. Vermillion is "
        "positive, blue negative. This page steps through the first layer, by CD-1, whatever the run was trained with."
    )
    arithmetic(info, steps, phase)


def arithmetic(info: RunInfo, steps: HalfSteps, phase: int) -> None:
    """One weight, by hand; and what the update has done to the whole."""
    left, right = st.columns([5, 3], gap="large")
    height, width = steps.shape
    unit, pixel = steps.largest_pair()
    with left:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("One weight by hand", anchor=False, width="content")
            own = st.toggle("Choose the pair", key="stepper own", help="Otherwise the weight that changes most.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if own:
                unit = _whole("Unit j", steps.units, f"stepper unit {info.id}", unit)
                row = _whole("Pixel row", height, f"stepper row {height}", pixel // width)
                column = _whole("Pixel column", width, f"stepper column {width}", pixel % width)
                pixel = row * width + column
        place = f"pixel i = {pixel} (row {pixel // width}, column {pixel % width})"
        st.caption(f"The weight between unit j = {unit} and {place}")
        lines = half_steps.arithmetic(steps, unit, pixel)
        rows = [f"| {line.words} | {f'${line.formula}$' if line.phase <= phase else '…'} |" for line in lines]
        with st.container(key="arithmetic"):
            st.markdown("\n".join(["| half-step | in numbers |", "|---|---|", *rows]))
    with right:
        st.header("What the update does", anchor=False)
        effect(steps, phase)


def _whole(label: str, count: int, key: str, default: int) -> int:
    st.session_state.setdefault(key, default)
    st.session_state[key] = min(st.session_state[key], count - 1)
    with st.container(width=120):
        return int(st.number_input(label, 0, count - 1, st.session_state[key], step=1, key=key))


def effect(steps: HalfSteps, phase: int) -> None:
    """Before and after, for this digit."""
    outcome, known = steps.answer, phase >= panels.UPDATED
    energies = outcome["free_energy"]
    error, energy = metric_of("recon_mse"), metric_of("free_energy")
    rows = (
        (error, "error of reconstructing it", outcome["error_before"], outcome["error_after"]),
        (energy, "free energy of the digit", *energies["v0"]),
        (energy, "free energy of v₁", *energies["v1"]),
        (energy, "digit minus v₁", *(digit - own for digit, own in zip(energies["v0"], energies["v1"], strict=True))),
    )
    lines = [f"| {name} | {row.text(old)} | {row.text(new) if known else '…'} |" for row, name, old, new in rows]
    st.markdown("\n".join(["| of this digit | before | after |", "|---|--:|--:|", *lines]))
    st.caption(
        f"Error: {error.estimator}, {error.unit}. Free energy in {energy.unit}: lower is more probable, and only "
        "differences mean anything. A good update lowers the last row: the digit gains on what the network draws by "
        "itself."
    )


# -- the page ---------------------------------------------------------------------------------------------------------


def page() -> None:
    """All of it."""
    st.html(ASSETS / "stepper.css")
    info = run_picker.suited("Stepper")
    if info is None:
        notices.no_run("Start any run on the Train page: a second later it is here.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stepper source"):
        run_picker.pick(info)
        choose_source(info)
        label = choose_digit(info)
        rate = choose_rate(info)
    run_picker.explain_missing()
    update = Update(label, state().number, state().seed, rate)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stepper buttons"):
        buttons(update)
    show(info, update)
    ticker(update)


page()
