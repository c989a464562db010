"""What every answer of the server has in common: headers, and whom it answers at all.

A server that listens on this machine only must not answer a page of another site whose name was pointed at
127.0.0.1 (DNS rebinding): the Host header has to name this machine. Listen elsewhere (`--server.address`) and every
name is answered, until names are given (`--server.allowedHosts`): then those are, and this machine's own.

No server opens a websocket for a page of another site, or of another port of this machine, nor changes anything for
it: a browser says in Origin where a page is from, and that has to be the Host it asks. Streamlit lets other ports in,
and asks an outside host for this machine's address before it refuses a site; the lab never calls out.
"""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})  # methods that change nothing
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
UNKNOWN_NAME = "This server does not answer to this name. Start it with --server.allowedHosts to add it.\n"
FOREIGN_PAGE = "A page of another site changes nothing here. Start it with --server.corsAllowedOrigins to let one.\n"


def allowed_hosts(address: str | None, configured: Iterable[str]) -> frozenset[str]:
    """Host names to answer, `*.school.example` for all of a domain; none for all there are."""
    names = frozenset(name.strip().lower() for name in configured)
    return LOOPBACK | names if names or address in LOOPBACK else frozenset()


def allowed_origins(origins: Iterable[str], hosts: Iterable[str], *, is_checked: bool) -> frozenset[str] | None:
    """Hosts, with a port where they need one, whose pages are let in as this server's own are.

    `hosts`: the names of `--server.allowedHosts`, under which a proxy may show the lab. None for every page
    (`--server.enableCORS=false`).
    """
    return frozenset(map(_host_of, (*origins, *hosts))) if is_checked else None


class Guard:
    """ASGI middleware around the whole server, websockets included."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], origins: frozenset[str] | None) -> None:
        self._app = app
        self._hosts, self._origins = hosts, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
        elif not self._is_known(hostname(_host(scope))):
            await _refuse(scope, receive, send, UNKNOWN_NAME, 421)
        elif not _changes_something(scope) or is_own(scope):
            await self._app(scope, receive, _with_headers(send))
        elif self._is_welcome(_origin(scope)):
            await self._app(_as_own(scope), receive, _with_headers(send))
        else:
            await _refuse(scope, receive, send, FOREIGN_PAGE, 403)

    def _is_known(self, name: str) -> bool:
        return not self._hosts or any(_names(pattern, name) for pattern in self._hosts)

    def _is_welcome(self, page: str) -> bool:
        return self._origins is None or page in self._origins


def hostname(host: str) -> str:
    """The name in a Host header, without port and brackets: `[::1]:8501` -> `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.rpartition(":")[0].lower() if host.count(":") == 1 else host.lower()


def _names(pattern: str, name: str) -> bool:
    return pattern in {"*", name} or (pattern.startswith("*.") and name.endswith(pattern[1:]))


def _changes_something(scope: Scope) -> bool:
    return scope["type"] == "websocket" or scope["method"] not in READING


def _host(scope: Scope) -> str:
    return Headers(scope=scope).get("host", "").lower()


def _origin(scope: Scope) -> str:
    return _host_of(Headers(scope=scope).get("origin", ""))


def _host_of(origin: str) -> str:
    """With its port; of an origin such as `null`, the text itself."""
    return origin.strip().rpartition("://")[2].rstrip("/").lower()


def is_own(scope: Scope) -> bool:
    """Whether a page of this server asks, or what is no browser: that need not say where it is from."""
    return "origin" not in Headers(scope=scope) or _origin(scope) == _host(scope)


def _as_own(scope: Scope) -> Scope:
    """As if a page of this server asked: Streamlit would ask an outside host about any other."""
    own = {**scope, "headers": list(scope["headers"])}
    MutableHeaders(scope=own)["origin"] = f"http://{_host(scope)}"
    return own


async def _refuse(scope: Scope, receive: Receive, send: Send, sentence: str, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse(sentence, status_code=status)(scope, receive, send)


def _with_headers(send: Send) -> Send:
    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return add
