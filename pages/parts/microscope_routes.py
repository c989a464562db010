"""What the Microscope page fetches by itself: its scripts and the tiny data sets, which browsers keep for ever."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from dbn_core.data import tiny
from pages.parts.answers import FOR_EVER

ASSETS = Path(__file__).parents[2] / "assets"
FOLDERS = (ASSETS / "microscope", ASSETS / "live")  # the page's own scripts first, then those shared with other pages


@cache
def version() -> str:
    """Changes with every change of a script or of the data sets."""
    digest = sha256(Path(tiny.__file__).read_bytes())
    for path in (path for folder in FOLDERS for path in sorted(folder.glob("*.js"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def addresses(base: str) -> dict[str, str]:
    """Where the component finds things; `base` is the server's path prefix."""
    here = f"{base}/lab/microscope/{version()}"
    return {"module": f"{here}/main.js", "sets": f"{here}/sets"}


def script(request: Request) -> Response:
    """A script of the page, or one that it shares with others."""
    name = request.path_params["name"]
    path = next((folder / name for folder in FOLDERS if (folder / name) in set(folder.glob("*.js"))), None)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="text/javascript", headers=FOR_EVER)


def tiny_set(request: Request) -> Response:
    """A data set as distinct patterns and their counts. Raises DataError for a name that is none."""
    found = tiny.tiny_set(request.path_params["name"])
    return JSONResponse(
        {
            "name": found.name,
            "title": found.title,
            "kind": found.kind,
            "shape": found.shape,
            "bits": found.bits,
            "patterns": found.patterns.tolist(),
            "counts": found.counts.tolist(),
            "about": found.about,
        },
        headers=FOR_EVER,
    )


def microscope_routes(base: str = "") -> list[Route]:
    """All of them. `base` is the server's path prefix."""
    here = f"{base}/lab/microscope/{{version}}"
    return [Route(f"{here}/sets/{{name}}.json", tiny_set), Route(f"{here}/{{name}}", script)]
