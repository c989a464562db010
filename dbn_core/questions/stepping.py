"""The question what one update of contrastive divergence on one digit does, half-step by half-step."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.questions.question import AtCheckpoint
from dbn_core.records import Position

UNTRAINED = 0
"""In place of a checkpoint's id: the network before its first update, made anew from the run's seed."""

Vector = npt.NDArray[np.floating]


class Update(NamedTuple):
    """One update: the number-th held-out image of a class, counted round; which draws; how large a step."""

    label: int
    number: int
    seed: int
    rate: float


class Stepped(TypedDict):
    """All numbers of an update. A probability is the sigmoid of its field, a field is bias + weights times states."""

    v0: Vector  # (pixels,), as v1 and v_bias; h0, h1, h_bias are (hidden,)
    h0_field: Vector
    h0_probability: Vector
    h0_sample: Vector
    v1_field: Vector
    v1_probability: Vector
    v1_sample: Vector
    h1_field: Vector
    h1_probability: Vector
    h1_sample: Vector
    v_bias: Vector
    h_bias: Vector
    W: Vector  # (units, pixels) of the first hidden units, before the update
    W_after: Vector
    error_before: float  # mean-field reconstruction of this digit, squared error per pixel
    error_after: float
    free_energy: dict[Literal["v0", "v1"], tuple[float, float]]  # nats, before and after
    shape: tuple[int, ...]  # (height, width) of the digit
    label: str  # of the digit
    position: Position


@dataclass(frozen=True, slots=True)
class StepContrastiveDivergence(AtCheckpoint[Stepped]):
    """One update of the first layer by CD-1 after the updates in `history`; what is stored stays as it is."""

    update: Update
    history: tuple[Update, ...] = ()
