"""What the Compare page fetches by itself: scripts, and of each run its numbers and the list of its filters."""

from typing import Any

from starlette.routing import BaseRoute, Route

from dbn_core.records import RunInfo
from dbn_core.store import Run
from dbn_core.view import compare, curves
from dbn_core.view.feed import Cursor, News, feed
from pages.parts import lineage, routes
from pages.parts.component import ASSETS
from pages.parts.feeds import Cursors, Feed
from pages.parts.scripts import Scripts

SCRIPTS = Scripts(ASSETS / "compare", ASSETS / "diagnose", ASSETS / "live")


def addresses(base: str, run_id: str) -> dict[str, str]:
    """Where the component finds things of a run; `base` is the server's path prefix."""
    shared = routes.addresses(base, run_id)
    own = {"module": f"{base}/lab/compare/{SCRIPTS.version}/main.js", "news": f"{base}/lab/runs/{run_id}/compare"}
    return {key: shared[key] for key in ("plotly", "filters")} | own


def news(run: Run, info: RunInfo, revision: str, cursors: Cursors) -> dict[str, Any]:
    """What has changed in a run since the cursors. Filters come as a whole list."""
    cursor = Cursor(**cursors)
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
    return answer


def compare_routes(base: str = "") -> list[BaseRoute]:
    """All of them. `base` is the server's path prefix."""
    return [
        Route(f"{base}/lab/compare/{{version}}/{{name}}", SCRIPTS.serve),
        *Feed(news, ("metric", "command", "ghost")).routes(f"{base}/lab/runs/{{run}}/compare"),
    ]
