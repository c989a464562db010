"""What the Generate page fetches by itself: pictures of dreams, answers of workers.

What starts work is a POST.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.config.dreaming import DreamSettings
from dbn_core.errors import ConfigError, LabError
from dbn_core.questions import Interpolate, SampleQuality
from dbn_core.store import Run
from dbn_core.view import dreams as view
from dbn_core.view.dreams import Quality
from dbn_core.view.feed import rounded
from dbn_core.view.palette import Theme
from web import lab
from web.answers import MOST, NEVER, Body, Checkpoint, asked, one_of, png, run_of
from web.asking import drawing, dreams
from web.asking.desk import desk
from web.asking.dreams import Dream
from web.scripts import plotly_address

IMAGES, STEPS = 1000, 200  # that are scored
BETWEEN = 11  # pictures of an interpolation
End = Annotated[
    tuple[Annotated[int, Field(ge=0, le=10_000)], Annotated[int, Field(ge=0, le=MOST)]],
    Field(description="a class and a number"),
]

# -- addresses --------------------------------------------------------------------------------------------------------


class GenerateAddresses(TypedDict):
    """`ask`: of questions about a run; `dreams`, `quality`: below them lies what was asked for, by its key."""

    plotly: str
    ask: str
    dreams: str
    quality: str


def addresses(base: str, run_id: str) -> GenerateAddresses:
    """Where the component finds things; `base` is the server's path prefix."""
    return {
        "plotly": plotly_address(base),
        "ask": f"{base}/lab/runs/{run_id}/generate",
        "dreams": f"{base}/lab/dreams",
        "quality": f"{base}/lab/quality",
    }


# -- dreams -----------------------------------------------------------------------------------------------------------


class DreamNews(TypedDict):
    """A dream as far as it was dreamt: of each new picture its step, temperature and the chains' free energies, nats.

    ready: pictures there are, of `pictures`; classes: of the columns; seconds: that workers have computed; computed:
    the last step.
    """

    key: str
    ready: int
    pictures: int
    steps: list[int]
    temperature: list[float | None]
    free_energy: list[list[float]]
    columns: int
    rows: int
    classes: list[int]
    seconds: float
    computed: int


class DreamBody(Body):
    """Dream on until there are `wanted` pictures; the page has the first `have`. settings: see `DreamSettings`."""

    checkpoint: Checkpoint
    have: Annotated[int, Field(ge=0, le=10_000)]
    wanted: Annotated[int, Field(ge=1, le=10_000)]
    settings: dict[str, Any] = Field(description="an object")
    drawing: str | None = None  # a file in base64


async def ask_dream(request: Request) -> Response:
    """Dream on, and tell what is new."""
    body, run = await asked(request, DreamBody, drawing.QUESTION), run_of(request)
    with _sentences():
        dream = await run_in_threadpool(_dream, run, body)
        await dream.advance(body.wanted)
    return JSONResponse(_news(dream, body.have), headers=NEVER)


def _dream(run: Run, body: DreamBody) -> Dream:
    settings = DreamSettings.from_dict(body.settings)
    drawn = None
    if settings.start == "drawing":
        drawn = drawing.as_image_of(run.info().config, drawing.content_of(body.drawing)).tobytes()
    return dreams.dream(run.id, body.checkpoint, settings, drawn)


def _news(dream: Dream, have: int) -> DreamNews:
    settings, ready = dream.settings, len(dream.pictures)
    return {
        "key": dream.key,
        "ready": ready,
        "pictures": settings.pictures,
        "steps": [settings.step_of(picture) for picture in range(have, ready)],
        "temperature": [rounded(settings.temperature_at(max(1, settings.step_of(at)))) for at in range(have, ready)],
        "free_energy": [[round(float(value), 2) for value in row] for row in dream.free_energy[have:ready]],
        "columns": dream.columns,
        "rows": settings.rows,
        "classes": dream.classes,
        "seconds": round(dream.seconds, 3),
        "computed": settings.step_of(ready - 1),
    }


def picture(request: Request) -> Response:
    """All chains of a dream at one moment, as PNG."""
    params = request.path_params
    theme: Theme = one_of(params["theme"], Theme)
    dream = _kept(params["key"])
    if not (params["number"] < len(dream.pictures) and 1 <= params["scale"] <= 8):
        raise HTTPException(404)
    return png(_sheet(dream, params["number"], theme, params["scale"]))


