"""Whom the server answers, and with which headers."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from web.guard import Guard, allowed_hosts, allowed_origins, hostname


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("in")
    await socket.close()


def client(
    address: str | None,
    configured: tuple[str, ...] = (),
    origins: frozenset[str] = allowed_origins((), is_checked=True),
) -> TestClient:
    routes = [Route("/", lambda request: PlainTextResponse("in")), WebSocketRoute("/socket", _echo)]
    guard = Middleware(Guard, hosts=allowed_hosts(address, configured), origins=origins)
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


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://classroom-pc:9000", "http://classroom-pc"])
def test_a_page_of_another_site_gets_no_websocket(origin: str) -> None:
    assert not opens_a_websocket(client("0.0.0.0"), origin)


@pytest.mark.parametrize("origin", ["http://classroom-pc:8501", "http://localhost:9000", "http://127.0.0.1"])
def test_a_page_of_this_server_and_one_of_this_machine_get_a_websocket(origin: str) -> None:
    assert opens_a_websocket(client("0.0.0.0"), origin)


def test_a_page_of_a_site_that_was_configured_gets_a_websocket() -> None:
    origins = allowed_origins(["https://school.example"], is_checked=True)
    assert opens_a_websocket(client("0.0.0.0", origins=origins), "https://school.example")
    assert not opens_a_websocket(client("0.0.0.0", origins=origins), "https://evil.example")
    nobody_looks = allowed_origins([], is_checked=False)
    assert opens_a_websocket(client("0.0.0.0", origins=nobody_looks), "https://evil.example")


def opens_a_websocket(lab: TestClient, origin: str) -> bool:
    headers = {"host": "classroom-pc:8501", "origin": origin}
    try:
        with lab.websocket_connect("/socket", headers=headers) as socket:
            return socket.receive_text() == "in"
    except WebSocketDisconnect:
        return False


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
