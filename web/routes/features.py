"""What the Features page fetches by itself: the film of a run and its pictures; numbers and questions
to workers are in files of their own.

Pictures never change under their address. Nothing here starts work.
"""

from typing import Any, TypedDict

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.records import RunInfo, SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import evolution, grid, mosaic, ordering, timeline, unit_film
from dbn_core.view.evolution import ArticleColumn
from dbn_core.view.layer_figures import METRICS, layer_figures, layer_pictures
from dbn_core.view.mosaic import MosaicOptions
from dbn_core.view.ordering import Order
from dbn_core.view.palette import Theme
from dbn_core.view.timeline import Askable, Recorded, Timeline
from dbn_core.view.verdict import LayerFigures, found, verdict
from web import pictures
from web.answers import NEVER, one_of, png, run_of
from web.kept import keep
from web.routes import train
from web.routes.feature_numbers import number_routes
from web.routes.feature_questions import question_routes

MOST_FRAMES = 64  # of a film


# -- addresses ------------------------------------------------------------------------------------------------------


class FeatureAddresses(TypedDict):
    """Of what the Features page fetches of a run."""

    plotly: str
    live: str
    csv: str
    features: str


def addresses(base: str, run_id: str) -> FeatureAddresses:
    """Where the component finds things; `base` is the server's path prefix."""
    shared = train.addresses(base, run_id)
    return {
        "plotly": shared["plotly"],
        "live": shared["live"],
        "csv": shared["csv"],
        "features": f"{base}/lab/runs/{run_id}/features",
    }


# -- the film -------------------------------------------------------------------------------------------------------


class Film(Timeline):
    """Everything that the scrubber can show, the table of the source article and what this run's own numbers say.

    found: of each layer of the DBN, from the first up, what its newest pictures show; "" where nothing is known yet.
    """

    revision: str
    article: list[ArticleColumn]
    verdict: list[str]
    found: list[str]


class SameFilm(TypedDict):
    """Nothing has changed."""

    revision: str


def index(request: Request) -> Response:
    """Everything that the scrubber can show; tiny when nothing has changed."""
    run = run_of(request)
    info = run.info()
    revision = str(run.revision())
    if request.query_params.get("revision") == revision:
        same: SameFilm = {"revision": revision}
        return JSONResponse(same, headers=NEVER)
    snapshots = run.snapshots()
    filters = [item for item in snapshots if item.kind == "filters"]
    recorded = Recorded(
        filters=filters,
        frames=[item for item in snapshots if item.kind == "diagnostics"],
        projections=[item for item in snapshots if item.kind == "projection"],
        checkpoints=[Askable(item.id, item.position) for item in run.lasting_checkpoints()],
    )
    figures = _layer_figures(run, info, recorded)
    answer: Film = {
        **timeline.timeline(info, recorded),
        "revision": revision,
        "article": _article(run, filters),
        "verdict": verdict(figures),
        "found": [found(layer) for layer in figures],
    }
    return JSONResponse(answer, headers=NEVER)


def _article(run: Run, filters: list[SnapshotInfo]) -> list[ArticleColumn]:
    shown = evolution.pictured(filters)
    measured = {item.id: pictures.measures(run.id, item.id) for item in shown if item is not None}
    return evolution.milestones(run.metrics(names=evolution.ERRORS), shown, measured)


def _layer_figures(run: Run, info: RunInfo, recorded: Recorded) -> list[LayerFigures]:
    layers = layer_pictures(info.config, recorded.filters, recorded.projections)
    sizes = {item.id: pictures.measures(run.id, item.id) for layer in layers for item in layer.all}
    return layer_figures(layers, sizes, run.metrics(names=METRICS))


def mosaic_picture(request: Request) -> Response:
    """A layer's filters, or a signed projection of its units, in the asked order."""
    params = request.path_params
    order: Order = one_of(params["order"], Order)
    options = pictures.mosaic_options(params, params["columns"], params["rows"])
    key = (params["run"], params["snapshot"])
    return png(_mosaic(*key, options, params["gain"], order, params["frame"]))


def projection_picture(request: Request) -> Response:
    """A kept projection: intensities, as ink."""
    params = request.path_params
    theme: Theme = one_of(params["theme"], Theme)
    order: Order = one_of(params["order"], Order)
    shape = (params["columns"], params["rows"], params["scale"])
    key = (params["run"], params["snapshot"])
    try:
        return png(_projection(*key, shape, order, params["frame"], theme))
    except ValueError as error:
        raise HTTPException(400, str(error)) from error


def film_picture(request: Request) -> Response:
    """One unit at the moments of the snapshots named in the path."""
    params = request.path_params
    numbers = params["snapshots"].split("-")
    if not (
        len(numbers) <= MOST_FRAMES and all(text.isascii() and text.isdecimal() and len(text) < 19 for text in numbers)
    ):
        raise HTTPException(400, f"A film has 1 to {MOST_FRAMES} pictures, named by their numbers.")
    options = pictures.mosaic_options(params, 1, 1)
    return png(_film(params["run"], tuple(int(text) for text in numbers), params["unit"], options))


@keep(768)
def _mosaic(run_id: str, snapshot_id: int, options: MosaicOptions, gain: int, order: Order, frame_id: int) -> bytes:
    pixels = pictures.signed(run_id, snapshot_id)
    if gain != 100:
        pixels = unit_film.rescaled(pixels, gain / 100)
    return mosaic.mosaic(_arranged(run_id, pixels, order, frame_id), options)


@keep(128)
def _projection(
    run_id: str,
    snapshot_id: int,
    shape: tuple[int, int, int],
    order: Order,
    frame_id: int,
    theme: Theme,
) -> bytes:
    columns, rows, scale = shape
    pixels = _arranged(run_id, pictures.ink(run_id, snapshot_id), order, frame_id)
    return grid.grid(pixels, columns, rows, theme, scale)


@keep(256)
def _film(run_id: str, snapshots: tuple[int, ...], unit: int, options: MosaicOptions) -> bytes:
    pixels = [pictures.signed(run_id, number) for number in snapshots]
    if any(unit >= len(picture) for picture in pixels):
        raise HTTPException(404, f"Unit {unit} is not filmed.")
    scales = [pictures.snapshot(run_id, number).info.scale for number in snapshots]
    return unit_film.unit_film(
        [picture[unit] for picture in pixels], scales, options.contrast, options.scheme, options.theme, options.scale
    )


def _arranged(run_id: str, pixels: Any, order: Order, frame_id: int) -> Any:
    if order == "training":
        return pixels
    arrays = pictures.unit_frame(run_id, frame_id).arrays
    return ordering.arranged(pixels, ordering.order_of(arrays[f"unit.{order}"], len(pixels)))


def routes(base: str = "") -> list[Route]:
    """All of them. `base` is the server's path prefix."""
    here = f"{base}/lab/runs/{{run}}/features"
    shape, look = "{columns:int}x{rows:int}x{scale:int}", "{scheme}-{contrast}"
    return [
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
