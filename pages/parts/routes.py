"""What the browser fetches by itself, under `/lab/`: scripts, live data of a run, pictures, tables, health.

Read only. Pictures and scripts never change under their address, so browsers keep them for ever.
"""

import csv
import gzip
import io
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dbn_core.errors import LabError, RunNotFoundError, StoreError
from dbn_core.records import MetricPoint, RunInfo, Snapshot, SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import curves, mosaic, reconstructions
from dbn_core.view.feed import Cursor, News, feed
from dbn_core.view.mosaic import Contrast, MosaicOptions
from dbn_core.view.palette import Scheme, Theme
from dbn_core.view.stages import in_training
from pages.parts import lab, lineage
from pages.parts.answers import FOR_EVER, NEVER, one_of, png, run_of
from pages.parts.feeds import Cursors, Feed
from pages.parts.once import Once
from pages.parts.scripts import Scripts

LIVE = Path(__file__).parents[2] / "assets" / "live"
NEWEST = 32  # pictures kept of each kind, 70 KB at most: whoever looks on sees the last one, and browsers keep the rest


# -- addresses ------------------------------------------------------------------------------------------------------


@cache
def scripts() -> Scripts:
    """Those of the live view; plotly.js has the same address as they."""
    return Scripts(LIVE, also=(_plotly(),))


def version() -> str:
    """Changes with every change of a script, so that a browser never runs yesterday's."""
    return scripts().version


def warm() -> None:
    """Read and pack the scripts before anybody asks."""
    version()
    _packed(_plotly())


def addresses(base: str, run_id: str) -> dict[str, str]:
    """Where the component of a run finds things; `base` is the server's path prefix, "" or "/lab-of-mine"."""
    folder, run = f"{base}/lab/assets/{version()}", f"{base}/lab/runs/{run_id}"
    return {
        "module": f"{folder}/main.js",
        "plotly": f"{folder}/plotly.min.js",
        "live": f"{run}/live",
        "filters": f"{run}/filters",
        "strip": f"{run}/strip",
        "csv": f"{run}/metrics.csv",
    }


@cache
def _plotly() -> Path:
    spec = find_spec("plotly")  # not imported: the package is large and only its script is wanted
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("plotly is not installed; run `make app` again")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


@cache
def _packed(path: Path) -> bytes:
    """A script compressed once, and not for each of thirty students anew."""
    return gzip.compress(path.read_bytes())


# -- endpoints (the server runs plain functions in threads) -----------------------------------------------------------


def assets(request: Request) -> Response:
    """plotly.js from the installed package, or a script of ours."""
    name = request.path_params["name"]
    path = _plotly() if name == "plotly.min.js" else scripts().find(name)
    if path is None:
        raise HTTPException(404)
    headers = FOR_EVER | {"Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(path, media_type="text/javascript", headers=headers)
    return Response(_packed(path), media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})


def live(run: Run, info: RunInfo, revision: str, cursors: Cursors) -> dict[str, Any]:
    """Everything that moves on the Train page."""
    cursor = Cursor(**cursors)
    news = News(
        info=info,
        points=run.metrics(after=cursor.metric, names=curves.drawn_metrics()),
        commands=run.commands(after=cursor.command),
        filters=run.latest_snapshot("filters"),
        reconstructions=run.latest_snapshot("reconstructions"),
        layers=all_layers(run, info),
        drawn=frozenset(curves.drawn_metrics()),
        ghosts=lineage.ghosts(info, cursor.ghost, curves.drawn_metrics()),
    )
    return feed(revision, cursor, news)


async def filters(request: Request) -> Response:
    """A mosaic as PNG."""
    params = request.path_params
    try:
        options = MosaicOptions(
            columns=params["columns"],
            rows=params["rows"],
            theme=one_of(params["theme"], Theme),
            scheme=one_of(params["scheme"], Scheme),
            contrast=one_of(params["contrast"], Contrast),
            scale=params["scale"],
        )
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    return png(await mosaics.soon(lab.store().url, params["run"], params["snapshot"], options))


