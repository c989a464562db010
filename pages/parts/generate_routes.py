"""What the Generate page fetches by itself: scripts, pictures of dreams, answers of workers.

What starts work is a POST.
"""

import asyncio
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.config.dreaming import DreamSettings
from dbn_core.errors import ConfigError, LabError, StoreError
from dbn_core.store import Run
from dbn_core.view import dreams as view
from dbn_core.view.feed import rounded
from dbn_core.view.palette import Theme
from pages.parts import drawing, figures, generate_dreams, lab, routes
from pages.parts.answers import NEVER, asked_json, one_of, png, run_of, whole
from pages.parts.component import ASSETS
from pages.parts.generate_dreams import Dream
from pages.parts.scripts import Scripts

# The page's own scripts first, then those shared with others.
SCRIPTS = Scripts(ASSETS / "generate", drawing.SCRIPTS, ASSETS / "diagnose", ASSETS / "features", ASSETS / "live")
LONG = 900.0  # seconds to train the judge of a large data set while both cores train
IMAGES, STEPS = 1000, 200  # that are scored
BETWEEN = 11  # pictures of an interpolation

# One at a time, beside the dreams: it takes a minute, and nobody should wait behind it.
scoring = ThreadPoolExecutor(1, "quality")


# -- addresses --------------------------------------------------------------------------------------------------------


def addresses(base: str, run_id: str) -> dict[str, str]:
    """Where the component finds things; `base` is the server's path prefix."""
    return {
        "module": f"{base}/lab/generate/{SCRIPTS.version}/main.js",
        "plotly": routes.addresses(base, run_id)["plotly"],
        "ask": f"{base}/lab/runs/{run_id}/generate",
        "dreams": f"{base}/lab/dreams",
        "quality": f"{base}/lab/quality",
    }


# -- dreams -----------------------------------------------------------------------------------------------------------


async def ask_dream(request: Request) -> Response:
    """Dream on until there are `wanted` pictures, and tell what is new beyond the `have` that the page has."""
    body = await asked_json(request)
    checkpoint, have = whole(body, "checkpoint", 1), whole(body, "have", 0, 10_000)
    wanted = whole(body, "wanted", 1, 10_000)
    run, settings = run_of(request), body.get("settings")
    if not isinstance(settings, dict):
        raise HTTPException(400, "settings must be an object.")
    return await _in_turn(generate_dreams.turns, _dreamt, run, checkpoint, settings, body.get("drawing"), have, wanted)


