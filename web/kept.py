"""`Kept` and `KeptOfRun`: functions of what the lab's store holds that keep their last answers, each made once.

The store is part of every key, since ids mean something within one store only. Above the function it says how many:

    @keep(128)
    def snapshot(run_id: str, snapshot_id: int) -> Snapshot: ...
"""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

from dbn_core.store import Run
from web import lab
from web.once import Once

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")


class Kept(Generic[Arguments, Made]):
    """A function of what never changes under its arguments."""

    def __init__(self, make: Callable[Arguments, Made], most: int) -> None:
        self._make, self._once = make, Once[Made](most)

    def __call__(self, *arguments: Arguments.args, **named: Arguments.kwargs) -> Made:
        """The answer, kept or made now."""
        return self._once(self._key(arguments, named), lambda: self._make(*arguments, **named))

    async def soon(self, *arguments: Arguments.args, **named: Arguments.kwargs) -> Made:
        """The same, without holding up the server's loop; see `Once`."""
        return await self._once.soon(self._key(arguments, named), lambda: self._make(*arguments, **named))

    @staticmethod
    def _key(arguments: tuple[object, ...], named: dict[str, object]) -> tuple[object, ...]:
        return lab.store().url, arguments, tuple(named.items())


class KeptOfRun(Generic[Made]):
    """A function of all that a run holds now: kept until the run changes, thirty viewers ask every few seconds."""

    def __init__(self, make: Callable[[Run], Made], most: int) -> None:
        self._make, self._once = make, Once[Made](most)

    def __call__(self, run_id: str) -> Made:
        """The answer for the run as it is."""
        store = lab.store()
        run = store.run(run_id)
        return self._once((store.url, run_id, run.revision()), lambda: self._make(run))


def keep(most: int) -> Callable[[Callable[Arguments, Made]], Kept[Arguments, Made]]:
    """Above a function: keep its last `most` answers."""
    return lambda make: Kept(make, most)


def keep_of_run(most: int) -> Callable[[Callable[[Run], Made]], KeptOfRun[Made]]:
    """Above a function of a run: keep its last `most` answers."""
    return lambda make: KeptOfRun(make, most)
