"""What the live view fetches by itself: what moves in a run, pictures, tables.

Read only. Pictures never change under their address, so browsers keep them for ever.
"""

import csv
import io
from collections.abc import Iterable
from typing import TypedDict

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dbn_core.config.stages import LAYERS
from dbn_core.records import MetricPoint, RunInfo, SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import curves, reconstructions
from dbn_core.view.feed import Known, Live, News, feed
from dbn_core.view.palette import Theme
from web import lineage, pictures
from web.answers import NEVER, one_of, png, run_of
from web.live.feeds import Cursors, Feed
from web.run_facts import filters_of_layers
from web.scripts import plotly_address

# -- addresses ------------------------------------------------------------------------------------------------------


class RunAddresses(TypedDict):
    """Of what a live page fetches of a run; pictures are at an address below `filters` and `strip`."""

    plotly: str
    live: str
    filters: str
    strip: str
    csv: str


def addresses(base: str, run_id: str) -> RunAddresses:
    """Where the component of a run finds things; `base` is the server's path prefix, "" or "/lab-of-mine"."""
    run = f"{base}/lab/runs/{run_id}"
    return {
        "plotly": plotly_address(base),
        "live": f"{run}/live",
        "filters": f"{run}/filters",
        "strip": f"{run}/strip",
        "csv": f"{run}/metrics.csv",
    }


# -- endpoints (the server runs plain functions in threads) -----------------------------------------------------------


def live(run: Run, info: RunInfo, revision: str, cursors: Cursors) -> Live:
    """Everything that moves on the Train page."""
    cursor = Known(**cursors)
    newest, layers = run.latest_snapshot("filters"), all_layers(run, info)
    news = News(
        info=info,
        points=run.metrics(after=cursor.metric, names=curves.drawn_metrics()),
        commands=run.commands(after=cursor.command),
        filters=newest,
        reconstructions=run.latest_snapshot("reconstructions"),
        layers=layers,
        states=pictures.states_of(run, (newest, *layers)),
        drawn=frozenset(curves.drawn_metrics()),
        ghosts=lineage.ghosts(info, cursor.ghost, curves.drawn_metrics()),
    )
    return feed(revision, cursor, news)


async def filters(request: Request) -> Response:
    """A mosaic as PNG."""
    params = request.path_params
    options = pictures.mosaic_options(params, params["columns"], params["rows"])
    return png(await pictures.filters.soon(params["run"], params["snapshot"], options))


async def strip(request: Request) -> Response:
    """Originals above reconstructions as PNG."""
    params = request.path_params
    if not (1 <= params["cases"] <= reconstructions.LARGEST and 1 <= params["scale"] <= 16):
        raise HTTPException(400, f"A strip has 1 to {reconstructions.LARGEST} cases and is enlarged 1 to 16 times.")
    theme = one_of(params["theme"], Theme)
    shape = params["cases"], theme, params["scale"]
    return png(await pictures.strip.soon(params["run"], params["snapshot"], *shape))


def metrics_csv(request: Request) -> Response:
    """Every stored number of the run, or of the metrics in `names`, as a table."""
    run = run_of(request)
    wanted = request.query_params.get("names")
    text = as_csv(run.metrics(names=tuple(wanted.split(",")) if wanted else None))
    headers = NEVER | {"Content-Disposition": f'attachment; filename="run-{run.id}.csv"'}
    return Response(text, media_type="text/csv", headers=headers)


def routes(base: str = "") -> list[BaseRoute]:
    """All of them. `base` is the server's path prefix."""
    run, shape = f"{base}/lab/runs/{{run}}", "{columns:int}x{rows:int}x{scale:int}"
    return [
        *Feed(live, ("metric", "command", "ghost")).routes(f"{run}/live"),
        Route(f"{run}/metrics.csv", metrics_csv),
        Route(f"{run}/filters/{{snapshot:int}}/{shape}-{{scheme}}-{{contrast}}-{{theme}}.png", filters),
        Route(f"{run}/strip/{{snapshot:int}}/{{cases:int}}x{{scale:int}}-{{theme}}.png", strip),
    ]


def all_layers(run: Run, info: RunInfo) -> list[SnapshotInfo]:
    """The newest filters of each layer, where all are in training at once; else nothing."""
    if info.progress.position.stage != LAYERS.name:
        return []
    return filters_of_layers(run, info.config)


# -- parts ------------------------------------------------------------------------------------------------------------


def as_csv(points: Iterable[MetricPoint]) -> str:
    """One row a number, every digit kept: metric, stage, update, epoch, value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["metric", "stage", "update", "epoch", "value"])
    for point in points:
        where = point.position
        writer.writerow([point.name, where.stage, where.step, repr(where.epoch), repr(point.value)])
    return out.getvalue()
