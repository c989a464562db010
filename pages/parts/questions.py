"""What the Features page asks a worker: projections of deep units, and what excites a unit. One question at a time.

Answers are kept, projections in the store and the rest in memory, so that thirty viewers cost one computation. What
starts work on a worker is a POST from a page of this server, never a link.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.errors import StoreError
from dbn_core.records import Position, Snapshot, SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import life
from dbn_core.view.palette import Theme
from pages.parts import lab
from pages.parts.answers import NEVER, asked_json, one_of, whole

PATIENCE = 120.0  # seconds: a deep layer sampled down while both cores train
SHOWN = 100  # units projected at once, as many as a picture of filters has
PROJECTIONS = ("activation maximisation", "clamp and sample down")  # linear combinations are recorded while training

# Questions of all viewers wait here in line; whoever asks the same as the one before finds it answered.
turn = ThreadPoolExecutor(1, "questions")


def projection(run_id: str, checkpoint_id: int, layer: int, kind: str) -> SnapshotInfo:
    """The picture of a layer's units at a checkpoint, from the store or, the first time, from a worker.

    Raises StoreError for a layer or checkpoint that is not there, JobError when no worker answers.
    """
    run = lab.store().run(run_id)
    step = _checkpoint_step(run, checkpoint_id)
    stage = f"layer{layer}"
    for info in run.snapshots(stage=stage, kind="projection"):
        if (info.position.step, info.projection) == (step, kind):
            return info
    answer = lab.cluster().ask(
        "dbn_core.inference:project", lab.store().url, run_id, checkpoint_id, layer, kind, 0, SHOWN, timeout=PATIENCE
    )
    pixels = np.asarray(answer["pixels"], np.uint8)
    at: Position = answer["position"]
    # Kept under the layer that it shows, which need not be the one in training there.
    where = Position(at.step, at.epoch, stage)
    info = SnapshotInfo("projection", where, pixels.shape, float(answer["scale"]), kind)
    run.keep_projection(Snapshot(info, pixels))
    newest = run.latest_snapshot("projection", stage)
    assert newest is not None
    return newest


@lru_cache(maxsize=256)
def unit_life(store_url: str, run_id: str, checkpoint_id: int, layer: int, unit: int) -> dict[str, Any]:
    """What excites a unit at a checkpoint, and what it is made of; see `dbn_core.inference.unit_life`."""
    return lab.cluster().ask(
        "dbn_core.inference:unit_life", store_url, run_id, checkpoint_id, layer, unit, timeout=PATIENCE
    )


def _checkpoint_step(run: Run, checkpoint_id: int) -> int:
    for info in run.checkpoints():
        if info.id == checkpoint_id:
            return info.position.step
    raise StoreError(f"Checkpoint {checkpoint_id} of this run is no longer kept; choose another epoch.")


# -- asking a worker ------------------------------------------------------------------------------------------------


async def ask_projection(request: Request) -> Response:
    """Have a projection computed, or find it; answers when it is in the store."""
    body = await asked_json(request)
    checkpoint, layer = whole(body, "checkpoint", 1), whole(body, "layer", 2, 64)
    kind = body.get("projection")
    if kind not in PROJECTIONS:
        raise HTTPException(400, f"projection must be one of: {', '.join(PROJECTIONS)}.")
    run_id = request.path_params["run"]
    info = await _in_turn(projection, run_id, checkpoint, layer, kind)
    return JSONResponse({"id": info.id, "step": info.position.step}, headers=NEVER)


async def ask_life(request: Request) -> Response:
    """What excites a unit and what it is made of, at a checkpoint."""
    body = await asked_json(request)
    checkpoint, layer, unit = whole(body, "checkpoint", 1), whole(body, "layer", 1, 64), whole(body, "unit", 0)
    theme: Theme = one_of(str(body.get("theme")), Theme)
    found = await _in_turn(unit_life, lab.store().url, request.path_params["run"], checkpoint, layer, unit)
    return JSONResponse(life.life_as_data(found, theme), headers=NEVER)


async def _in_turn(question: Any, *arguments: Any) -> Any:
    return await asyncio.wrap_future(turn.submit(question, *arguments))


def question_routes(here: str) -> list[Route]:
    """Both questions, below the address `here` of a run."""
    return [
        Route(f"{here}/ask/projection", ask_projection, methods=["POST"]),
        Route(f"{here}/ask/life", ask_life, methods=["POST"]),
    ]
