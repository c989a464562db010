"""What the Compare page fetches by itself: scripts, and of each run its numbers and the list of its filters."""

from functools import cache
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from dbn_core.view import compare, curves
from dbn_core.view.feed import Cursor, News, feed
from dbn_core.view.status import is_interrupted
from pages.parts import lineage, routes
from pages.parts.answers import FOR_EVER, NEVER, number_in_query, run_of
from pages.parts.component import ASSETS

FOLDERS = (ASSETS / "compare", ASSETS / "diagnose", ASSETS / "live")  # the page's own scripts first


@cache
def version() -> str:
    """Changes with every change of a script."""
    digest = sha256()
    for path in (path for folder in FOLDERS for path in sorted(folder.glob("*.js"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def addresses(base: str, run_id: str) -> dict[str, str]:
    """Where the component finds things of a run; `base` is the server's path prefix."""
    shared = routes.addresses(base, run_id)
    own = {"module": f"{base}/lab/compare/{version()}/main.js", "news": f"{base}/lab/runs/{run_id}/compare"}
    return {key: shared[key] for key in ("plotly", "filters")} | own


def script(request: Request) -> Response:
    """A script of the page, or one that it shares with others."""
    name = request.path_params["name"]
    path = next((folder / name for folder in FOLDERS if (folder / name) in set(folder.glob("*.js"))), None)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="text/javascript", headers=FOR_EVER)


def news(request: Request) -> Response:
    """What has changed in a run since the cursor in the query; tiny when nothing has. Filters come as a whole list."""
    run = run_of(request)
    info = run.info()
    cursor = Cursor(*(number_in_query(request, name) for name in ("metric", "command", "ghost")))
    revision = f"{run.revision()}{'-silent' if is_interrupted(info) else ''}"
    if request.query_params.get("revision") == revision:
        return JSONResponse({"revision": revision}, headers=NEVER)
    wanted = curves.drawn_metrics()
    answer = feed(
        revision,
        cursor,
        News(
            info=info,
            points=run.metrics(after=cursor.metric, names=wanted),
            commands=run.commands(after=cursor.command),
            drawn=frozenset(wanted),
            ghosts=lineage.ghosts(info, cursor.ghost, wanted),
        ),
    )
    answer["moments"] = compare.moments(run.snapshots(kind="filters"), info.config)
    return JSONResponse(answer, headers=NEVER)


def compare_routes(base: str = "") -> list[Route]:
    """All of them. `base` is the server's path prefix."""
    return [
        Route(f"{base}/lab/compare/{{version}}/{{name}}", script),
        Route(f"{base}/lab/runs/{{run}}/compare", news),
    ]
