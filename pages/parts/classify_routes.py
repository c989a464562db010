"""What the Classify page fetches by itself: its scripts, and answers of workers. What starts work is a POST."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dbn_core.errors import StoreError
from dbn_core.records import RunInfo
from dbn_core.store import CheckpointInfo, Run
from dbn_core.view import confusion
from dbn_core.view.drawing import recognition_data
from dbn_core.view.feature_map import map_data
from dbn_core.view.feed import Cursor, News, feed
from dbn_core.view.few_labels_chart import few_labels_data
from dbn_core.view.palette import Theme
from pages.parts import drawing, lab, questions, routes
from pages.parts.answers import NEVER, asked_json, one_of, run_of, whole
from pages.parts.component import ASSETS
from pages.parts.feeds import Cursors, Feed
from pages.parts.scripts import Scripts

# The page's own scripts first, then those shared with others.
SCRIPTS = Scripts(ASSETS / "classify", drawing.SCRIPTS, ASSETS / "diagnose", ASSETS / "live")
QUICK, PATIENCE = 30.0, 300.0  # seconds for a drawing, and for what is computed over many images
MOST_BODY = 4 * drawing.MOST_BYTES // 3 + 10_000  # a file in base64, with a few words around it
MOST_HELDOUT = 2**31 - 1

# A drawing never waits behind another viewer's t-SNE, nor do the short questions of other pages.
drawings = ThreadPoolExecutor(2, "drawings")
maps = ThreadPoolExecutor(1, "maps")


# -- addresses --------------------------------------------------------------------------------------------------------


def addresses(base: str, run_id: str) -> dict[str, str]:
    """Where the components find things; `base` is the server's path prefix."""
    run = f"{base}/lab/runs/{run_id}"
    return {
        "module": f"{base}/lab/classify/{SCRIPTS.version}/main.js",
        "plotly": routes.addresses(base, run_id)["plotly"],
        "classify": f"{run}/classify",
        "diagnose": f"{run}/diagnose",
    }


# -- one picture ------------------------------------------------------------------------------------------------------


async def ask_recognition(request: Request) -> Response:
    """What the network makes of a drawing or file (`picture`, base64) or of a held-out image (`heldout`, a number)."""
    body = await _asked(request)
    theme: Theme = one_of(str(body.get("theme")), Theme)
    found = await asyncio.wrap_future(drawings.submit(_recognised, run_of(request), body))
    return JSONResponse(recognition_data(found, theme), headers=NEVER)


def _recognised(run: Run, body: dict[str, Any]) -> dict[str, Any]:
    checkpoint = newest(run)
    if "heldout" in body:
        return _heldout(lab.store().url, run.id, checkpoint, whole(body, "heldout", 0, MOST_HELDOUT))
    image = drawing.as_image_of(run.info().config, drawing.content_of(body.get("picture")))
    return _ask("recognition:recognise", run.id, checkpoint, image, timeout=QUICK)


@lru_cache(maxsize=128)
def _heldout(store_url: str, run_id: str, checkpoint: int, number: int) -> dict[str, Any]:
    del store_url
    return _ask("recognition:recognise", run_id, checkpoint, number, timeout=QUICK)


# -- many images ------------------------------------------------------------------------------------------------------


async def ask_confusion(request: Request) -> Response:
    """Errors, confusion matrices and surest mistakes, with their pictures, of every classifier."""
    body = await _asked(request)
    theme: Theme = one_of(str(body.get("theme")), Theme)
    return JSONResponse(await _in_turn(_confusion, run_of(request), theme), headers=NEVER)


def _confusion(run: Run, theme: Theme) -> dict[str, Any]:
    checkpoint = newest(run)
    found = _classified(lab.store().url, run.id, checkpoint)
    data = confusion.confusion_data(found)
    for row, numbers in zip(data["rows"], confusion.mistakes(found).values(), strict=True):
        images = _images(lab.store().url, run.id, checkpoint, tuple(numbers))
        for mistake, shown in zip(row["mistakes"], confusion.pictures(images, theme), strict=True):
            mistake["picture"] = shown
    return data | {"checkpoint": checkpoint}


async def ask_cell(request: Request) -> Response:
    """The held-out images behind a cell (true class, answer) of a confusion matrix."""
    body = await _asked(request)
    theme: Theme = one_of(str(body.get("theme")), Theme)
    checkpoint, classifier = whole(body, "checkpoint", 1), str(body.get("classifier"))
    cell = whole(body, "truth", 0, 255), whole(body, "answer", 0, 255)
    found = await _in_turn(_cell, lab.store().url, run_of(request).id, checkpoint, classifier, cell)
    return JSONResponse(confusion.cell_data(found, theme), headers=NEVER)


