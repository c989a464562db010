"""What the Diagnose and A/B pages fetch by themselves: numbers and frames of a run, tables, a probe by a worker.

A frame never changes under its address. What starts work on a worker is a POST from a page of this server.
"""

import asyncio
import csv
import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dbn_core.frames import Frame
from dbn_core.records import RunInfo
from dbn_core.store import Run
from dbn_core.view import activity_image, comparison, diagnosis, frame_data
from dbn_core.view.feed import Cursor, News, feed
from dbn_core.view.palette import Theme
from pages.parts import figures, lab, questions, routes
from pages.parts.answers import FOR_EVER, NEVER, asked_json, one_of, png, run_of, whole
from pages.parts.feeds import Cursors, Feed
from pages.parts.likelihoods import Wanted, desk
from pages.parts.likelihoods import cost as likelihood_cost
from pages.parts.scripts import Scripts

ASSETS = Path(__file__).parents[2] / "assets"
SCRIPTS = Scripts(ASSETS / "diagnose", ASSETS / "live")
MOST_FRAMES = 64  # in one table
PATIENCE = 120.0  # seconds for a probe while both cores train


# -- addresses ------------------------------------------------------------------------------------------------------


def addresses(base: str, run_id: str, module: str = "main.js") -> dict[str, str]:
    """Where a component finds things; `base` is the server's path prefix."""
    shared, run = routes.addresses(base, run_id), f"{base}/lab/runs/{run_id}/diagnose"
    return shared | {
        "module": f"{base}/lab/diagnose/{SCRIPTS.version}/{module}",
        "news": f"{run}/news",
        "side": f"{run}/side",
        "diagnose": run,
    }


# -- numbers and frames -----------------------------------------------------------------------------------------------


def news(run: Run, info: RunInfo, revision: str, cursors: Cursors) -> dict[str, Any]:
    """Status, and the points, marks and frames beyond the cursors."""
    answer = _news(run, info, revision, cursors, diagnosis.drawn_metrics())
    frames = run.snapshots(after=cursors["frame"], kind="diagnostics")
    newest = max(run.checkpoints(), key=lambda kept: kept.position.step, default=None)
    answer["cursor"]["frame"] = max((frame.id for frame in frames), default=cursors["frame"])
    answer["frames"] = [[at.id, round(at.position.epoch, 4), at.position.stage] for at in frames]
    answer["checkpoint"] = None if newest is None else [newest.id, round(newest.position.epoch, 4)]
    return answer


def side(run: Run, info: RunInfo, revision: str, cursors: Cursors) -> dict[str, Any]:
    """One side of a pair: status, filters, and points where another run is measured too."""
    metrics = tuple(chart.metric for chart in comparison.comparisons())
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
) -> dict[str, Any]:
    """What every live page is told, of these metrics. `meeting`: see `comparison.meeting`."""
    points = run.metrics(after=cursors["metric"], names=wanted)
    found = News(
        info=info,
        points=comparison.meeting(points) if meeting else points,
        commands=run.commands(after=cursors["command"]),
        filters=run.latest_snapshot("filters") if filters else None,
        layers=routes.all_layers(run, info) if filters else (),
        drawn=frozenset(wanted),
    )
    return feed(revision, Cursor(cursors["metric"], cursors["command"]), found)


def frame(request: Request) -> Response:
    """One frame, as the cards draw it."""
    params = request.path_params
    found = _frame(lab.store().url, params["run"], params["frame"])
    return JSONResponse(frame_data.frame_data(found), headers=FOR_EVER)


