"""What routes have in common: reading a request's parts, and the headers of an answer."""

from typing import Any, get_args
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from dbn_core.store import Run
from pages.parts import lab

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NEVER = {"Cache-Control": "no-store"}


def run_of(request: Request) -> Run:
    """The run named in the path. Raises RunNotFoundError."""
    return lab.store().run(request.path_params["run"])


def number_in_query(request: HTTPConnection, name: str) -> int:
    """A whole number from the query, 0 when it is not there; 400 for anything else."""
    text = request.query_params.get(name, "0")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise HTTPException(400, f"{name} must be a whole number.")
    return int(text)


def one_of(text: str, choices: Any) -> Any:
    """`text`, if it is a value of this Literal; else 404."""
    if text not in get_args(choices):
        raise HTTPException(404)
    return text


def png(content: bytes) -> Response:
    """A picture that never changes under its address."""
    return Response(content, media_type="image/png", headers=FOR_EVER)


def is_from_here(connection: HTTPConnection) -> bool:
    """Whether a page of this very server sent it; a browser says so in a header that no page can set."""
    origin = connection.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == connection.headers.get("host")


async def asked_json(request: Request) -> dict[str, Any]:
    """The body of a request that starts work: JSON, sent by a page of this very server.

    Links and forms of other sites cannot make one: they can neither set this content type nor this origin.
    """
    if not is_from_here(request):
        raise HTTPException(403, "Only pages of this lab may ask for work.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Ask with JSON.")
    try:
        body = await request.json()
    except ValueError as error:
        raise HTTPException(400, "This is no JSON.") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "Ask with a JSON object.")
    return body


def whole(body: dict[str, Any], name: str, least: int, most: int = 2**31 - 1) -> int:
    """A whole number of such a body within its bounds; else 400."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise HTTPException(400, f"{name} must be a whole number from {least} to {most}.")
    return value
