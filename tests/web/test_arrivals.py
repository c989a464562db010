"""Somebody who comes is noticed; what only watches over the server is not."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from web.arrivals import Arrivals

NAVIGATION = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def _greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("in")
    await socket.close()


def client(notice: Callable[[], None]) -> TestClient:
    routes = [Route("/{path:path}", lambda request: PlainTextResponse("in")), WebSocketRoute("/stream", _greet)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Arrivals, notice=notice)]))


@pytest.mark.parametrize(
    ("path", "accepted", "times"),
    [
        ("/", NAVIGATION, 1),
        ("/runs?run=1", NAVIGATION, 1),
        ("/lab/health", "*/*", 0),
        ("/lab/assets/1/main.js", "*/*", 0),
        ("/lab/runs/1/filters/1/a.png", "image/avif,image/webp,*/*;q=0.8", 0),
    ],
)
def test_a_browser_that_asks_for_a_page_is_noticed_and_answered(path: str, accepted: str, times: int) -> None:
    seen: list[str] = []
    assert client(lambda: seen.append("somebody")).get(path, headers={"accept": accepted}).text == "in"
    assert len(seen) == times


def test_a_page_that_connects_again_is_noticed_too() -> None:
    seen: list[str] = []
    with client(lambda: seen.append("somebody")).websocket_connect("/stream") as line:
        assert line.receive_text() == "in"
    assert seen == ["somebody"]