def hidden(request: Request) -> Response:
    """The hidden probabilities of a frame as PNG."""
    params = request.path_params
    theme: Theme = one_of(params["theme"], Theme)
    arrays = _frame(lab.store().url, params["run"], params["frame"]).arrays
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
    url = lab.store().url
    head, rows = frame_data.table(card, [_frame(url, run.id, int(text)) for text in wanted])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    headers = NEVER | {"Content-Disposition": f'attachment; filename="run-{run.id}-{card}.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=headers)


@lru_cache(maxsize=128)
def _frame(store_url: str, run_id: str, frame_id: int) -> Frame:
    """`store_url` is part of the key: ids mean something within one store only."""
    del store_url
    found = lab.store().run(run_id).snapshot(frame_id)
    if found.info.kind != "diagnostics":
        raise HTTPException(404)
    return Frame.from_snapshot(found)


# -- asking a worker --------------------------------------------------------------------------------------------------


async def ask_probe(request: Request) -> Response:
    """Errors of simple classifiers on each layer's features at a checkpoint; see `dbn_core.inference.probe`."""
    checkpoint = whole(await asked_json(request), "checkpoint", 1)
    run = run_of(request)
    # In line with the questions of all other viewers: whoever asks the same later finds it answered.
    found = await asyncio.wrap_future(questions.turn.submit(_probe, lab.store().url, run.id, checkpoint))
    return JSONResponse(found, headers=NEVER)


@lru_cache(maxsize=256)
def _probe(store_url: str, run_id: str, checkpoint: int) -> dict[str, Any]:
    name = "dbn_core.inference.probe:probe"
    answer: dict[str, Any] = lab.cluster().ask(name, store_url, run_id, checkpoint, timeout=PATIENCE)
    figures.keep(run_id, answer)
    position = answer.pop("position")
    return answer | {"epoch": round(position.epoch, 4), "stage": position.stage}


def likelihoods(request: Request) -> Response:
    """The log-likelihoods of the run that somebody has asked for, and how far they are. Starts nothing."""
    run = run_of(request)
    return JSONResponse(desk.of_run(lab.store().url, run.id), headers=NEVER)


async def ask_cost(request: Request) -> Response:
    """What a log-likelihood would cost, tried on a worker in a fraction of a second."""
    wanted = _wanted(request, await asked_json(request))
    found = await asyncio.wrap_future(questions.turn.submit(likelihood_cost, wanted))
    return JSONResponse(found, headers=NEVER)


async def ask_likelihood(request: Request) -> Response:
    """Have a log-likelihood computed; answers at once with all of the run, this one among them."""
    body = await asked_json(request)
    wanted = _wanted(request, body)
    desk.start(wanted, float(whole(body, "expected", 0)))
    return JSONResponse(desk.of_run(wanted.store_url, wanted.run), headers=NEVER)


async def stop_likelihood(request: Request) -> Response:
    """Have one given up; answers with what is left of the run."""
    wanted = _wanted(request, await asked_json(request))
    desk.stop(wanted)
    return JSONResponse(desk.of_run(wanted.store_url, wanted.run), headers=NEVER)


def _wanted(request: Request, body: dict[str, Any]) -> Wanted:
    checkpoint = whole(body, "checkpoint", 1)
    chains, temperatures = whole(body, "chains", 2, 10_000), whole(body, "temperatures", 2, 1_000_000)
    return Wanted(lab.store().url, run_of(request).id, checkpoint, chains, temperatures)


def diagnose_routes(base: str = "") -> list[BaseRoute]:
    """All of them. `base` is the server's path prefix."""
    here = f"{base}/lab/runs/{{run}}/diagnose"
    return [
        Route(f"{base}/lab/diagnose/{{version}}/{{name}}", SCRIPTS.serve),
        *Feed(news, ("metric", "command", "frame")).routes(f"{here}/news"),
        *Feed(side, ("metric", "command")).routes(f"{here}/side"),
        Route(f"{here}/frame/{{frame:int}}.json", frame),
        Route(f"{here}/frame/{{frame:int}}/hidden-{{scale:int}}-{{theme}}.png", hidden),
        Route(f"{here}/{{card}}.csv", table),
        Route(f"{here}/probe", ask_probe, methods=["POST"]),
        Route(f"{here}/likelihood", likelihoods, methods=["GET"]),
        Route(f"{here}/likelihood", ask_likelihood, methods=["POST"]),
        Route(f"{here}/likelihood/stop", stop_likelihood, methods=["POST"]),
        Route(f"{here}/likelihood/cost", ask_cost, methods=["POST"]),
    ]
