"""What the Diagnose and A/B pages fetch by themselves: numbers, frames and tables of a run.

What they ask of workers is in `diagnose_questions`. A frame never changes under its address.
"""

import csv
import io

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dbn_core.records import RunInfo
from dbn_core.store import Run
from dbn_core.view import ab, activity_image, diagnosis, frame_data
from dbn_core.view.feed import Known, Live, News, feed
from dbn_core.view.palette import Theme
from web import pictures
from web.answers import FOR_EVER, NEVER, one_of, png, run_of
from web.live.feeds import Cursors, Feed
from web.routes import train
from web.routes.diagnose_questions import question_routes
from web.routes.train import RunAddresses

MOST_FRAMES = 64  # in one table


# -- addresses ------------------------------------------------------------------------------------------------------


class DiagnoseAddresses(RunAddresses):
    """`news` and `side`: the feeds of the Diagnose page and of one side of a pair; `diagnose`: of all else."""

    news: str
    side: str
    diagnose: str


def addresses(base: str, run_id: str) -> DiagnoseAddresses:
    """Where a component finds things; `base` is the server's path prefix."""
    run = f"{base}/lab/runs/{run_id}/diagnose"
    return {
        **train.addresses(base, run_id),
        "news": f"{run}/news",
        "side": f"{run}/side",
        "diagnose": run,
    }


# -- numbers and frames -----------------------------------------------------------------------------------------------


class DiagnoseNews(Live):
    """With frames of diagnostics (id, epoch, stage) and the newest checkpoint (id, epoch)."""

    frames: list[tuple[int, float, str]]
    checkpoint: tuple[int, float] | None


def news(run: Run, info: RunInfo, revision: str, cursors: Cursors) -> DiagnoseNews:
    """Status, and the points, marks and frames beyond the cursors."""
    answer = _news(run, info, revision, cursors, diagnosis.drawn_metrics())
    frames = run.snapshots(after=cursors["frame"], kind="diagnostics")
    newest = run.newest_checkpoint()
    answer["cursor"]["frame"] = max((frame.id for frame in frames), default=cursors["frame"])
    return {
        **answer,
        "frames": [(at.id, round(at.position.epoch, 4), at.position.stage) for at in frames],
        "checkpoint": None if newest is None else (newest.id, round(newest.position.epoch, 4)),
    }


def side(run: Run, info: RunInfo, revision: str, cursors: Cursors) -> Live:
    """One side of a pair: status, filters, and points where another run is measured too."""
    metrics = tuple(chart.metric for chart in ab.charts())
    return _news(run, info, revision, cursors, metrics, filters=True, meeting=True)


def _news(
    run: Run,
    info: RunInfo,
    revision: str,
    cursors: Cursors,
    wanted: tuple[str, ...],
    *,
    filters: bool = False,
    meeting: bool = False,
) -> Live:
    """What every live page is told, of these metrics. `meeting`: see `ab.meeting`."""
    points = run.metrics(after=cursors["metric"], names=wanted)
    newest = run.latest_snapshot("filters") if filters else None
    layers = train.all_layers(run, info) if filters else []
    fresh = News(
        info=info,
        points=ab.meeting(points) if meeting else points,
        commands=run.commands(after=cursors["command"]),
        filters=newest,
        layers=layers,
        states=pictures.states_of(run, (newest, *layers)),
        drawn=frozenset(wanted),
    )
    return feed(revision, Known(cursors["metric"], cursors["command"]), fresh)


def frame(request: Request) -> Response:
    """One frame, as the cards draw it."""
    params = request.path_params
    data = frame_data.frame_data(pictures.frame(params["run"], params["frame"]))
    return JSONResponse(data, headers=FOR_EVER)


def hidden(request: Request) -> Response:
    """The hidden probabilities of a frame as PNG."""
    params = request.path_params
    theme: Theme = one_of(params["theme"], Theme)
    arrays = pictures.frame(params["run"], params["frame"]).arrays
    try:
        return png(
            activity_image.activity_image(arrays["hidden"], arrays["unit.activity"], theme, scale=params["scale"])
        )
    except ValueError as error:
        raise HTTPException(400, str(error)) from error


def table(request: Request) -> Response:
    """The numbers of a card as CSV; `frames` in the query names one or several, the current one last."""
    card = request.path_params["card"]
    if card not in frame_data.TABLES:
        raise HTTPException(404)
    wanted = request.query_params.get("frames", "").split(",")
    if not all(text.isascii() and text.isdecimal() and len(text) < 19 for text in wanted) or len(wanted) > MOST_FRAMES:
        raise HTTPException(400, f"frames must be 1 to {MOST_FRAMES} numbers of frames, with commas.")
    run = run_of(request)
    head, rows = frame_data.table(card, [pictures.frame(run.id, int(text)) for text in wanted])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    headers = NEVER | {"Content-Disposition": f'attachment; filename="run-{run.id}-{card}.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=headers)


def routes(base: str = "") -> list[BaseRoute]:
    """All of them. `base` is the server's path prefix."""
    here = f"{base}/lab/runs/{{run}}/diagnose"
    return [
        *Feed(news, ("metric", "command", "frame")).routes(f"{here}/news"),
        *Feed(side, ("metric", "command")).routes(f"{here}/side"),
        Route(f"{here}/frame/{{frame:int}}.json", frame),
        Route(f"{here}/frame/{{frame:int}}/hidden-{{scale:int}}-{{theme}}.png", hidden),
        Route(f"{here}/{{card}}.csv", table),
        *question_routes(here),
    ]
