"""Numbers of the Features page: frames of diagnostics, one unit's figures, and how local and coarse the filters are."""

import csv
import io
from typing import TypedDict

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.config.stages import depth_of
from dbn_core.records import SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import evolution, life, timeline
from dbn_core.view.feed import Curves
from dbn_core.view.life import UnitHistory
from web import pictures
from web.answers import FOR_EVER, NEVER, number_in_query, run_of

MEASURED_AT_ONCE = 40  # pictures; about a tenth of a second
SHOWN = 100  # units of a layer that have pictures


# -- frames and units -----------------------------------------------------------------------------------------------


def frame(request: Request) -> Response:
    """Histograms and orders of one moment."""
    params = request.path_params
    data = life.frame_as_data(pictures.unit_frame(params["run"], params["frame"]), SHOWN)
    return JSONResponse(data, headers=FOR_EVER)


def unit_history(request: Request) -> Response:
    """One unit over all frames of its layer after the one in the query, as JSON."""
    return JSONResponse(_history(request, number_in_query(request, "after")), headers=NEVER)


def unit_csv(request: Request) -> Response:
    """The same as a table."""
    columns = _history(request, 0)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["update", "epoch", "norm", "bias", "activity"])
    writer.writerows(zip(*(columns[name] for name in ("step", "epoch", *life.FIGURES)), strict=True))
    params = request.path_params
    name = f"run-{params['run']}-{params['stage']}-unit-{params['unit']}.csv"
    headers = NEVER | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(out.getvalue(), media_type="text/csv", headers=headers)


def _history(request: Request, after: int) -> UnitHistory:
    run, params = run_of(request), request.path_params
    if not depth_of(params["stage"]):
        raise HTTPException(404)
    listed = run.snapshots(after=after, stage=params["stage"], kind="diagnostics")
    try:
        return life.history(((info.id, pictures.unit_frame(run.id, info.id)) for info in listed), params["unit"])
    except IndexError as error:
        raise HTTPException(404, f"There is no unit {params['unit']} in {params['stage']}.") from error


# -- measures of pictures ----------------------------------------------------------------------------------------------


class Measures(TypedDict):
    """Curves of how local and how coarse the filters are; `cursor`: to go on with; `more`: whether to."""

    cursor: int
    more: bool
    points: Curves


def measures(request: Request) -> Response:
    """How local and how coarse the filters are, picture after picture, some at a time: `more` says whether to go on."""
    run, after = run_of(request), number_in_query(request, "after")
    listed = _layers_pictures(run, after)
    batch = listed[:MEASURED_AT_ONCE]
    answer: Measures = {
        "cursor": batch[-1].id if batch else after,
        "more": len(listed) > len(batch),
        "points": evolution.measured([(item.position, pictures.measures(run.id, item.id)) for item in batch]),
    }
    return JSONResponse(answer, headers=NEVER)


def measures_csv(request: Request) -> Response:
    """All of them as a table."""
    run = run_of(request)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["stage", "update", "epoch", *evolution.MEASURES])
    for item in _layers_pictures(run, 0):
        where = item.position
        writer.writerow([where.stage, where.step, where.epoch, *pictures.measures(run.id, item.id)])
    headers = NEVER | {"Content-Disposition": f'attachment; filename="run-{run.id}-filters.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=headers)


def _layers_pictures(run: Run, after: int) -> list[SnapshotInfo]:
    sources = {source for panel in timeline.panels(run.info().config) for source in panel.sources}
    return [item for item in run.snapshots(after=after, kind="filters") if item.position.stage in sources]


def number_routes(here: str) -> list[Route]:
    """All of them, below the address `here` of a run."""
    return [
        Route(f"{here}/frame/{{frame:int}}.json", frame),
        Route(f"{here}/unit/{{stage}}/{{unit:int}}.json", unit_history),
        Route(f"{here}/unit/{{stage}}/{{unit:int}}.csv", unit_csv),
        Route(f"{here}/measures", measures),
        Route(f"{here}/measures.csv", measures_csv),
    ]
