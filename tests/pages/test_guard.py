"""Whom the server answers, and with which headers."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from pages.parts.guard import Guard, allowed_hosts, hostname


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("in")
    await socket.close()


def client(address: str | None, configured: tuple[str, ...] = ()) -> TestClient:
    routes = [Route("/", lambda request: PlainTextResponse("in")), WebSocketRoute("/socket", _echo)]
    guard = Middleware(Guard, hosts=allowed_hosts(address, configured))
    return TestClient(Starlette(routes=routes, middleware=[guard]))


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "LOCALHOST"])
def test_this_machine_is_answered_under_its_own_names(host: str) -> None:
    assert client("127.0.0.1").get("/", headers={"host": host}).text == "in"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8501", "127.0.0.1.evil.example", ""])
def test_a_foreign_name_pointed_at_this_machine_is_refused(host: str) -> None:
    answer = client("127.0.0.1").get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "allowedHosts" in answer.text


def test_a_foreign_name_gets_no_websocket_either() -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client("127.0.0.1").websocket_connect("/socket", headers={"host": "evil.example"}) as socket,
    ):
        socket.receive_text()
    with client("127.0.0.1").websocket_connect("/socket", headers={"host": "localhost"}) as socket:
        assert socket.receive_text() == "in"


def test_a_name_that_was_configured_is_answered() -> None:
    assert client("127.0.0.1", ("lab.example",)).get("/", headers={"host": "Lab.Example:80"}).text == "in"


@pytest.mark.parametrize("address", ["0.0.0.0", None, "192.168.1.5"])
def test_a_server_opened_to_the_network_answers_whatever_it_is_called(address: str | None) -> None:
    assert client(address).get("/", headers={"host": "classroom-pc"}).text == "in"


def test_every_answer_is_sealed_against_guessing_and_other_sites() -> None:
    headers = client("127.0.0.1").get("/", headers={"host": "localhost"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_host_names_are_read_without_port_and_brackets() -> None:
    assert [hostname(text) for text in ("a:1", "a", "[::1]:2", "::1")] == ["a", "a", "::1", "::1"]
