"""A training state as one safetensors blob: tensors, and where in the plan they belong."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import torch
from safetensors.torch import load, save
from torch import Tensor

from dbn_core.errors import DataError


@dataclass(frozen=True, slots=True)
class Cursor:
    """The next update: `batch` of `epoch` of `stage`, all from 0; `step` updates were made before it."""

    step: int = 0
    stage: int = 0
    epoch: int = 0
    batch: int = 0


@dataclass(frozen=True, slots=True)
class Resumption:
    """What a loop needs to go on."""

    cursor: Cursor
    tensors: Mapping[str, Tensor]
    begun: bool = True  # saved within the stage, after its `begin`; False: at the end of the stage before
    paused: bool = False
    threads: int = 0  # of the processor when it was saved; the same number keeps sums bit-identical
    stage: str = ""  # name of the stage in progress, or of the one just finished
    made: int = 0  # epochs of the one just finished; 0 where it ended before its time, or is in progress


def on_host(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copies in the processor's memory; from a CUDA device they go to pinned memory together, with one wait for all."""
    copies = {
        name: tensor.detach().to("cpu", copy=True, non_blocking=tensor.is_cuda) for name, tensor in tensors.items()
    }
    if any(tensor.is_cuda for tensor in tensors.values()):
        torch.cuda.synchronize()
    return copies


def pack(resumption: Resumption) -> bytes:
    """One safetensors blob, the cursor in its metadata."""
    facts = {name: getattr(resumption, name) for name in ("begun", "paused", "threads", "stage", "made")}
    facts["cursor"] = asdict(resumption.cursor)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in resumption.tensors.items()}
    return save(tensors, metadata={"training": json.dumps(facts)})


def unpack(payload: bytes) -> Resumption:
    """Inverse of `pack`. Raises safetensors' error on a foreign blob."""
    tensors = load(payload)
    header = json.loads(payload[8 : 8 + int.from_bytes(payload[:8], "little")])
    facts = json.loads(header["__metadata__"]["training"])
    cursor = Cursor(**facts.pop("cursor"))
    return Resumption(cursor, tensors, **facts)


def saved_tensor(state: Mapping[str, Tensor], name: str, like: Tensor) -> Tensor:
    """A parameter of a checkpoint, of the shape of `like`. Raises DataError where it is missing or of another shape."""
    saved = state.get(name)
    if saved is None or saved.shape != like.shape:
        held = "no such weights" if saved is None else " x ".join(map(str, saved.shape))
        raise DataError(
            f"The checkpoint does not fit the network of its settings: {name} must be "
            f"{' x '.join(map(str, like.shape))}, and it holds {held}. The data set was changed since; start a new run."
        )
    return saved
