"""Where a visitor of the stepper stands: whose weights, which digit, which half-step, which updates came before.

A page's file is executed anew each time it is drawn, so what is kept between two drawings lives here.
"""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dbn_core.questions import UNTRAINED, StepContrastiveDivergence, Update
from dbn_core.questions.stepping import Stepped
from pages.parts.stepper.panels import POSITIVE, UPDATED
from web.asking.desk import desk

LONGEST = 200  # updates in a row: each question makes all of them anew
STATE = "stepper"


@dataclass(frozen=True)
class State:
    """Where the walk stands. `number`: which held-out image of its class; `history`: updates that were applied."""

    run: str = ""
    checkpoint: int = UNTRAINED
    number: int = 0
    seed: int = 1
    phase: int = 0
    history: tuple[Update, ...] = ()


def state() -> State:
    """The walk of this visitor."""
    return st.session_state.setdefault(STATE, State())


def begin(run_id: str, checkpoint: int) -> None:
    """With the weights of another checkpoint, the first half-step made: a page that begins shows something."""
    st.session_state[STATE] = State(run=run_id, checkpoint=checkpoint, phase=POSITIVE)


def change(**values: Any) -> None:
    """Go to another state."""
    st.session_state[STATE] = replace(state(), **values)


def go(phase: int, update: Update) -> None:
    """To a phase; from an applied update on, with its weights and a fresh draw."""
    now = state()
    if now.phase == UPDATED:
        change(history=(*now.history, update), seed=now.seed + 1, phase=min(phase, POSITIVE))
    else:
        change(phase=phase)


def other_digit(step: int) -> None:
    """Another image, of the same class or of one just chosen, as its units see it; the weights stay as they are."""
    change(number=state().number + step, phase=POSITIVE)


def draw_anew() -> None:
    """The same digit with other coins."""
    change(seed=state().seed + 1, phase=min(state().phase, POSITIVE))


def start_over() -> None:
    """Back to the weights of the checkpoint, and to a digit that no unit has seen yet."""
    change(history=(), phase=0, seed=1)


# -- what is shown ----------------------------------------------------------------------------------------------------


def answer(now: State, update: Update) -> Stepped:
    """All numbers of one update, from a worker, once for all its phases. Raises JobError when none answers."""
    return desk().ask(StepContrastiveDivergence(now.run, now.checkpoint, update, now.history)).answer()
