"""What the Features page asks a worker: projections of units, and what excites a unit.

What starts work on a worker is a POST from a page of this server, never a link.
"""

from typing import Annotated, TypedDict, get_args

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.errors import NotKeptError
from dbn_core.projections import Projection
from dbn_core.questions import Project, UnitLife
from dbn_core.store import Run
from dbn_core.view import life
from dbn_core.view.palette import Theme
from web.answers import MOST, NEVER, Body, Checkpoint, asked, run_of
from web.asking.desk import desk
from web.asking.keeping import kept_projection

SHOWN = 100  # units projected at once, as many as a picture of filters has


class ProjectionBody(Body):
    """Which layer's units, at which checkpoint, by which way."""

    checkpoint: Checkpoint
    layer: Annotated[int, Field(ge=1, le=64)]
    projection: Projection = Field(description=f"one of: {', '.join(get_args(Projection))}")


class ProjectionKept(TypedDict):
    """A projection is in the store now."""

    id: int
    step: int


async def ask_projection(request: Request) -> Response:
    """Have a projection computed, or find it; answers when it is in the store."""
    body, run = await asked(request, ProjectionBody), run_of(request)
    where = (await run_in_threadpool(_step_of, run, body.checkpoint), body.layer, body.projection)
    picture = await run_in_threadpool(kept_projection, run, *where)
    if picture is None:
        await desk().answer(Project(run.id, body.checkpoint, body.layer, body.projection, 0, SHOWN))
        picture = await run_in_threadpool(kept_projection, run, *where)
    if picture is None:
        raise NotKeptError("The picture was made and is gone again: pictures of long runs are thinned. Ask once more.")
    kept: ProjectionKept = {"id": picture.id, "step": picture.position.step}
    return JSONResponse(kept, headers=NEVER)


def _step_of(run: Run, checkpoint_id: int) -> int:
    """Raises NotKeptError for a checkpoint that is not kept."""
    for info in run.checkpoints():
        if info.id == checkpoint_id:
            return info.position.step
    raise NotKeptError(f"Checkpoint {checkpoint_id} of this run is no longer kept; choose another epoch.")


class LifeBody(Body):
    """Which unit of which layer, at which checkpoint, for pictures in which theme."""

    checkpoint: Checkpoint
    layer: Annotated[int, Field(ge=1, le=64)]
    unit: Annotated[int, Field(ge=0, le=MOST)]
    theme: Theme


async def ask_life(request: Request) -> Response:
    """What excites a unit and what it is made of, at a checkpoint."""
    body = await asked(request, LifeBody)
    unit = await desk().answer(UnitLife(run_of(request).id, body.checkpoint, body.layer, body.unit))
    return JSONResponse(life.life_as_data(unit, body.theme), headers=NEVER)


def question_routes(here: str) -> list[Route]:
    """Both questions, below the address `here` of a run."""
    return [
        Route(f"{here}/ask/projection", ask_projection, methods=["POST"]),
        Route(f"{here}/ask/life", ask_life, methods=["POST"]),
    ]
