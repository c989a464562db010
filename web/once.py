"""`Once`: what costs something is made once, whoever asks for it, also when thirty viewers ask at the same moment."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Made = TypeVar("Made")

THREADS = "once"  # how the names of the shared threads begin

_threads = ThreadPoolExecutor(4, THREADS)


class Once(Generic[Made]):
    """The last `most` answers, by key. An error is kept for nobody but those who waited for it.

    Call it in a thread; on the server's loop await its `soon`, which takes a thread only for what has to be made.
    All share a few threads. What is made there may ask another `Once`, but never waits for it: whoever makes that
    may still stand in the queue behind. It is then made twice.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._in_the_making: dict[Hashable, Future[Made]] = {}
        self._lock = threading.Lock()

    def __call__(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The answer, made here or by whoever asked first."""
        future, is_new = self._future(key)
        if is_new:
            self._fulfil(key, make, future)
        elif not future.done() and threading.current_thread().name.startswith(THREADS):
            return make()
        return future.result()

    async def soon(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The same, without holding up the loop."""
        future, is_new = self._future(key)
        if is_new:
            _threads.submit(self._fulfil, key, make, future)
        return future.result() if future.done() else await asyncio.wrap_future(future)

    def _future(self, key: Hashable) -> tuple[Future[Made], bool]:
        """The answer as a future, and whether it has still to be made."""
        with self._lock:
            if key in self._in_the_making:
                return self._in_the_making[key], False
            future: Future[Made] = Future()
            future.set_running_or_notify_cancel()  # whoever stops waiting cancels it for nobody else
            if key in self._kept:
                self._kept.move_to_end(key)
                future.set_result(self._kept[key])
                return future, False
            self._in_the_making[key] = future
            return future, True

    def _fulfil(self, key: Hashable, make: Callable[[], Made], future: Future[Made]) -> None:
        try:
            made = make()
        except BaseException as error:  # noqa: BLE001 - raised for everybody who waits
            with self._lock:
                del self._in_the_making[key]
            future.set_exception(error)
            return
        with self._lock:
            del self._in_the_making[key]
            self._kept[key] = made
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        future.set_result(made)
