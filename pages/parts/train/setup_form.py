"""The form in the sidebar: a preset, and every setting of a run. Its state is in the session and in the address."""

from contextlib import suppress
from typing import Any

import streamlit as st

from dbn_core.config import (
    Hyperparameter,
    Preset,
    RunConfig,
    broken_presets,
    hyperparameter,
    hyperparameters,
    nearest_preset,
    preset,
    presets,
)
from dbn_core.config.data import is_own
from dbn_core.config.fitting import CHOICES
from dbn_core.data.own import own_names
from dbn_core.errors import ConfigError, RunNotFoundError
from dbn_core.view.naming import run_name
from dbn_core.view.settings import flat, named, said, shown
from pages.parts import address, asked
from pages.parts.errors import plain
from pages.parts.settings import widget
from pages.parts.train import layer_fields, name_and_note, own_images, what_follows
from web import lab, permalink


def _group(name: str) -> tuple[str, ...]:
    return tuple(item.key for item in hyperparameters() if item.group == name)


PRESET = "setup preset"
ADDRESS = "setup address"  # what the address last said about settings, to notice the browser's Back
CORRECTED = "setup corrected"
GROUP = "setup group"
REPEATED = "setup repeats a run"
SOME = 4  # changed settings that are named
MAIN = ("data.name", "layers", "epochs", "batch_size", "training.learning_rate", "training.sparsity_target")
GROUPS = {
    "Images and units": (
        "data.train_size",
        "visible",
        "categories",
        "hidden",
        "data.preprocessing",
        "data.contrast_normalisation",
        "data.grey",
        "data.patch",
    ),
    "Learning rule": (
        "training.order",
        "training.method",
        "training.k",
        "training.chains",
        "training.temperatures",
        "training.fast_learning_rate",
        "training.visible_samples",
        "training.centring",
        "training.propagate",
        "training.learn_variance",
    ),
    "Step size": (
        "training.schedule",
        "training.momentum",
        "training.initial_momentum",
        "training.momentum_switch",
    ),
    "Limits and sparsity": (
        "training.weight_decay",
        "training.l1_decay",
        "training.clamp",
        "training.sparsity_cost",
        "training.sparsity_decay",
        "training.initial_hidden_bias",
    ),
    "Labels and up-down": ("labels.joint", "labels.draw", *_group("updown")),
    "Classifier": _group("finetune"),
    "Likelihood": _group("likelihood"),
    "VAE to compare with": _group("vae"),
    "Hybrid with a CNN": _group("hybrid"),
    "Evaluation": (*_group("evaluation"), *_group("fewlabels")),
}
STAGES = {
    "Labels and up-down": "After pretraining: the whole generative model is tuned. 0 epochs leave it out.",
    "Classifier": "After pretraining: a linear head learns the classes. 0 epochs leave it out.",
    "VAE to compare with": "Trained on the same images after everything else. 0 epochs leave it out.",
    "Hybrid with a CNN": "Trained on the features of the DBN after everything else. 0 epochs leave it out.",
}
REST = "Machine"  # and whatever is in no other group


def take_address() -> None:
    """Fill the form from the address: at first sight, and when Back or Forward has changed it.

    An address that names a run and no setting shows the run's own settings.
    """
    told = address.told()
    settings = _settings_in(told)
    known = st.session_state.get(ADDRESS)
    if PRESET in st.session_state and (known == settings or not settings):
        return
    link = permalink.read(told)
    st.session_state[CORRECTED] = link.corrected
    st.session_state[ADDRESS] = settings
    _fill(link.preset, link.config)
    if not settings and link.run:
        with suppress(RunNotFoundError):  # the picker says so
            take_run(lab.store().run(link.run).info().config)


def draw() -> None:
    """The form, as `take_address` filled it; complaints about all wrong fields at once."""
    chosen = {item.name: item for item in (*presets(), *broken_presets())}
    st.subheader("Set-up", anchor=False)
    st.selectbox(
        "Preset",
        list(chosen),
        format_func=lambda name: chosen[name].title,
        key=PRESET,
        on_change=_take_preset,
        persist_state="session",
    )
    _differences(chosen[st.session_state[PRESET]])
    name_and_note.draw(lambda: "" if problems() else run_name(config()), f"{GROUP} name")
    complaints = st.container()
    what_follows.note(_held())
    for key in MAIN:
        _field(key)
    own_images.draw(_key("data.name"))
    layer_fields.draw(_value(hyperparameter("layers")), f"{GROUP} {layer_fields.TITLE}")
    for title, keys in groups().items():
        with st.expander(title, key=f"{GROUP} {title}", on_change="rerun") as group:
            if group.open:  # fields that nobody sees would hold up the first picture by a third of a second
                if title in STAGES:
                    st.caption(STAGES[title])
                for key in keys:
                    _field(key)
    with complaints:
        _complain()