def _dreamt(
    run: Run, checkpoint: int, settings: dict[str, Any], picture: object, have: int, wanted: int
) -> dict[str, Any]:
    wish = DreamSettings.from_dict(settings)
    drawn = None
    if wish.start == "drawing":
        drawn = drawing.as_image_of(run.info().config, drawing.content_of(picture)).tobytes()
    found = generate_dreams.dream(run.id, checkpoint, wish, drawn)
    found.advance(wanted)
    ready = len(found.pictures)
    return {
        "key": found.key,
        "ready": ready,
        "pictures": wish.pictures,
        "steps": [wish.step_of(picture) for picture in range(have, ready)],
        "temperature": [rounded(wish.temperature_at(max(1, wish.step_of(at)))) for at in range(have, ready)],
        "free_energy": [[round(float(value), 2) for value in row] for row in found.free_energy[have:ready]],
        "columns": found.columns,
        "rows": wish.rows,
        "classes": found.classes,
        "seconds": round(found.seconds, 3),
        "computed": wish.step_of(ready - 1),
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
    found = generate_dreams.kept(key)
    if found is None:
        raise HTTPException(404, "This dream is no longer kept; dream it again.")
    return found


# -- interpolation ----------------------------------------------------------------------------------------------------


async def ask_interpolation(request: Request) -> Response:
    """Between two held-out images; `first` and `second`: [class, number within it]."""
    body = await asked_json(request)
    checkpoint, theme = whole(body, "checkpoint", 1), one_of(str(body.get("theme")), Theme)
    ends = tuple(_end(body, name) for name in ("first", "second"))
    return await _in_turn(generate_dreams.turns, _between, lab.store().url, run_of(request).id, checkpoint, ends, theme)


def _end(body: dict[str, Any], name: str) -> tuple[int, int]:
    value = body.get(name)
    if not isinstance(value, list) or len(value) != 2:
        raise HTTPException(400, f"{name} must be a class and a number.")
    parts = {"class": value[0], "number": value[1]}
    return whole(parts, "class", 0, 10_000), whole(parts, "number", 0)


@lru_cache(maxsize=64)
def _between(
    store_url: str, run_id: str, checkpoint: int, ends: tuple[tuple[int, int], ...], theme: Theme
) -> dict[str, Any]:
    name = "dbn_core.inference:interpolate"
    answer = lab.cluster().ask(name, store_url, run_id, checkpoint, ends, BETWEEN, timeout=generate_dreams.PATIENCE)
    return view.interpolation_data(answer, theme)


# -- quality of samples -----------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Scoring:
    """A question about quality, from its asking to its answer."""

    phase: str = "Waiting for a worker"
    answer: Future[dict[str, Any]] | None = None


_scorings: OrderedDict[str, Scoring] = OrderedDict()
_guard = Lock()
KEPT = 32


async def ask_quality(request: Request) -> Response:
    """Have the samples of a checkpoint scored; answers the key under which the result will be found."""
    body = await asked_json(request)
    checkpoint, vae = whole(body, "checkpoint", 1), body.get("vae")
    if vae is not None and not isinstance(vae, str):
        raise HTTPException(400, "vae must be the id of a run.")
    return await _in_turn(generate_dreams.turns, _begin_scoring, run_of(request).id, checkpoint, vae)


def _begin_scoring(run_id: str, checkpoint: int, vae: str | None) -> dict[str, Any]:
    other = None if vae is None else _newest(vae)
    url = lab.store().url
    key = sha256(f"{url}\n{run_id}\n{checkpoint}\n{other}".encode()).hexdigest()[:24]
    with _guard:
        found = _scorings.get(key)
        failed = found is not None and found.answer is not None and found.answer.done() and found.answer.exception()
        if found is None or failed:
            found = _scorings[key] = Scoring()
            found.answer = scoring.submit(_score, found, url, run_id, checkpoint, other)
        _scorings.move_to_end(key)
        while len(_scorings) > KEPT:
            _scorings.popitem(last=False)
    return {"key": key}


def _score(asked: Scoring, url: str, run_id: str, checkpoint: int, vae: tuple[str, int] | None) -> dict[str, Any]:
    asked.phase = "Training the judge, a small network for this data set; kept once it is trained"
    lab.cluster().ask("dbn_core.inference:prepare_judge", url, run_id, checkpoint, timeout=LONG)
    asked.phase = f"Dreaming {IMAGES:,} images of {STEPS} Gibbs steps, and comparing them"
    name = "dbn_core.inference:sample_quality"
    answer: dict[str, Any] = lab.cluster().ask(name, url, run_id, checkpoint, IMAGES, STEPS, 0, vae, timeout=LONG)
    figures.keep(run_id, answer)
    return answer


def _newest(run_id: str) -> tuple[str, int]:
    run = lab.store().run(run_id)
    kept = run.checkpoints()
    if not kept:
        raise StoreError("The VAE's run has no checkpoint yet; wait for its first epoch.")
    return run.id, kept[-1].id


def quality(request: Request) -> Response:
    """The answer, or how far it is."""
    theme: Theme = one_of(request.path_params["theme"], Theme)
    with _guard:
        found = _scorings.get(request.path_params["key"])
    if found is None or found.answer is None:
        raise HTTPException(404, "This answer is no longer kept; ask again.")
    if not found.answer.done():
        return JSONResponse({"phase": found.phase}, headers=NEVER)
    return JSONResponse({"answer": view.quality_data(found.answer.result(), theme)}, headers=NEVER)


# -- parts ------------------------------------------------------------------------------------------------------------


async def _in_turn(turn: ThreadPoolExecutor, question: Any, *arguments: Any) -> Response:
    """The answer as JSON; what a person can mend as its sentences, without the names of fields."""
    try:
        found = await asyncio.wrap_future(turn.submit(question, *arguments))
    except ConfigError as error:
        sentences = " ".join(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in error.problems.values())
        raise LabError(sentences) from error
    return JSONResponse(found, headers=NEVER)


def generate_routes(base: str = "") -> list[Route]:
    """All of them. `base` is the server's path prefix."""
    ask, dream = f"{base}/lab/runs/{{run}}/generate", f"{base}/lab/dreams/{{key}}"
    return [
        Route(f"{base}/lab/generate/{{version}}/{{name}}", SCRIPTS.serve),
        Route(f"{ask}/dream", ask_dream, methods=["POST"]),
        Route(f"{ask}/interpolation", ask_interpolation, methods=["POST"]),
        Route(f"{ask}/quality", ask_quality, methods=["POST"]),
        Route(f"{dream}/{{number:int}}x{{scale:int}}-{{theme}}.png", picture),
        Route(f"{dream}/film-{{theme}}.gif", dream_film),
        Route(f"{dream}/chain-{{chain:int}}-{{theme}}.gif", dream_film),
        Route(f"{base}/lab/quality/{{key}}-{{theme}}.json", quality),
    ]
