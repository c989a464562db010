"""The address of a page: what the browser tells of it, and what pages write into it.

With everything that a browser asks it tells its address, and it may ask before it has heard of the newest one: where a
run ends as somebody presses Start, the question of the page comes after Start and still tells the old run. Only an
address that is news is followed: of a link, of Back and Forward, and none that a page has replaced meanwhile.
"""

from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

WRITTEN = "addresses written"  # since the browser has last told the newest: that one, then what took its place in turn
UNHEARD = "address written before the page was drawn"
PAGE = "page of the address"


def hear(page: str) -> None:
    """Take in what the browser tells, before the page of this name is drawn."""
    now, written = dict(st.query_params), st.session_state.get(WRITTEN, [])
    is_ours = st.session_state.pop(UNHEARD, False)
    moved = st.session_state.get(PAGE) != page or _is_back_or_forward()
    if moved or now not in written or (now == written[-1] and not is_ours):
        st.session_state[WRITTEN] = [now]
    st.session_state[PAGE] = page


def told() -> dict[str, str]:
    """The address, or the one that a page has written in its place where the browser had not heard of it."""
    now, written = dict(st.query_params), st.session_state.get(WRITTEN, [])
    return written[-1] if now in written[:-1] else now


def write(wanted: Mapping[str, str]) -> None:
    """Make this the address."""
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)
    written = st.session_state.setdefault(WRITTEN, [])
    if wanted not in written[-1:]:
        written.append(dict(wanted))


def with_run(run_id: str) -> dict[str, str]:
    """The address, with this run."""
    return told() | {"run": run_id}


def write_at_once(wanted: Mapping[str, str]) -> None:
    """The same before a page is drawn, as where a button is pressed: the browser has told another address."""
    st.session_state[UNHEARD] = True
    write(wanted)


def draw_again() -> None:
    """Draw the whole page anew, without a word from the browser."""
    st.session_state[UNHEARD] = True
    st.rerun()


def _is_back_or_forward() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
