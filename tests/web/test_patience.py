"""A request whose rest does not come: a real server, a real socket that stops in the middle."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from tests.waiting import PATIENCE, until
from web.patience import Patience


async def size(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def slow(_: Request) -> StreamingResponse:
    """An answer that takes longer than the server waits for a request."""

    async def pieces() -> AsyncIterator[str]:
        for piece in ("a", "b", "c"):
            await asyncio.sleep(0.2)
            yield piece

    return StreamingResponse(pieces())


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    routes = [Route("/size", size, methods=["POST"]), Route("/slow", slow)]
    app = Starlette(routes=routes, middleware=[Middleware(Patience, seconds=0.3)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the start of the server")
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(PATIENCE)


def answer(line: socket.socket) -> str:
    line.settimeout(PATIENCE)
    pieces = []
    while piece := line.recv(4096):
        pieces.append(piece)
    return b"".join(pieces).decode()


def ask(port: int, head: str, *bodies: bytes, pause: float = 0.0) -> str:
    """All that the server answers until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.sendall(f"{head}\r\nHost: 127.0.0.1\r\n".encode())
        for body in bodies:
            time.sleep(pause)
            line.sendall(body)
        return answer(line)


def test_a_body_that_stops_is_answered_and_the_connection_closed(port: int) -> None:
    told = ask(port, "POST /size HTTP/1.1", b"Content-Length: 1000\r\n\r\n", b"ten bytes.")
    assert told.startswith("HTTP/1.1 408")
    assert "did not come within" in told


def test_so_is_one_that_never_begins(port: int) -> None:
    assert ask(port, "POST /size HTTP/1.1", b"Content-Length: 1000\r\n\r\n").startswith("HTTP/1.1 408")


def test_a_body_that_comes_slowly_is_waited_for(port: int) -> None:
    head = b"Content-Length: 40\r\nConnection: close\r\n\r\n"
    told = ask(
        port, "POST /size HTTP/1.1", head, b"ten bytes.", b"ten bytes.", b"ten bytes.", b"ten bytes.", pause=0.15
    )
    assert told.startswith("HTTP/1.1 200")
    assert told.endswith("40")


def test_an_answer_may_take_as_long_as_it_likes(port: int) -> None:
    told = ask(port, "GET /slow HTTP/1.1", b"Connection: close\r\n\r\n")
    assert told.startswith("HTTP/1.1 200")
    assert all(f"\r\n{piece}\r\n" in told for piece in "abc")