async def ask_map(request: Request) -> Response:
    """A layer's features on a plane; layer 0 is the pixels."""
    body = await _asked(request)
    theme: Theme = one_of(str(body.get("theme")), Theme)
    layer, cases, method = whole(body, "layer", 0, 64), whole(body, "cases", 100, 2000), body.get("method")
    if method not in {"pca", "tsne"}:
        raise HTTPException(400, "method must be pca or tsne.")
    found = await asyncio.wrap_future(maps.submit(_newest_map, run_of(request), layer, str(method), cases))
    return JSONResponse(map_data(found, theme), headers=NEVER)


def _newest_map(run: Run, layer: int, method: str, cases: int) -> dict[str, Any]:
    return _map(lab.store().url, run.id, newest(run), layer, method, cases)


@lru_cache(maxsize=64)
def _classified(store_url: str, run_id: str, checkpoint: int) -> dict[str, Any]:
    del store_url
    return _ask("classification:classify", run_id, checkpoint, timeout=PATIENCE)


@lru_cache(maxsize=64)
def _images(store_url: str, run_id: str, checkpoint: int, numbers: tuple[int, ...]) -> Any:
    del store_url
    return _ask("classification:held_out_images", run_id, checkpoint, list(numbers), timeout=PATIENCE)


@lru_cache(maxsize=256)
def _cell(store_url: str, run_id: str, checkpoint: int, classifier: str, cell: tuple[int, int]) -> dict[str, Any]:
    del store_url
    return _ask("classification:images_of_cell", run_id, checkpoint, classifier, cell, timeout=PATIENCE)


@lru_cache(maxsize=32)
def _map(store_url: str, run_id: str, checkpoint: int, layer: int, method: str, cases: int) -> dict[str, Any]:
    del store_url
    return _ask("feature_map:feature_map", run_id, checkpoint, layer, method, cases, timeout=PATIENCE)


# -- few labels -------------------------------------------------------------------------------------------------------


def few(run: Run, info: RunInfo, revision: str, _: Cursors) -> dict[str, Any]:
    """The results of the few-labels experiment so far, with the run's status."""
    return feed(revision, Cursor(), News(info)) | {"few": few_labels_data(run.metrics(), info.config)}


# -- parts ------------------------------------------------------------------------------------------------------------


def newest_checkpoint(run: Run) -> CheckpointInfo | None:
    """The state of the run that is asked; None while nothing was saved.

    While it trains the end of an epoch, where there is one: what is saved within an epoch may be replaced before a
    worker has read it.
    """
    kept = run.checkpoints()
    lasting = [] if run.info().status.is_finished else [item for item in kept if item.keep != "latest"]
    return max(lasting or kept, key=lambda item: (item.position.step, item.id), default=None)


def newest(run: Run) -> int:
    """Its id. Raises StoreError while there is none."""
    found = newest_checkpoint(run)
    if found is None:
        raise StoreError("This run has not been saved yet: its first checkpoint comes a second after it starts.")
    return found.id


def _ask(name: str, *arguments: Any, timeout: float) -> Any:
    """A question of `dbn_core.inference` about a run of this lab's store."""
    return lab.cluster().ask(f"dbn_core.inference.{name}", lab.store().url, *arguments, timeout=timeout)


async def _asked(request: Request) -> dict[str, Any]:
    """The body of a question, if it is not too long to be read at all."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BODY:
        raise HTTPException(413, f"A picture may have at most {drawing.MOST_BYTES // 2**20} MiB.")
    return await asked_json(request)


async def _in_turn(question: Any, *arguments: Any) -> Any:
    # In line with the questions of all other viewers: whoever asks the same later finds it answered.
    return await asyncio.wrap_future(questions.turn.submit(question, *arguments))


def classify_routes(base: str = "") -> list[BaseRoute]:
    """All of them. `base` is the server's path prefix."""
    here = f"{base}/lab/runs/{{run}}/classify"
    return [
        Route(f"{base}/lab/classify/{{version}}/{{name}}", SCRIPTS.serve),
        Route(f"{here}/recognise", ask_recognition, methods=["POST"]),
        Route(f"{here}/confusion", ask_confusion, methods=["POST"]),
        Route(f"{here}/cell", ask_cell, methods=["POST"]),
        Route(f"{here}/map", ask_map, methods=["POST"]),
        *Feed(few).routes(f"{here}/few"),
    ]