def groups() -> dict[str, tuple[str, ...]]:
    """Settings behind each expander; one that is named nowhere goes to the last, so that none is ever lost."""
    placed = {*MAIN, *(key for keys in GROUPS.values() for key in keys)}
    rest = tuple(item.key for item in hyperparameters() if item.key not in placed and _is_a_choice(item))
    return GROUPS | {REST: rest}


def config() -> RunConfig:
    """The configuration that the form holds. Raises ConfigError with every wrong field."""
    values = {item.key: _value(item) for item in hyperparameters() if _key(item.key) in st.session_state}
    values |= layer_fields.given(values["layers"])
    chosen = RunConfig.preset(st.session_state[PRESET]).with_values(values)
    if is_own(chosen.data.name) and chosen.data.name not in own_names():
        raise ConfigError(
            {"data.name": f"{chosen.data.name} is no longer here; choose another, or add its images again"}
        )
    return chosen


def title() -> str:
    """What would be started: the preset's title, or "these settings" where something was changed."""
    name = st.session_state[PRESET]
    if config() == RunConfig.preset(name):
        return preset(name).title
    return "these settings"


def problems() -> dict[str, str]:
    """Dotted field -> what is wrong with it; empty when the form can be started."""
    try:
        config()
    except ConfigError as error:
        return error.problems
    return {}


def write_address(run: str | None) -> None:
    """Put settings and run into the address, where they are valid."""
    if problems():
        return
    wanted = permalink.write(st.session_state[PRESET], config(), run)
    st.session_state[ADDRESS] = _settings_in(wanted)
    address.write(wanted)


def take_run(config: RunConfig) -> None:
    """Fill the form from a run, so that Start repeats it; the preset is the nearest one."""
    st.session_state[CORRECTED] = ()
    _fill(nearest_preset(config).name, config)
    st.session_state[REPEATED] = True


# -- state ----------------------------------------------------------------------------------------------------------


def _take_preset() -> None:
    name = st.session_state[PRESET]
    st.session_state[CORRECTED] = ()
    _fill(name, RunConfig.preset(name))


def _fill(preset_name: str, values: RunConfig) -> None:
    st.session_state[PRESET] = preset_name
    st.session_state[REPEATED] = False
    now = flat(values)
    for item in hyperparameters():
        if _is_a_choice(item):
            st.session_state[_key(item.key)] = shown(item, now[item.key])
    layer_fields.fill(values)


def _settings_in(told: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in told.items() if key != "run"}


def _value(item: Hyperparameter) -> Any:
    value = st.session_state[_key(item.key)]
    return item.parse(value) if item.kind == "sizes" else value


def _is_a_choice(item: Hyperparameter) -> bool:
    return item.kind != "choice" or len(item.choices) > 1


def _key(key: str) -> str:
    return f"{layer_fields.PREFIX}{key}"


# -- drawing --------------------------------------------------------------------------------------------------------


def _held() -> dict[str, Any]:
    """Every setting as the form holds it."""
    return {item.key: _value(item) for item in hyperparameters() if _is_a_choice(item)}


def _field(key: str) -> None:
    if key not in CHOICES:
        widget(hyperparameter(key), _key(key), persist=True)
        return
    widget(hyperparameter(key), _key(key), persist=True, on_change=_chosen, args=(key,))
    what_follows.tell(key, _held)


def _chosen(key: str) -> None:
    what_follows.set_with(key, _held(), RunConfig.preset(st.session_state[PRESET]).flat())


def _differences(nearest: Preset) -> None:
    """What the preset asks, and what is not as in it, the first few by name.

    Of an opened run the preset is only the nearest one: where the run is another, it does not ask that.
    """
    is_repeated = st.session_state.get(REPEATED, False)
    if problems():
        asked.of_preset(nearest)
        return
    mine, usual = config(), RunConfig.preset(nearest.name)
    told = [
        f"{named(key)} {said(key, now)} (preset: {said(key, then)})"
        for key, (now, then) in mine.differences(usual).items()
    ]
    if not (told and is_repeated):
        asked.of_preset(nearest)
    if told:
        lead = "The settings of the run, which are not the preset's" if is_repeated else "Changed"
        more = f" and {len(told) - SOME} more" if len(told) > SOME else ""
        st.caption(f"**{lead}:** {plain(', '.join(told[:SOME]) + more)}.")


def _complain() -> None:
    wrong = problems()
    if wrong:
        lines = [f"- **{plain(named(key))}**: {plain(text)}" for key, text in wrong.items()]
        st.error("\n".join(lines), title="Please mend")
    corrected = st.session_state.get(CORRECTED)
    if corrected:
        st.warning(plain(f"The link asked for values that are not allowed; corrected: {', '.join(corrected)}."))
