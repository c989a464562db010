"""`Once`: what costs something is made once, whoever asks for it, also when thirty viewers ask at the same moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")

_threads = ThreadPoolExecutor(4, "once")


class Once(Generic[Made]):
    """A function that keeps its last `most` answers. An error is kept for nobody but those who waited for it.

    Call it in a thread; on the server's loop await its `soon`, which takes a thread only for what has to be made.
    What it makes must not wait for another `Once`: all share a few threads.
    """

    def __init__(self, make: Callable[..., Made], most: int) -> None:
        self._make, self._most = make, most
        self._kept: OrderedDict[tuple[Hashable, ...], Future[Made]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, *key: Hashable) -> Made:
        """The answer, made here or by whoever asked first."""
        future, is_new = self._future(key)
        if is_new:
            self._fulfil(key, future)
        return future.result()

    async def soon(self, *key: Hashable) -> Made:
        """The same, without holding up the loop."""
        future, is_new = self._future(key)
        if is_new:
            _threads.submit(self._fulfil, key, future)
        return future.result() if future.done() else await asyncio.wrap_future(future)

    def _future(self, key: tuple[Hashable, ...]) -> tuple[Future[Made], bool]:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], False
            future = self._kept[key] = Future()
            future.set_running_or_notify_cancel()  # whoever stops waiting cancels it for nobody else
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return future, True

    def _fulfil(self, key: tuple[Hashable, ...], future: Future[Made]) -> None:
        try:
            future.set_result(self._make(*key))
        except BaseException as error:  # noqa: BLE001 - raised for everybody who waits
            with self._lock:
                self._kept.pop(key, None)
            future.set_exception(error)
