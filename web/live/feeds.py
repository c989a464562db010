"""`Feed`: what a live page follows of a run, in answer to a question (GET) or on a line that stays open (websocket).

Both are at one address and say the same. The query holds what the page has: the `revision` it has seen and cursors,
ids of the last rows of each kind. An answer holds what came after, and the revision and cursors to go on with.

    GET         the answer, or 204 when there is nothing new
    websocket   an answer as soon as something is stored; an empty message when nothing was for `BEAT` seconds. The page
                says when it has drawn an answer, by any message, and gets the next one not before: whatever gathers
                meanwhile comes in one, and a slow page is never flooded.

A line costs a browser none of its six connections to a server, so many windows may be open. An answer is put together
once for all pages that have seen the same.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from dbn_core.errors import LabError, NotKeptError, StoreError
from dbn_core.records import RunInfo
from dbn_core.store import Run
from dbn_core.view.status import is_interrupted
from web import lab
from web.answers import NEVER, is_from_here, number_in_query
from web.kept import Kept, keep
from web.live.watch import Watch

BEAT = 10.0  # seconds; proxies close a line that is silent for a minute
MOST = 32  # answers kept: pages of several runs, some a tick behind
POLICY_VIOLATION, INTERNAL_ERROR = 1008, 1011  # RFC 6455, section 7.4.1

Cursors = Mapping[str, int]
Compose = Callable[[Run, RunInfo, str, Cursors], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page has of a run."""

    revision: str
    cursors: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came after, as JSON, and what a page has then."""

    text: str
    seen: Seen


class Feed:
    """`compose(run, info, revision, cursors)` makes an answer; its `cursor` holds the numbers named in `cursors`."""

    def __init__(self, compose: Compose, cursors: Sequence[str] = ()) -> None:
        self._compose, self._names = compose, tuple(cursors)
        self._answers = Kept(self._answer, MOST)

    def routes(self, path: str) -> list[BaseRoute]:
        """Both ways, at one address with `{run}` in it."""
        return [Route(path, self.question), WebSocketRoute(path, self.line)]

    def question(self, request: Request) -> Response:
        """What is new now."""
        try:
            answer = self._new(request.path_params["run"], self._seen(request))
        except NotKeptError as error:  # a picture was thinned out meanwhile; 404 would say that the run is gone
            raise StoreError(str(error)) from error
        if answer is None:
            return Response(status_code=204, headers=NEVER)
        return Response(answer.text, media_type="application/json", headers=NEVER)

    async def line(self, socket: WebSocket) -> None:
        """What is new, whenever something is, until the page leaves."""
        if not is_from_here(socket):
            return await socket.close(POLICY_VIOLATION, "Only pages of this lab may listen.")
        seen = self._seen(socket)
        await socket.accept()
        drawn = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            talk = tasks.create_task(self._talk(socket, seen, drawn))
            async for _ in socket.iter_text():
                drawn.set()
            talk.cancel()
        return None

    async def _talk(self, socket: WebSocket, seen: Seen, drawn: asyncio.Event) -> None:
        run_id = socket.path_params["run"]
        try:
            while True:
                answer = await self._next(run_id, seen)
                await socket.send_text(answer.text if answer else "")
                seen = answer.seen if answer else seen
                if answer:
                    await drawn.wait()
                    drawn.clear()
        except LabError as error:  # the page asks again by GET, and is told there
            await socket.close(INTERNAL_ERROR, str(error)[:100])

    async def _next(self, run_id: str, seen: Seen) -> Answer | None:
        revision = await _watch().change(run_id, _number(seen.revision), BEAT)
        if revision is None:  # a worker that fell silent changed nothing in the store
            return await run_in_threadpool(self._new, run_id, seen)
        return await self._answers.soon(run_id, str(revision), seen.cursors)

    def _new(self, run_id: str, seen: Seen) -> Answer | None:
        revision = revision_of(lab.store().run(run_id).info())
        return None if revision == seen.revision else self._answers(run_id, revision, seen.cursors)

    def _answer(self, run_id: str, revision: str, cursors: tuple[tuple[str, int], ...]) -> Answer:
        run = lab.store().run(run_id)
        composed = self._compose(run, run.info(), revision, dict(cursors))
        text = json.dumps(composed, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return Answer(text, Seen(revision, tuple((name, composed["cursor"][name]) for name in self._names)))

    def _seen(self, connection: HTTPConnection) -> Seen:
        cursors = tuple((name, number_in_query(connection, name)) for name in self._names)
        return Seen(connection.query_params.get("revision", ""), cursors)


def revision_of(info: RunInfo) -> str:
    """What a page compares: a worker that falls silent changes nothing in the store, so silence is part of it."""
    return f"{info.revision}-silent" if is_interrupted(info) else str(info.revision)


def _number(revision: str) -> int:
    digits = revision.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else 0


@keep(lab.STORES)
def _watch() -> Watch:
    return Watch(lab.store)
