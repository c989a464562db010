"""What the Compare page fetches by itself: of each run its numbers and the list of its filters."""

from typing import TypedDict

from starlette.routing import BaseRoute

from dbn_core.records import RunInfo
from dbn_core.store import Run
from dbn_core.view import compare, curves
from dbn_core.view.feed import Filters, Known, Live, News, feed
from web import lineage, pictures
from web.live.feeds import Cursors, Feed
from web.routes import train


class CompareAddresses(TypedDict):
    """Of a run among others."""

    plotly: str
    filters: str
    news: str


class CompareNews(Live):
    """With all pictures of filters that the run has."""

    moments: list[Filters]


def addresses(base: str, run_id: str) -> CompareAddresses:
    """Where the component finds things of a run; `base` is the server's path prefix."""
    shared = train.addresses(base, run_id)
    return {
        "plotly": shared["plotly"],
        "filters": shared["filters"],
        "news": f"{base}/lab/runs/{run_id}/compare",
    }


def news(run: Run, info: RunInfo, revision: str, cursors: Cursors) -> CompareNews:
    """What has changed in a run since the cursors. Filters come as a whole list."""
    cursor = Known(**cursors)
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
    drawn = run.snapshots(kind="filters")
    return {**answer, "moments": compare.moments(drawn, info.config, pictures.states_at(run, drawn))}


def routes(base: str = "") -> list[BaseRoute]:
    """All of them. `base` is the server's path prefix."""
    return [
        *Feed(news, ("metric", "command", "ghost")).routes(f"{base}/lab/runs/{{run}}/compare"),
    ]
