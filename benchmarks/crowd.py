"""Many viewers of one run, with no browsers behind them: each a Streamlit session and an open line, as a page has.

What a page fetches they fetch: every new mosaic and strip. They share one thread, and their own work is part of what is
measured, where they run on the machine that trains.
"""

import asyncio
import importlib
import json
import time
import urllib.parse
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from benchmarks.beside import Companion, wait

PACE = 0.1  # seconds until a page is ready for the next answer, as in assets/live/main.js
AGAIN = 0.5  # seconds until a page asks again whose line broke, as in assets/shared/feed.js


@dataclass
class Viewer:
    """One of them, and what it has seen."""

    host: str  # with the port
    run: str
    shown: list[tuple[int, float]] = field(default_factory=list)  # (snapshot, when its pictures were there)
    sizes: list[int] = field(default_factory=list)  # bytes of each answer on the line
    is_watching: bool = False
    lost: int = 0  # lines that broke; a page then asks again, and so does a viewer

    async def watch(self) -> None:
        """Until cancelled."""
        async with self._connect("/_stcore/stream", ["streamlit"]) as session:
            await session.send(self._rerun())
            drain = asyncio.create_task(_drain(session))
            try:
                while True:
                    with suppress(ConnectionClosed):
                        await self._follow()
                    self.lost += 1
                    await asyncio.sleep(AGAIN)
            finally:
                drain.cancel()

    async def _follow(self) -> None:
        pictures = KeptConnection(self.host)
        try:
            news = json.loads(await pictures.get(f"/lab/runs/{self.run}/live"))
            query = urllib.parse.urlencode(news["cursor"] | {"revision": news["revision"]})
            async with self._connect(f"/lab/runs/{self.run}/live?{query}") as line:
                self.is_watching = True
                async for text in line:
                    if text:
                        self.sizes.append(len(text))
                        await self._look(pictures, json.loads(text))
                        await asyncio.sleep(PACE)
                        await line.send("")
        finally:
            pictures.close()

    async def _look(self, pictures: "KeptConnection", news: dict[str, Any]) -> None:
        filters, strip, run = news["filters"], news["strip"], f"/lab/runs/{self.run}"
        if filters and (not self.shown or filters["id"] > self.shown[-1][0]):
            await pictures.get(f"{run}/filters/{filters['id']}/10x10x2-signed-shared-light.png")
            await pictures.get(f"{run}/strip/{strip['id']}/{strip['cases']}x3-light.png")
            self.shown.append((filters["id"], time.time()))

    def _connect(self, path: str, protocols: Any = None) -> connect:
        return connect(
            f"ws://{self.host}{path}",
            subprotocols=protocols,
            origin=Origin(f"http://{self.host}"),
            max_size=None,
            ping_interval=None,  # browsers send none
        )

    def _rerun(self) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = f"run={self.run}"
        return message.SerializeToString()


class KeptConnection:
    """Questions over one connection, which is opened again when the server has closed it: it does after 5 s of rest."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> bytes:
        """The answer's content. Raises RuntimeError for anything but 200."""
        try:
            return await self._get(path)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            return await self._get(path)

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open[1].close()
        self._open = None

    async def _get(self, path: str) -> bytes:
        self._open = self._open or await asyncio.open_connection(*self._host.split(":"))
        reader, writer = self._open
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if " 200 " not in head.partition("\r\n")[0]:
            raise RuntimeError(f"{path}: {head.partition(chr(13))[0]}")
        return await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The fastest loop there is, so that viewers take little of what is measured; None: asyncio's own."""
    try:
        return importlib.import_module("uvloop").new_event_loop
    except ModuleNotFoundError:  # on Windows
        return None


async def _drain(session: ClientConnection) -> None:
    with suppress(ConnectionClosed):  # a page connects again; what it costs is the line's, which is what is measured
        async for _ in session:
            pass


class Crowd(Companion):
    """So many viewers; a `with` block is their visit. It begins when all of them watch."""

    def __init__(self, address: str, run: str, count: int) -> None:
        super().__init__()
        host = address.removeprefix("http://")
        self.viewers = [Viewer(host, run) for _ in range(count)]

    def __enter__(self) -> Self:
        super().__enter__()
        missing = "not all viewers could watch"
        try:
            wait(lambda: self.failure is not None or all(viewer.is_watching for viewer in self.viewers), missing)
        except RuntimeError:
            self.leave.set()
            raise
        if self.failure is not None:
            raise RuntimeError(missing) from self.failure
        return self

    def forget(self) -> None:
        """What was seen so far does not count."""
        for viewer in self.viewers:
            viewer.shown.clear()
            viewer.sizes.clear()

    def work(self) -> None:
        """The whole visit."""
        with asyncio.Runner(loop_factory=_loop()) as runner:
            runner.run(self._all())

    async def _all(self) -> None:
        watching = [asyncio.create_task(viewer.watch()) for viewer in self.viewers]
        leaving = asyncio.create_task(asyncio.to_thread(self.leave.wait))
        done, _ = await asyncio.wait([leaving, *watching], return_when=asyncio.FIRST_COMPLETED)
        self.leave.set()
        for task in watching:
            task.cancel()
        await asyncio.wait(watching)
        for task in done - {leaving}:
            task.result()
