"""Waiting for a state: tests never wait for a time, and no time that passes on a slow machine fails one."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 180.0  # seconds; far more than anything takes on a machine that has other things to do as well
_OFTEN = 0.02  # seconds between two looks
_T = TypeVar("_T")


def until(look: Callable[[], _T | None], what: str) -> _T:
    """What `look` returns once it is true; `what` says what has not happened if it never is."""
    deadline = time.monotonic() + PATIENCE
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(_OFTEN)
