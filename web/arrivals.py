"""`Arrivals`: notices that somebody comes, so that what they are likely to need can be made ready while they look."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class Arrivals:
    """ASGI middleware: calls `notice`, which must not block, for each page that is asked for and each line opened.

    A line too: a page that outlived the server connects again without being asked for anew.
    """

    def __init__(self, app: ASGIApp, notice: Callable[[], None]) -> None:
        self._app = app
        self._notice = notice

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_arrival(scope):
            self._notice()
        await self._app(scope, receive, send)


def is_arrival(scope: Scope) -> bool:
    """Whether a browser asks for a page or opens a line; what watches over the server (`/lab/health`) does neither."""
    if scope["type"] == "websocket":
        return True
    return scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
