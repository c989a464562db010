"""Which fields count: those that the page has drawn last.

With everything that a browser asks it tells what its fields hold, for a moment also of fields that are gone. Streamlit
has forgotten those, so that what they hold counts as changed: a run would be picked, or a knob turned, by nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

DRAWN, NEW = "fields drawn", "fields drawn anew"


@contextmanager
def anew() -> Iterator[None]:
    """Everything is drawn: the whole page, or the part of it in which fields come and go.

    Once that is done, what was drawn before counts no longer; where it is cut short, both do.
    """
    st.session_state[NEW] = set()
    yield
    st.session_state[DRAWN] = st.session_state[NEW]


def note(key: str) -> None:
    """A field with this key is drawn."""
    for name in (DRAWN, NEW):
        st.session_state.setdefault(name, set()).add(key)


def counts(key: str) -> bool:
    """Whether what a browser tells of this field was done by a person."""
    return key in st.session_state.get(DRAWN, ())
