"""What the Features page fetches by itself: its scripts, the film of a run and its pictures; numbers and questions
to workers are in files of their own.

Pictures never change under their address. Nothing here starts work.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.records import SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import evolution, grid, mosaic, ordering, timeline, unit_film
from dbn_core.view.mosaic import Contrast, MosaicOptions
from dbn_core.view.ordering import Order
from dbn_core.view.palette import Scheme, Theme
from dbn_core.view.timeline import Kept, Recorded
from pages.parts import lab, pictures, routes
from pages.parts.answers import NEVER, one_of, png, run_of
from pages.parts.feature_numbers import number_routes
from pages.parts.questions import question_routes
from pages.parts.scripts import Scripts

ASSETS = Path(__file__).parents[2] / "assets"
SCRIPTS = Scripts(ASSETS / "features", ASSETS / "live")
MOST_FRAMES = 64  # of a film


# -- addresses ------------------------------------------------------------------------------------------------------


def addresses(base: str, run_id: str) -> dict[str, str]:
    """Where the component finds things; `base` is the server's path prefix."""
    shared = routes.addresses(base, run_id)
    return {
        "module": f"{base}/lab/features/{SCRIPTS.version}/main.js",
        "plotly": shared["plotly"],
        "live": shared["live"],
        "csv": shared["csv"],
        "features": f"{base}/lab/runs/{run_id}/features",
    }


# -- the film -------------------------------------------------------------------------------------------------------


def index(request: Request) -> Response:
    """Everything that the scrubber can show; tiny when nothing has changed."""
    run = run_of(request)
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
    answer = timeline.timeline(info, recorded) | {"revision": revision, "article": _article(run, filters)}
    return JSONResponse(answer, headers=NEVER)


def _article(run: Run, filters: list[SnapshotInfo]) -> list[dict[str, Any]]:
    shown = evolution.pictured(filters)
    url = lab.store().url
    found = {item.id: pictures.measures(url, run.id, item.id) for item in shown if item is not None}
    return evolution.milestones(run.metrics(names=evolution.ERRORS), shown, found)


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
    pixels = pictures.pixels(store_url, run_id, snapshot_id, "filters")
    if gain != 100:
        pixels = unit_film.rescaled(pixels, gain / 100)
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
    pixels = _arranged(
        store_url, run_id, pictures.pixels(store_url, run_id, snapshot_id, "projection"), order, frame_id
    )
    return grid.grid(pixels, columns, rows, theme, scale)


@lru_cache(maxsize=256)
def _film(store_url: str, run_id: str, snapshots: tuple[int, ...], unit: int, options: MosaicOptions) -> bytes:
    pixels = [pictures.pixels(store_url, run_id, number, "filters") for number in snapshots]
    if any(unit >= len(picture) for picture in pixels):
        raise HTTPException(404, f"Unit {unit} is not filmed.")
    scales = [pictures.snapshot(store_url, run_id, number).info.scale for number in snapshots]
    return unit_film.unit_film(
        [picture[unit] for picture in pixels], scales, options.contrast, options.scheme, options.theme, options.scale
    )


def _arranged(store_url: str, run_id: str, pixels: Any, order: Order, frame_id: int) -> Any:
    if order == "training":
        return pixels
    arrays = pictures.frame(store_url, run_id, frame_id).arrays
    return ordering.arranged(pixels, ordering.order_of(arrays[f"unit.{order}"], len(pixels)))


def feature_routes(base: str = "") -> list[Route]:
    """All of them. `base` is the server's path prefix."""
    here = f"{base}/lab/runs/{{run}}/features"
    shape, look = "{columns:int}x{rows:int}x{scale:int}", "{scheme}-{contrast}"
    return [
        Route(f"{base}/lab/features/{{version}}/{{name}}", SCRIPTS.serve),
        Route(f"{here}/index", index),
        Route(
            f"{here}/filters/{{snapshot:int}}/{shape}-{look}-{{gain:int}}-{{order}}-{{frame:int}}-{{theme}}.png",
            mosaic_picture,
        ),
        Route(f"{here}/projection/{{snapshot:int}}/{shape}-{{order}}-{{frame:int}}-{{theme}}.png", projection_picture),
        Route(f"{here}/film/{{snapshots}}/{{unit:int}}x{{scale:int}}-{look}-{{theme}}.png", film_picture),
        *number_routes(here),
        *question_routes(here),
    ]
