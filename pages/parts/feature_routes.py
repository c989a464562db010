"""What the Features page fetches by itself: the film of a run, its pictures, a unit's life, answers of workers.

Pictures never change under their address. What starts work on a worker is a POST from a page of this server.
"""

import asyncio
import csv
import io
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from dbn_core.frames import Frame
from dbn_core.records import Snapshot
from dbn_core.view import evolution, film, grid, life, mosaic, ordering, timeline
from dbn_core.view.mosaic import Contrast, MosaicOptions
from dbn_core.view.ordering import Order
from dbn_core.view.palette import Scheme, Theme
from dbn_core.view.timeline import Kept, Recorded
from pages.parts import lab, questions, routes
from pages.parts.answers import FOR_EVER, NEVER, asked_json, number_in_query, one_of, png, run_of, whole

ASSETS = Path(__file__).parents[2] / "assets"
FOLDERS = (ASSETS / "features", ASSETS / "live")  # the page's own scripts first, then those shared with the Train page
MOST_FRAMES = 64  # of a film
SHOWN = 100  # units of a layer that are filmed


# -- addresses ------------------------------------------------------------------------------------------------------


@cache
def version() -> str:
    """Changes with every change of a script."""
    digest = sha256()
    for path in (path for folder in FOLDERS for path in sorted(folder.glob("*.js"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def addresses(base: str, run_id: str) -> dict[str, str]:
    """Where the component finds things; `base` is the server's path prefix."""
    shared = routes.addresses(base, run_id)
    return {
        "module": f"{base}/lab/features/{version()}/main.js",
        "plotly": shared["plotly"],
        "live": shared["live"],
        "csv": shared["csv"],
        "features": f"{base}/lab/runs/{run_id}/features",
    }


def script(request: Request) -> Response:
    """A script of the page, or one that it shares with the Train page."""
    name = request.path_params["name"]
    path = next((folder / name for folder in FOLDERS if (folder / name) in set(folder.glob("*.js"))), None)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="text/javascript", headers=FOR_EVER)


# -- the film -------------------------------------------------------------------------------------------------------


def index(request: Request) -> Response:
    """Everything that the scrubber can show, and new numbers after the cursor; tiny when nothing has changed."""
    run = run_of(request)
    after = number_in_query(request, "metric")
    info = run.info()
    revision = str(run.revision())
    if request.query_params.get("revision") == revision:
        return JSONResponse({"revision": revision}, headers=NEVER)
    snapshots = run.snapshots()
    filters = [item for item in snapshots if item.kind == "filters"]
    recorded = Recorded(
        filters=filters,
        frames=[item for item in snapshots if item.kind == "diagnostics"],
        projections=[item for item in snapshots if item.kind == "projection"],
        checkpoints=[Kept(item.id, item.position) for item in run.checkpoints()],
    )
    points = run.metrics(names=evolution.TABLE_METRICS)
    new = [point for point in points if point.id > after]
    answer = timeline.timeline(info, recorded) | {
        "revision": revision,
        "cursor": max((point.id for point in points), default=0),
        "points": evolution.measured(new, first=after == 0),
        "article": evolution.milestones(points, filters),
    }
    return JSONResponse(answer, headers=NEVER)


def mosaic_picture(request: Request) -> Response:
    """A layer's filters in the asked order."""
    params = request.path_params
    order: Order = one_of(params["order"], Order)
    options = _options(params, params["columns"], params["rows"])
    key = (lab.store().url, params["run"], params["snapshot"])
    return png(_mosaic(*key, options, params["gain"], order, params["frame"]))


def projection_picture(request: Request) -> Response:
    """A kept projection: intensities, as ink."""
    params = request.path_params
    theme: Theme = one_of(params["theme"], Theme)
    order: Order = one_of(params["order"], Order)
    shape = (params["columns"], params["rows"], params["scale"])
    key = (lab.store().url, params["run"], params["snapshot"])
    try:
        return png(_projection(*key, shape, order, params["frame"], theme))
    except ValueError as error:
        raise HTTPException(400, str(error)) from error


def film_picture(request: Request) -> Response:
    """One unit at the moments of the snapshots named in the path."""
    params = request.path_params
    numbers = params["snapshots"].split("-")
    if not (len(numbers) <= MOST_FRAMES and all(text.isascii() and text.isdecimal() for text in numbers)):
        raise HTTPException(400, f"A film has 1 to {MOST_FRAMES} pictures, named by their numbers.")
    options = _options(params, 1, 1)
    key = (lab.store().url, params["run"])
    return png(_film(*key, tuple(int(text) for text in numbers), params["unit"], options))


def _options(params: dict[str, Any], columns: int, rows: int) -> MosaicOptions:
    try:
        return MosaicOptions(
            columns=columns,
            rows=rows,
            theme=one_of(params["theme"], Theme),
            scheme=one_of(params["scheme"], Scheme),
            contrast=one_of(params["contrast"], Contrast),
            scale=params["scale"],
        )
    except ValueError as error:
        raise HTTPException(400, str(error)) from error


@lru_cache(maxsize=768)
def _mosaic(
    store_url: str, run_id: str, snapshot_id: int, options: MosaicOptions, gain: int, order: Order, frame_id: int
) -> bytes:
    pixels = _pixels(store_url, run_id, snapshot_id, "filters")
    if gain != 100:
        pixels = film.rescaled(pixels, gain / 100)
    return mosaic.mosaic(_arranged(store_url, run_id, pixels, order, frame_id), options)


@lru_cache(maxsize=128)
def _projection(
    store_url: str,
    run_id: str,
    snapshot_id: int,
    shape: tuple[int, int, int],
    order: Order,
    frame_id: int,
    theme: Theme,
) -> bytes:
    columns, rows, scale = shape
    pixels = _arranged(store_url, run_id, _pixels(store_url, run_id, snapshot_id, "projection"), order, frame_id)
    return grid.grid(pixels, columns, rows, theme, scale)


@lru_cache(maxsize=256)
def _film(store_url: str, run_id: str, snapshots: tuple[int, ...], unit: int, options: MosaicOptions) -> bytes:
    pixels = [_pixels(store_url, run_id, number, "filters") for number in snapshots]
    if any(unit >= len(picture) for picture in pixels):
        raise HTTPException(404, f"Unit {unit} is not filmed.")
    scales = [_snapshot(store_url, run_id, number).info.scale for number in snapshots]
    return film.film(
        [picture[unit] for picture in pixels], scales, options.contrast, options.scheme, options.theme, options.scale
    )


def _arranged(store_url: str, run_id: str, pixels: Any, order: Order, frame_id: int) -> Any:
    if order == "training":
        return pixels
    arrays = _frame(store_url, run_id, frame_id).arrays
    return ordering.arranged(pixels, ordering.order_of(arrays[f"unit.{order}"], len(pixels)))


# -- frames and units -----------------------------------------------------------------------------------------------


def frame(request: Request) -> Response:
    """Histograms and orders of one moment."""
    params = request.path_params
    found = _frame(lab.store().url, params["run"], params["frame"])
    return JSONResponse(life.frame_as_data(found, SHOWN), headers=FOR_EVER)


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


def _history(request: Request, after: int) -> dict[str, list[Any]]:
    run, params = run_of(request), request.path_params
    if not timeline.depth_of(params["stage"]):
        raise HTTPException(404)
    listed = run.snapshots(after=after, stage=params["stage"], kind="diagnostics")
    url = lab.store().url
    try:
        return life.history(((info.id, _frame(url, run.id, info.id)) for info in listed), params["unit"])
    except IndexError as error:
        raise HTTPException(404, f"There is no unit {params['unit']} in {params['stage']}.") from error


# -- asking a worker ------------------------------------------------------------------------------------------------


async def ask_projection(request: Request) -> Response:
    """Have a projection computed, or find it; answers when it is in the store."""
    body = await asked_json(request)
    checkpoint, layer = whole(body, "checkpoint", 1), whole(body, "layer", 2, 64)
    kind = body.get("projection")
    if kind not in questions.PROJECTIONS:
        raise HTTPException(400, f"projection must be one of: {', '.join(questions.PROJECTIONS)}.")
    run_id = request.path_params["run"]
    info = await _in_turn(questions.projection, run_id, checkpoint, layer, kind)
    return JSONResponse({"id": info.id, "step": info.position.step}, headers=NEVER)


async def ask_life(request: Request) -> Response:
    """What excites a unit and what it is made of, at a checkpoint."""
    body = await asked_json(request)
    checkpoint, layer, unit = whole(body, "checkpoint", 1), whole(body, "layer", 1, 64), whole(body, "unit", 0)
    theme: Theme = one_of(str(body.get("theme")), Theme)
    found = await _in_turn(questions.life, lab.store().url, request.path_params["run"], checkpoint, layer, unit)
    return JSONResponse(life.life_as_data(found, theme), headers=NEVER)


async def _in_turn(question: Any, *arguments: Any) -> Any:
    return await asyncio.wrap_future(questions.turn.submit(question, *arguments))


# -- parts ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def _snapshot(store_url: str, run_id: str, snapshot_id: int) -> Snapshot:
    """`store_url` is part of the key: ids mean something within one store only."""
    del store_url
    return lab.store().run(run_id).snapshot(snapshot_id)


def _pixels(store_url: str, run_id: str, snapshot_id: int, kind: str) -> Any:
    found = _snapshot(store_url, run_id, snapshot_id)
    if found.info.kind != kind:
        raise HTTPException(404)
    return found.pixels


@lru_cache(maxsize=512)
def _frame(store_url: str, run_id: str, frame_id: int) -> Frame:
    del store_url
    found = lab.store().run(run_id).snapshot(frame_id)
    if found.info.kind != "diagnostics":
        raise HTTPException(404)
    whole_frame = Frame.from_snapshot(found)
    # What nobody draws here is large: five hundred frames of it would be too much to keep.
    drawn = {name: array for name, array in whole_frame.arrays.items() if name.startswith(("unit.", "histogram."))}
    return Frame(whole_frame.position, drawn)


def feature_routes(base: str = "") -> list[Route]:
    """All of them. `base` is the server's path prefix."""
    here = f"{base}/lab/runs/{{run}}/features"
    shape, look = "{columns:int}x{rows:int}x{scale:int}", "{scheme}-{contrast}"
    return [
        Route(f"{base}/lab/features/{{version}}/{{name}}", script),
        Route(f"{here}/index", index),
        Route(f"{here}/filters/{{snapshot:int}}/{shape}-{look}-{{gain:int}}-{{order}}-{{frame:int}}-{{theme}}.png", mosaic_picture),
        Route(f"{here}/projection/{{snapshot:int}}/{shape}-{{order}}-{{frame:int}}-{{theme}}.png", projection_picture),
        Route(f"{here}/film/{{snapshots}}/{{unit:int}}x{{scale:int}}-{look}-{{theme}}.png", film_picture),
        Route(f"{here}/frame/{{frame:int}}.json", frame),
        Route(f"{here}/unit/{{stage}}/{{unit:int}}.json", unit_history),
        Route(f"{here}/unit/{{stage}}/{{unit:int}}.csv", unit_csv),
        Route(f"{here}/ask/projection", ask_projection, methods=["POST"]),
        Route(f"{here}/ask/life", ask_life, methods=["POST"]),
    ]
