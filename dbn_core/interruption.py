"""Whether somebody still waits for the answer to a long question; the one who computes it looks from time to time.

The place where a question is answered says how to look (`answering`); the mathematics calls `check` through its
`progress` and knows nothing of either side.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from dbn_core.errors import JobError

_waits: ContextVar[Callable[[], bool] | None] = ContextVar("waits", default=None)


@contextmanager
def answering(waits: Callable[[], bool]) -> Iterator[None]:
    """Within it, in this thread, `check` asks `waits`."""
    token = _waits.set(waits)
    try:
        yield
    finally:
        _waits.reset(token)


def check(*_: object) -> None:
    """Raises JobError when nobody waits any more; does nothing outside `answering`. Takes what `progress` is told."""
    waits = _waits.get()
    if waits is not None and not waits():
        raise JobError("Stopped: nobody waits for the answer any more.")
