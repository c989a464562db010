"""What the Classify page fetches by itself: answers of workers. What starts work is a POST."""

from typing import Annotated, TypedDict

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dbn_core.questions import Classify, FeatureMap, HeldOutImages, Image, ImagesOfCell, Recognise
from dbn_core.questions.features import Method
from dbn_core.records import RunInfo
from dbn_core.store import Run
from dbn_core.view import confusion
from dbn_core.view.feature_map import map_data
from dbn_core.view.feed import Known, Live, News, feed
from dbn_core.view.few_labels_chart import FewLabels, few_labels_data
from dbn_core.view.palette import Theme
from dbn_core.view.recognition import recognition_data
from web.answers import MOST, NEVER, Body, Checkpoint, asked, run_of
from web.asking import drawing
from web.asking.desk import desk
from web.live.feeds import Cursors, Feed
from web.scripts import plotly_address

# -- addresses --------------------------------------------------------------------------------------------------------


class ClassifyAddresses(TypedDict):
    """Of what the Classify page fetches of a run."""

    plotly: str
    classify: str
    diagnose: str


def addresses(base: str, run_id: str) -> ClassifyAddresses:
    """Where the components find things; `base` is the server's path prefix."""
    run = f"{base}/lab/runs/{run_id}"
    return {
        "plotly": plotly_address(base),
        "classify": f"{run}/classify",
        "diagnose": f"{run}/diagnose",
    }


# -- one picture ------------------------------------------------------------------------------------------------------


class Themed(Body):
    """Of answers with pictures."""

    theme: Theme


class RecognitionBody(Themed):
    """One of the two: a drawing or file in base64, or the number of a held-out image."""

    picture: str | None = None
    heldout: Annotated[int, Field(ge=0, le=MOST)] | None = Field(
        default=None, description=f"a whole number from 0 to {MOST}"
    )


async def ask_recognition(request: Request) -> Response:
    """What the network makes of a drawing or file, or of a held-out image."""
    body = await asked(request, RecognitionBody, drawing.QUESTION)
    question = await run_in_threadpool(_recognise, run_of(request), body)
    return JSONResponse(recognition_data(await desk().answer(question), body.theme), headers=NEVER)


def _recognise(run: Run, body: RecognitionBody) -> Recognise:
    checkpoint = run.require_checkpoint().id
    if body.heldout is not None:
        return Recognise(run.id, checkpoint, body.heldout)
    image = drawing.as_image_of(run.info().config, drawing.content_of(body.picture))
    return Recognise(run.id, checkpoint, Image.of(image))


# -- many images ------------------------------------------------------------------------------------------------------


async def ask_confusion(request: Request) -> Response:
    """Errors, confusion matrices and surest mistakes, with their pictures, of every classifier."""
    body, run = await asked(request, Themed), run_of(request)
    checkpoint = run.require_checkpoint().id
    answer = await desk().answer(Classify(run.id, checkpoint))
    behind = [HeldOutImages(run.id, checkpoint, tuple(each)) for each in confusion.mistakes(answer).values()]
    images = [await desk().answer(question) for question in behind]
    told = await run_in_threadpool(confusion.confusion_data, answer, images, body.theme)
    return JSONResponse({**told, "checkpoint": checkpoint}, headers=NEVER)


class CellBody(Themed):
    """A cell (true class, answer) of a classifier's confusion matrix."""

    checkpoint: Checkpoint
    classifier: str
    truth: Annotated[int, Field(ge=0, le=255)]
    answer: Annotated[int, Field(ge=0, le=255)]


async def ask_cell(request: Request) -> Response:
    """The held-out images behind a cell of a confusion matrix."""
    body = await asked(request, CellBody)
    question = ImagesOfCell(run_of(request).id, body.checkpoint, body.classifier, (body.truth, body.answer))
    return JSONResponse(confusion.cell_data(await desk().answer(question), body.theme), headers=NEVER)


class MapBody(Themed):
    """Which layer's features, of how many images, placed by which method."""

    layer: Annotated[int, Field(ge=0, le=64)]
    cases: Annotated[int, Field(ge=100, le=2000)]
    method: Method


async def ask_map(request: Request) -> Response:
    """A layer's features on a plane; layer 0 is the pixels."""
    body, run = await asked(request, MapBody), run_of(request)
    question = FeatureMap(run.id, run.require_checkpoint().id, body.layer, body.method, body.cases)
    return JSONResponse(map_data(await desk().answer(question), body.theme), headers=NEVER)


# -- few labels -------------------------------------------------------------------------------------------------------


class FewLabelsNews(Live):
    """With the results of the few-labels experiment so far."""

    few: FewLabels


def few(run: Run, info: RunInfo, revision: str, _: Cursors) -> FewLabelsNews:
    """The results of the few-labels experiment so far, with the run's status."""
    return {**feed(revision, Known(), News(info)), "few": few_labels_data(run.metrics(), info.config)}


def routes(base: str = "") -> list[BaseRoute]:
    """All of them. `base` is the server's path prefix."""
    here = f"{base}/lab/runs/{{run}}/classify"
    return [
        Route(f"{here}/recognise", ask_recognition, methods=["POST"]),
        Route(f"{here}/confusion", ask_confusion, methods=["POST"]),
        Route(f"{here}/cell", ask_cell, methods=["POST"]),
        Route(f"{here}/map", ask_map, methods=["POST"]),
        *Feed(few).routes(f"{here}/few"),
    ]
