"""Whom the server answers, and with which headers."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from web.guard import Guard, allowed_hosts, allowed_origins, hostname

CHANGING = ["POST", "PUT", "PATCH", "DELETE"]


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(f"in from {socket.headers.get('origin')}")
    await socket.close()


def _say(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"in from {request.headers.get('origin')}")


def client(
    address: str | None,
    configured: tuple[str, ...] = (),
    origins: tuple[str, ...] = (),
    *,
    is_checked: bool = True,
) -> TestClient:
    routes = [
        Route("/", _say, methods=["GET", "HEAD", "OPTIONS", *CHANGING]),
        WebSocketRoute("/socket", _echo),
    ]
    guard = Middleware(
        Guard,
        hosts=allowed_hosts(address, configured),
        origins=allowed_origins(origins, configured, is_checked=is_checked),
    )
    return TestClient(Starlette(routes=routes, middleware=[guard]))


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "LOCALHOST"])
def test_this_machine_is_answered_under_its_own_names(host: str) -> None:
    assert client("127.0.0.1").get("/", headers={"host": host}).is_success


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
        assert socket.receive_text() == "in from None"


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "http://[",
        "http://classroom-pc",
        "http://classroom-pc:9000",
        "http://localhost:9000",
        "http://127.0.0.1",
        "http://evil.example?://classroom-pc:8501.evil.example",
    ],
)
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_page_from_elsewhere_gets_no_websocket_and_changes_nothing(origin: str, address: str) -> None:
    host = "localhost:8501" if address == "127.0.0.1" else "classroom-pc:8501"
    assert doors(client(address), origin, host) == []


@pytest.mark.parametrize("host", ["classroom-pc:8501", "192.168.1.5:8501", "[::1]:8501"])
def test_pages_of_this_server_come_in_by_every_door(host: str) -> None:
    assert doors(client("0.0.0.0"), f"http://{host}", host) == ["websocket", *CHANGING]


def test_what_is_no_browser_says_not_where_it_is_from_and_comes_in() -> None:
    assert doors(client("127.0.0.1"), None, "localhost") == ["websocket", *CHANGING]


def test_a_page_from_elsewhere_may_read_what_the_browser_then_keeps_from_it() -> None:
    answer = client("127.0.0.1").get("/", headers={"host": "localhost", "origin": "http://evil.example"})
    assert answer.is_success
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("page", "options"),
    [
        ("https://school.example", {"origins": ("https://school.example/",)}),
        ("http://school.example:81", {"origins": ("http://School.example:81",)}),
        ("https://lab.example", {"configured": ("lab.example",)}),
        ("https://anybody.example", {"is_checked": False}),
    ],
)
def test_a_page_that_was_configured_comes_in_as_one_of_this_server(page: str, options: dict[str, Any]) -> None:
    """Whatever stands behind the guard, Streamlit among it, need not ask anybody who that is."""
    lab = client("127.0.0.1", **options)
    assert doors(lab, page, "localhost:8501") == ["websocket", *CHANGING]
    said = lab.post("/", headers={"host": "localhost:8501", "origin": page}).text
    assert said == "in from http://localhost:8501"


def test_a_page_of_another_port_is_none_that_was_configured() -> None:
    lab = client("127.0.0.1", ("lab.example",), ("https://school.example",))
    assert doors(lab, "https://school.example:444", "localhost") == []
    assert doors(lab, "http://lab.example:8000", "localhost") == []


def doors(lab: TestClient, origin: str | None, host: str) -> list[str]:
    """The websocket, if a page of this origin gets one, and the methods by which it may change something."""
    headers = {"host": host} if origin is None else {"host": host, "origin": origin}
    opened = ["websocket"] if opens_a_websocket(lab, headers) else []
    return opened + [method for method in CHANGING if lab.request(method, "/", headers=headers).status_code != 403]


def opens_a_websocket(lab: TestClient, headers: dict[str, str]) -> bool:
    try:
        with lab.websocket_connect("/socket", headers=headers) as socket:
            return socket.receive_text().startswith("in")
    except WebSocketDisconnect:
        return False


def test_a_name_that_was_configured_is_answered() -> None:
    assert client("127.0.0.1", ("lab.example",)).get("/", headers={"host": "Lab.Example:80"}).is_success


@pytest.mark.parametrize("address", ["0.0.0.0", None, "192.168.1.5"])
def test_a_server_opened_to_the_network_answers_whatever_it_is_called(address: str | None) -> None:
    assert client(address).get("/", headers={"host": "classroom-pc"}).is_success


@pytest.mark.parametrize("address", ["0.0.0.0", None, "192.168.1.5"])
def test_a_server_opened_to_the_network_under_names_answers_to_those(address: str | None) -> None:
    lab = client(address, ("classroom-pc", "*.school.example"))
    answered = ["classroom-pc:8501", "lab.school.example", "a.b.school.example", "localhost:8501"]
    assert all(lab.get("/", headers={"host": host}).is_success for host in answered)
    refused = ["evil.example", "classroom-pc.evil.example", "evilschool.example", "192.168.1.5", ""]
    assert all(lab.get("/", headers={"host": host}).status_code == 421 for host in refused)
    assert client(address, ("*",)).get("/", headers={"host": "evil.example"}).is_success


def test_every_answer_is_sealed_against_guessing_and_other_sites() -> None:
    headers = client("127.0.0.1").get("/", headers={"host": "localhost"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_host_names_are_read_without_port_and_brackets() -> None:
    assert [hostname(text) for text in ("a:1", "a", "[::1]:2", "::1")] == ["a", "a", "::1", "::1"]