def dream_film(request: Request) -> Response:
    """The dream as far as it was dreamt, or one chain of it, as GIF."""
    theme: Theme = one_of(request.path_params["theme"], Theme)
    dream, chain = _kept(request.path_params["key"]), request.path_params.get("chain")
    pictures = dream.pictures[: len(dream.pictures)]
    if not pictures:
        raise HTTPException(404)
    try:
        film = view.film(pictures, dream.columns, theme) if chain is None else view.chain_film(pictures, chain, theme)
    except IndexError as error:
        raise HTTPException(404, f"This dream has no chain {chain}.") from error
    name = "dream.gif" if chain is None else f"dream-chain-{chain + 1}.gif"
    headers = NEVER | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(film, media_type="image/gif", headers=headers)


@lru_cache(maxsize=1024)
def _sheet(dream: Dream, number: int, theme: Theme, scale: int) -> bytes:
    return view.sheet(dream.pictures[number], dream.columns, theme, scale)


def _kept(key: str) -> Dream:
    dream = dreams.kept(key)
    if dream is None:
        raise HTTPException(404, "This dream is no longer kept; dream it again.")
    return dream


# -- interpolation ----------------------------------------------------------------------------------------------------


class InterpolationBody(Body):
    """Between two held-out images: each the class and the number within it."""

    checkpoint: Checkpoint
    theme: Theme
    first: End
    second: End


async def ask_interpolation(request: Request) -> Response:
    """From one held-out image to another, through the network and plainly."""
    body = await asked(request, InterpolationBody)
    question = Interpolate(run_of(request).id, body.checkpoint, (body.first, body.second), BETWEEN)
    with _sentences():
        answer = await desk().answer(question)
    return JSONResponse(await run_in_threadpool(view.interpolation_data, answer, body.theme), headers=NEVER)


# -- quality of samples -----------------------------------------------------------------------------------------------


class QualityKey(TypedDict):
    """Under which the answer will be found."""

    key: str


class QualityNews(TypedDict):
    """The answer, or how far it is, in words."""

    answer: NotRequired[Quality]
    phase: NotRequired[str]


class QualityBody(Body):
    """`vae`: id of a run whose VAE is scored beside it."""

    checkpoint: Checkpoint
    vae: str | None = Field(default=None, description="the id of a run")


async def ask_quality(request: Request) -> Response:
    """Have the samples of a checkpoint scored; answers the key under which the result will be found."""
    body = await asked(request, QualityBody)
    question = await run_in_threadpool(_scoring, run_of(request).id, body)
    desk().ask(question)
    told: QualityKey = {"key": _key(question)}
    return JSONResponse(told, headers=NEVER)


def _scoring(run_id: str, body: QualityBody) -> SampleQuality:
    other = None if body.vae is None else (body.vae, lab.store().run(body.vae).require_checkpoint().id)
    return SampleQuality(run_id, body.checkpoint, IMAGES, STEPS, 0, other)


def _key(question: SampleQuality) -> str:
    return sha256(repr(question).encode()).hexdigest()[:24]


def quality(request: Request) -> Response:
    """The answer, or how far it is."""
    theme: Theme = one_of(request.path_params["theme"], Theme)
    scorings = {_key(question): scoring for question, scoring in desk().every(SampleQuality)}
    scoring = scorings.get(request.path_params["key"])
    if scoring is None:
        raise HTTPException(404, "This answer is no longer kept; ask again.")
    news: QualityNews = {"phase": scoring.phase}
    if not scoring.is_open:
        news = {"answer": view.quality_data(scoring.answer(), theme)}
    return JSONResponse(news, headers=NEVER)


# -- parts ------------------------------------------------------------------------------------------------------------


@contextmanager
def _sentences() -> Iterator[None]:
    """What a person can mend is told as its sentences, without the names of fields."""
    try:
        yield
    except ConfigError as error:
        sentences = " ".join(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in error.problems.values())
        raise LabError(sentences) from error


def routes(base: str = "") -> list[Route]:
    """All of them. `base` is the server's path prefix."""
    ask, dream = f"{base}/lab/runs/{{run}}/generate", f"{base}/lab/dreams/{{key}}"
    return [
        Route(f"{ask}/dream", ask_dream, methods=["POST"]),
        Route(f"{ask}/interpolation", ask_interpolation, methods=["POST"]),
        Route(f"{ask}/quality", ask_quality, methods=["POST"]),
        Route(f"{dream}/{{number:int}}x{{scale:int}}-{{theme}}.png", picture),
        Route(f"{dream}/film-{{theme}}.gif", dream_film),
        Route(f"{dream}/chain-{{chain:int}}-{{theme}}.gif", dream_film),
        Route(f"{base}/lab/quality/{{key}}-{{theme}}.json", quality),
    ]
