"""What every answer of the server has in common: headers, and whom it answers at all.

A server that listens on this machine only must not answer a page of another site whose name was pointed at
127.0.0.1 (DNS rebinding): the Host header has to name this machine. Listen elsewhere (`--server.address`) or name
more hosts (`--server.allowedHosts`) and that is what is allowed.

Nor does any server open a websocket for a page of another site. Streamlit refuses it too, but asks an outside host for
this machine's address first, and the lab never calls out.
"""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
OWN_ORIGINS = frozenset({"localhost", "127.0.0.1", "0.0.0.0"})  # noqa: S104 - those that Streamlit knows without asking
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}


def allowed_hosts(address: str | None, configured: Iterable[str]) -> frozenset[str]:
    """Host names to answer, or none for all: this machine's own while it listens only there, and those configured."""
    if address not in LOOPBACK:
        return frozenset()
    return LOOPBACK | {name.strip().lower() for name in configured}


def allowed_origins(configured: Iterable[str], *, is_checked: bool) -> frozenset[str]:
    """Hosts whose pages may open a websocket beside this server's own; none for all (`--server.enableCORS=false`)."""
    if not is_checked:
        return frozenset()
    return OWN_ORIGINS | {hostname(_host_of(origin)) for origin in configured}


class Guard:
    """ASGI middleware around the whole server, websockets included."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], origins: frozenset[str]) -> None:
        self._app = app
        self._hosts, self._origins = hosts, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
        elif not self._is_welcome(Headers(scope=scope), scope["type"]):
            await _refuse(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _is_welcome(self, headers: Headers, kind: str) -> bool:
        host, origin = headers.get("host", ""), headers.get("origin")
        is_known = not self._hosts or "*" in self._hosts or hostname(host) in self._hosts
        # Browsers name the page that opens a websocket; what is no browser need not.
        return is_known and (kind != "websocket" or origin is None or self._is_allowed(_host_of(origin), host))

    def _is_allowed(self, page: str, host: str) -> bool:
        return not self._origins or page == host or hostname(page) in self._origins


def hostname(host: str) -> str:
    """The name in a Host header, without port and brackets: `[::1]:8501` -> `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.rpartition(":")[0].lower() if host.count(":") == 1 else host.lower()


def _host_of(origin: str) -> str:
    """With its port; of an origin such as `null`, the text itself."""
    return origin.strip().rpartition("://")[2]


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    text = "This server answers only to localhost. Start it with --server.allowedHosts to add this name.\n"
    await PlainTextResponse(text, status_code=421)(scope, receive, send)


def _with_headers(send: Send) -> Send:
    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return add
