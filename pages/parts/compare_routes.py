"""What the Compare page fetches by itself: scripts, and of each run its numbers and the list of its filters."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.view import compare, curves
from dbn_core.view.feed import Cursor, News, feed
from dbn_core.view.status import is_interrupted
from pages.parts import lineage, routes
from pages.parts.answers import NEVER, number_in_query, run_of
from pages.parts.component import ASSETS
from pages.parts.scripts import Scripts

SCRIPTS = Scripts(ASSETS / "compare", ASSETS / "diagnose", ASSETS / "live")


def addresses(base: str, run_id: str) -> dict[str, str]:
    """Where the component finds things of a run; `base` is the server's path prefix."""
    shared = routes.addresses(base, run_id)
    own = {"module": f"{base}/lab/compare/{SCRIPTS.version}/main.js", "news": f"{base}/lab/runs/{run_id}/compare"}
    return {key: shared[key] for key in ("plotly", "filters")} | own


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
        Route(f"{base}/lab/compare/{{version}}/{{name}}", SCRIPTS.serve),
        Route(f"{base}/lab/runs/{{run}}/compare", news),
    ]
