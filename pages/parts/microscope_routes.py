"""What the Microscope page fetches by itself: its scripts and the tiny data sets, which browsers keep for ever."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.data import tiny
from pages.parts.answers import FOR_EVER
from pages.parts.scripts import Scripts

ASSETS = Path(__file__).parents[2] / "assets"
SCRIPTS = Scripts(ASSETS / "microscope", ASSETS / "live", also=(Path(tiny.__file__),))


def addresses(base: str) -> dict[str, str]:
    """Where the component finds things; `base` is the server's path prefix."""
    here = f"{base}/lab/microscope/{SCRIPTS.version}"
    return {"module": f"{here}/main.js", "sets": f"{here}/sets"}


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
    return [Route(f"{here}/sets/{{name}}.json", tiny_set), Route(f"{here}/{{name}}", SCRIPTS.serve)]