async def strip(request: Request) -> Response:
    """Originals above reconstructions as PNG."""
    params = request.path_params
    if not (1 <= params["cases"] <= reconstructions.LARGEST and 1 <= params["scale"] <= 16):
        raise HTTPException(400, f"A strip has 1 to {reconstructions.LARGEST} cases and is enlarged 1 to 16 times.")
    theme = one_of(params["theme"], Theme)
    shape = params["cases"], theme, params["scale"]
    return png(await strips.soon(lab.store().url, params["run"], params["snapshot"], *shape))


def metrics_csv(request: Request) -> Response:
    """Every stored number of the run, or of the metrics in `names`, as a table."""
    run = run_of(request)
    wanted = request.query_params.get("names")
    text = as_csv(run.metrics(names=tuple(wanted.split(",")) if wanted else None))
    headers = NEVER | {"Content-Disposition": f'attachment; filename="run-{run.id}.csv"'}
    return Response(text, media_type="text/csv", headers=headers)


def health(request: Request) -> Response:  # noqa: ARG001
    """200 while the store answers; says what is wrong otherwise."""
    try:
        count = len(lab.store().runs())
    except StoreError as error:
        return JSONResponse({"store": str(error)}, status_code=503, headers=NEVER)
    return JSONResponse({"store": "ok", "runs": count, "jobs": lab.cluster().problem or "ok"}, headers=NEVER)


def routes(base: str = "") -> list[BaseRoute]:
    """All of them. `base` is the server's path prefix."""
    run, shape = f"{base}/lab/runs/{{run}}", "{columns:int}x{rows:int}x{scale:int}"
    return [
        Route(f"{base}/lab/health", health),
        Route(f"{base}/lab/assets/{{version}}/{{name}}", assets),
        *Feed(live, ("metric", "command", "ghost")).routes(f"{run}/live"),
        Route(f"{run}/metrics.csv", metrics_csv),
        Route(f"{run}/filters/{{snapshot:int}}/{shape}-{{scheme}}-{{contrast}}-{{theme}}.png", filters),
        Route(f"{run}/strip/{{snapshot:int}}/{{cases:int}}x{{scale:int}}-{{theme}}.png", strip),
    ]


def all_layers(run: Run, info: RunInfo) -> list[SnapshotInfo]:
    """The newest filters of each layer, where all are in training at once; else nothing."""
    if info.progress.position.stage != "layers":
        return []
    found = (run.latest_snapshot("filters", stage) for stage in in_training(info.config, "layers"))
    return [item for item in found if item is not None]


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


def _mosaic(store_url: str, run_id: str, snapshot_id: int, options: MosaicOptions) -> bytes:
    return mosaic.mosaic(_snapshot(store_url, run_id, snapshot_id, "filters").pixels, options)


def _strip(store_url: str, run_id: str, snapshot_id: int, cases: int, theme: Theme, scale: int) -> bytes:
    found = _snapshot(store_url, run_id, snapshot_id, "reconstructions")
    return reconstructions.strip(found.pixels, cases, theme, scale)


mosaics, strips = Once(_mosaic, NEWEST), Once(_strip, NEWEST)


def _snapshot(store_url: str, run_id: str, snapshot_id: int, kind: str) -> Snapshot:
    """`store_url` is part of the keys: ids mean something within one store only."""
    del store_url
    found = lab.store().run(run_id).snapshot(snapshot_id)
    if found.info.kind != kind:
        raise HTTPException(404)
    return found


def _problem(status: int) -> Any:
    def answer(request: Request, error: Exception) -> Response:  # noqa: ARG001
        return JSONResponse({"problem": str(error)}, status_code=status, headers=NEVER)

    return answer


# What `st.App` answers when an endpoint raises: the sentence of the error, never a traceback.
PROBLEMS = {RunNotFoundError: _problem(404), StoreError: _problem(503), LabError: _problem(400)}
