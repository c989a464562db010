"""What a checkpoint of an archive must hold, so that a worker can load it: checked without torch.

Each check raises ValueError with the rest of a sentence that begins with the name of the file.
"""

from math import prod
from typing import Annotated, Any, NamedTuple

import numpy as np
import safetensors
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dbn_core.archive.form import IMAGES
from dbn_core.config import RunConfig
from dbn_core.data.seen import SeenImages
from dbn_core.integers import from_json

LARGEST = 1e9  # of any weight: energies and products of layers stay finite
_Count = Annotated[int, Field(ge=0, le=2**53)]
_FLOATS = {"F16": np.dtype("<f2"), "F32": np.dtype("<f4"), "F64": np.dtype("<f8")}
_OPEN = "tally"  # of early stopping, which knows no lowest error at first
_OTHERS = {"U8", "I64", "I32", "BOOL"}


class CursorPart(BaseModel):
    """Of the next update; see `training.checkpoints.Cursor`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    step: _Count = 0
    stage: Annotated[int, Field(ge=0, le=1000)] = 0
    epoch: _Count = 0
    batch: _Count = 0


class TrainingPart(BaseModel):
    """What a checkpoint says beside its tensors; see `training.checkpoints.Resumption`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    cursor: CursorPart
    begun: bool = True
    paused: bool = False
    threads: Annotated[int, Field(ge=0, le=1024)] = 0
    stage: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{0,40}$")] = ""
    made: _Count = 0


class _Saved(NamedTuple):
    shape: tuple[int, ...]
    dtype: str
    data: bytes


def check_weights(payload: bytes, config: RunConfig, images: SeenImages | None) -> None:
    """Finite numbers, of the shapes that the configuration and the images say, with what is needed to go on."""
    tensors = _finite(payload)
    TrainingPart.model_validate(_facts(payload))
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    _check_shapes(shapes, config)
    if images is not None:
        _check_images(shapes, config, images)
    if "generator" not in tensors or tensors["generator"].dtype != "U8":
        raise ValueError("it lacks the state of its generator")


def check_finite(payload: bytes) -> None:
    """Finite numbers: enough for a model that is used and not trained on."""
    _finite(payload)


def header_of(payload: bytes) -> bytes:
    """The JSON before the tensors; the 8 bytes before it say how long it is."""
    return payload[8 : 8 + int.from_bytes(payload[:8], "little")]


def _finite(payload: bytes) -> dict[str, _Saved]:
    held = safetensors.deserialize(payload)
    tensors = {name: _Saved(tuple(it["shape"]), it["dtype"], it["data"]) for name, it in held}
    if not tensors:
        raise ValueError("it holds no weights")
    for name, tensor in tensors.items():
        _check_numbers(name, tensor)
    return tensors


def _facts(payload: bytes) -> Any:
    facts = from_json(header_of(payload)).get("__metadata__", {}).get("training")
    if facts is None:
        raise ValueError("it lacks what is needed to go on: its metadata name no training")
    return from_json(facts)


def _check_numbers(name: str, tensor: _Saved) -> None:
    if tensor.dtype not in _FLOATS.keys() | _OTHERS:
        raise ValueError(f"{name[:40]!r} is of the type {tensor.dtype}, which no weights are")
    if tensor.dtype in _FLOATS and not name.endswith(_OPEN):
        numbers = np.frombuffer(tensor.data, _FLOATS[tensor.dtype])
        if numbers.size and not float(np.abs(numbers).max()) <= LARGEST:
            raise ValueError(f"{name[:40]!r} holds a number that is not finite, or beyond {LARGEST:g}")


def _check_shapes(shapes: dict[str, tuple[int, ...]], config: RunConfig) -> None:
    below = 0
    for depth, units in enumerate(config.layers, 1):
        weights = shapes.get(f"layer{depth}.W", ())
        visible = weights[1] if len(weights) == 2 else 0
        wanted = {"W": (units, visible), "v_bias": (visible,), "h_bias": (units,)}
        for name, shape in wanted.items():
            held = shapes.get(f"layer{depth}.{name}")
            if held != shape or visible < max(below, 1):
                raise ValueError(_misfit(f"layer{depth}.{name}", held, units))
        below = units


def _check_images(shapes: dict[str, tuple[int, ...]], config: RunConfig, images: SeenImages) -> None:
    labels = len(images.label_names) if config.labels.joint and len(config.layers) == 1 else 0
    visible = shapes.get("layer1.v_bias", (0,))
    if visible != (prod(images.shape) + labels,):
        sides = " x ".join(map(str, images.shape))
        raise ValueError(f"layer 1 has {visible[0]:,} visible units, which does not fit images of {sides} in {IMAGES}")


def _misfit(name: str, held: tuple[int, ...] | None, units: int) -> str:
    has = "is missing" if held is None else f"is {' x '.join(map(str, held)) or 'a number'}"
    return f"{name} {has}, which does not fit a layer of {units} units as its settings say"
