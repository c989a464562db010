"""Where a visitor of the stepper stands: whose weights, which digit, which half-step, which updates came before.

A page's file is executed anew each time it is drawn, so what is kept between two drawings lives here.
"""

import json
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts import lab
from pages.parts.half_step_panels import POSITIVE, UPDATED

TEXTS = Path(__file__).parents[2] / "assets" / "texts" / "stepper.json"
PATIENCE = 60.0  # seconds for an answer; a first one may have to wait for the workers to start

Update = tuple[int, int, int, float]  # class, number within it, seed, rate; see `dbn_core.inference.stepper`

UNTRAINED = 0  # in place of a checkpoint's id
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
    """With the weights of another checkpoint."""
    st.session_state[STATE] = State(run=run_id, checkpoint=checkpoint)


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
    """Another image, of the same class or of one just chosen; the weights stay as they are."""
    change(number=state().number + step, phase=0)


def draw_anew() -> None:
    """The same digit with other coins."""
    change(seed=state().seed + 1, phase=min(state().phase, POSITIVE))


def start_over() -> None:
    """Back to the weights of the checkpoint."""
    change(history=(), phase=0, seed=1)


# -- what is shown ----------------------------------------------------------------------------------------------------


def answer(store_url: str, now: State, update: Update) -> dict[str, Any]:
    """All numbers of one update, from a worker, once for all its phases. Raises JobError when none answers."""
    return _answer(store_url, now.run, now.checkpoint, update, now.history)


@lru_cache(maxsize=32)
def _answer(
    store_url: str, run_id: str, checkpoint: int, update: Update, history: tuple[Update, ...]
) -> dict[str, Any]:
    name = "dbn_core.inference:step_contrastive_divergence"
    return lab.cluster().ask(name, store_url, run_id, checkpoint, update, history, timeout=PATIENCE)


@cache
def texts() -> list[dict[str, str]]:
    """What is seen at each phase, and what its words mean."""
    return json.loads(TEXTS.read_text("utf-8"))
