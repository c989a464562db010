"""The form in the sidebar: a preset, and every setting of a run. Its state is in the session and in the address."""

from typing import Any

import streamlit as st

from dbn_core.config import Hyperparameter, RunConfig, broken_presets, hyperparameter, hyperparameters, preset, presets
from dbn_core.config.data import is_own
from dbn_core.data.own import own_names
from dbn_core.errors import ConfigError
from pages.parts import own_images, permalink
from pages.parts.errors import plain
from pages.parts.settings import flat, shown, widget


def _group(name: str) -> tuple[str, ...]:
    return tuple(item.key for item in hyperparameters() if item.group == name)


PRESET = "setup preset"
ADDRESS = "setup address"  # what the address last said about settings, to notice the browser's Back
CORRECTED = "setup corrected"
GROUP = "setup group"
MAIN = ("data.name", "layers", "epochs", "batch_size", "training.learning_rate", "training.sparsity_target")
GROUPS = {
    "Images and visible units": (
        "data.train_size",
        "visible",
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
}
STAGES = {
    "Labels and up-down": "After pretraining: the whole generative model is tuned. 0 epochs leave it out.",
    "Classifier": "After pretraining: a linear head learns the classes. 0 epochs leave it out.",
    "VAE to compare with": "Trained on the same images after everything else. 0 epochs leave it out.",
    "Hybrid with a CNN": "Trained on the features of the DBN after everything else. 0 epochs leave it out.",
}
REST = "Machine"  # and whatever is in no other group


def take_address() -> None:
    """Fill the form from the address: at first sight, and when Back or Forward has changed it."""
    address = _settings_in(dict(st.query_params))
    known = st.session_state.get(ADDRESS)
    if PRESET in st.session_state and (known == address or not address):
        return
    link = permalink.read(dict(st.query_params))
    st.session_state[CORRECTED] = link.corrected
    st.session_state[ADDRESS] = address
    _fill(link.preset, link.config)


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
    st.caption(chosen[st.session_state[PRESET]].summary)
    complaints = st.container()
    for key in MAIN:
        _field(key)
    own_images.draw(_key("data.name"))
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
    found = RunConfig.preset(st.session_state[PRESET]).with_values(values)
    if is_own(found.data.name) and found.data.name not in own_names():
        raise ConfigError(
            {"data.name": f"{found.data.name} is no longer here; choose another, or add its images again"}
        )
    return found


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
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


# -- state ----------------------------------------------------------------------------------------------------------


def _take_preset() -> None:
    name = st.session_state[PRESET]
    st.session_state[CORRECTED] = ()
    _fill(name, RunConfig.preset(name))


def _fill(preset_name: str, values: RunConfig) -> None:
    st.session_state[PRESET] = preset_name
    for key, value in flat(values).items():
        item = hyperparameter(key)
        if _is_a_choice(item):
            st.session_state[_key(key)] = shown(item, value)


def _settings_in(address: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in address.items() if key != "run"}


def _value(item: Hyperparameter) -> Any:
    value = st.session_state[_key(item.key)]
    return item.parse(value) if item.kind == "sizes" else value


def _is_a_choice(item: Hyperparameter) -> bool:
    return item.kind != "choice" or len(item.choices) > 1


def _key(key: str) -> str:
    return f"setup {key}"


# -- drawing --------------------------------------------------------------------------------------------------------


def _field(key: str) -> None:
    widget(hyperparameter(key), _key(key), persist=True)


def _complain() -> None:
    wrong = problems()
    if wrong:
        known = {item.key: item.label for item in hyperparameters()}
        lines = [f"- **{plain(known.get(key, key))}**: {plain(text)}" for key, text in wrong.items()]
        st.error("\n".join(lines), title="Please mend")
    corrected = st.session_state.get(CORRECTED)
    if corrected:
        st.warning(plain(f"The link asked for values that are not allowed; corrected: {', '.join(corrected)}."))
