"""The API reference, where it has been built: its pages and their search, and no other file of the machine."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from dbn_core.places import COMMAND, default_reference
from web.answers import NEVER

KINDS = {".html": "text/html", ".js": "text/javascript"}
# Its pages carry their styles and scripts with them, and load nothing but the search beside them.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
NOT_BUILT = f"The API reference is not built yet. Build it with: {COMMAND} reference\n"


def address(base: str) -> str:
    """Of its first page; `base` is the server's path prefix."""
    return f"{base}/lab/reference/index.html"


def page(request: Request) -> Response:
    """A file of the reference; how to build it where there is none."""
    files = _files(default_reference())
    if not files:
        return PlainTextResponse(NOT_BUILT, status_code=404, headers=NEVER)
    file = files.get(request.path_params["name"] or "index.html")
    if file is None:
        raise HTTPException(404)
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
    return FileResponse(file, media_type=KINDS[file.suffix], headers=headers)


def _files(folder: Path) -> dict[str, Path]:
    """By the names that an address may have. A name that is no key is no page, whatever it would lead to."""
    root = folder.resolve()
    inside = (path for path in root.rglob("*") if path.suffix in KINDS and path.is_file())
    return {path.relative_to(root).as_posix(): path for path in inside if path.resolve().is_relative_to(root)}


def routes(base: str = "") -> list[Route]:
    """The pages. `base` is the server's path prefix."""
    return [Route(f"{base}/lab/reference/{{name:path}}", page)]
