"""Settings that go with a choice in the form: set with it, and told in a sentence below it."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dbn_core.config.fitting import CHOICES, following, what_goes_with
from dbn_core.data.catalogue import training_images
from dbn_core.view.settings import named, said
from pages.parts.errors import plain
from pages.parts.train.layer_fields import PREFIX

CHOSEN, TOLD = "setup choices", "setup choices told"


def note(held: Mapping[str, Any]) -> None:
    """Remember what the settings that stand in the form go with. held: all of them."""
    if _is_network(held):
        st.session_state[CHOSEN] = {key: held[key] for key in CHOICES}


def set_with(key: str, held: Mapping[str, Any], preset: Mapping[str, Any]) -> None:
    """Another choice was made: set what goes with it, but for settings that somebody has changed.

    preset: the settings to which they return when a choice is taken back.
    """
    if not _is_network(held):
        return
    more = following({**held, **st.session_state.get(CHOSEN, {})}, held, training_images, preset)
    for name, value in more.items():
        st.session_state[PREFIX + name] = value
    st.session_state[TOLD] = key, more


def tell(key: str, held: Callable[[], Mapping[str, Any]]) -> None:
    """What was set with this choice, once. held: asks for all settings in the form."""
    chosen, more = st.session_state.get(TOLD, ("", {}))
    if chosen != key:
        return
    del st.session_state[TOLD]
    if more:
        words = ", ".join(f"{named(name)} {said(name, value)}" for name, value in more.items())
        why = what_goes_with(held(), more, training_images)
        st.info(plain(f"Set to {why}: {words}."), icon=":material/tune:")


def _is_network(held: Mapping[str, Any]) -> bool:
    """Sizes of layers, and no other text that somebody has typed."""
    return isinstance(held["layers"], list) and bool(held["layers"])
