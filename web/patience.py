"""For how long the server waits for the rest of a request: who stops in the middle holds nothing open for ever."""

import asyncio

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATIENCE = 30.0  # seconds between two pieces of a body: a slow line sends some in each, however large the whole
TOO_LATE = f"The rest of this request did not come within {PATIENCE:g} seconds. Send it again.\n"


class _TooLateError(Exception):
    """Not one of the lab's: nobody but `Patience` sees it."""


class Patience:
    """ASGI middleware around the whole server. What a browser listens to for hours has sent its request long before."""

    def __init__(self, app: ASGIApp, seconds: float = PATIENCE) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_whole = is_answered = False

        async def wait() -> Message:
            nonlocal is_whole
            if is_whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._seconds)
            except TimeoutError:
                raise _TooLateError from None
            is_whole = not message.get("more_body", False)
            return message

        async def answer(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            await self._app(scope, wait, answer)
        except _TooLateError:
            if not is_answered:
                await PlainTextResponse(TOO_LATE, 408, {"Connection": "close"})(scope, receive, send)
