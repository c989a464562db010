"""What the Microscope page fetches by itself: the tiny data sets, which browsers keep for ever."""

from pathlib import Path
from typing import TypedDict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.data import tiny
from dbn_core.data.tiny import Kind
from web.answers import FOR_EVER
from web.scripts import digest

VERSION = digest(Path(tiny.__file__))  # of the sets


class MicroscopeAddresses(TypedDict):
    """`sets`: below it lie the data sets, by name."""

    sets: str


class TinySet(TypedDict):
    """Distinct patterns, each the number of its bits, and how often each comes; `shape`: rows and columns."""

    name: str
    title: str
    kind: Kind
    shape: tuple[int, int]
    bits: int
    patterns: list[int]
    counts: list[int]
    about: str


def addresses(base: str) -> MicroscopeAddresses:
    """Where the component finds things; `base` is the server's path prefix."""
    return {"sets": f"{base}/lab/microscope/{VERSION}/sets"}


def tiny_set(request: Request) -> Response:
    """A data set as distinct patterns and their counts. Raises DataError for a name that is none."""
    tiny_set = tiny.tiny_set(request.path_params["name"])
    answer: TinySet = {
        "name": tiny_set.name,
        "title": tiny_set.title,
        "kind": tiny_set.kind,
        "shape": tiny_set.shape,
        "bits": tiny_set.bits,
        "patterns": tiny_set.patterns.tolist(),
        "counts": tiny_set.counts.tolist(),
        "about": tiny_set.about,
    }
    return JSONResponse(answer, headers=FOR_EVER)


def routes(base: str = "") -> list[Route]:
    """All of them. `base` is the server's path prefix."""
    return [Route(f"{base}/lab/microscope/{{version}}/sets/{{name}}.json", tiny_set)]
