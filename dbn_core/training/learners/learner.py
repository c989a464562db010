"""What the loop asks of a learner: anything that learns by updates from batches.

`Learner` is what the loop sees. A `StageLearner` knows one kind of stage; `relay.StagedLearner` makes a `Learner` of
several of them, one after the other. `AnyLearner` is what both answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.records import Position
from dbn_core.training.batches import Batch, Batches, Stretch
from dbn_core.training.drafts import Copier, Draft
from dbn_core.training.plan import Stage

Values = dict[str, dict[str, float]]
"""Numbers by the stage whose curve they belong to: `{"layer2": {"recon_mse": 0.01}}`."""


@dataclass(frozen=True)
class Recipe:
    """`StageLearner.step` as one fixed sequence of operations on the device, so that it can be recorded and replayed.

    `rates` is told the epoch of each update in turn and gives its (learning rate, momentum), those of each layer in
    training one after the other. `update` makes the update of a batch with them as its further arguments; nothing else
    may differ from one update to the next but the batch, what changes in place, and what the run's generator draws.
    """

    rates: Callable[[float], tuple[float, ...]]
    update: Callable[..., None]
    layers: int = 1


class AnyLearner(Protocol):
    """What is asked of every learner; it never prints, logs, writes or looks at the clock."""

    def begin(self, stage: Stage) -> Batches:
        """Prepare for a stage and give its inputs; everything of this stage starts anew."""
        ...

    def configure(self, config: RunConfig) -> None:
        """Live fields have changed; in force from the next update."""
        ...

    def end_epoch(self, epoch: int) -> None:
        """An epoch (from 1) of the stage has ended; the loop says so once, whether or not anybody looks.

        What a learner decides from epoch to epoch it decides here, and what it decides is part of `state`. What
        follows here, from `measure` to `state`, are questions: they change nothing, so that looking changes nothing
        that is learnt.
        """
        ...

    def measure(self) -> Values:
        """The numbers of the monitor, on fixed subsets, without randomness that training would feel."""
        ...

    def score(self, epoch: int) -> Values:
        """Costly numbers that are due at the end of this epoch (from 1) of the stage; none on most."""
        ...

    def is_done(self) -> bool:
        """The stage may end before its last epoch; asked before each but the first."""
        ...

    def pictures(self, position: Position) -> list[Draft]:
        """What there is to see now; the host need not wait for it."""
        ...

    def diagnose(self, position: Position, *, spectra: bool) -> tuple[list[Draft], Values]:
        """Small arrays that tell how training goes, as drafts, and the numbers that belong to them."""
        ...

    def is_finite(self) -> bool:
        """All parameters are finite numbers."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Everything of the stage that decides what comes next, by names of its own, but for the DBN."""
        ...

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The whole of a state saved within a stage; after `begin` of that stage."""
        ...


class StageLearner(AnyLearner, Protocol):
    """State and mathematics of one kind of stage."""

    def step(self, batch: Batch, epoch: float) -> None:
        """One update. `epoch` is the position within the stage, from 0."""
        ...

    def recipe(self) -> Recipe | None:
        """Its step as a recipe, after `begin`; None where the host has a hand in every update."""
        ...

    def products(self) -> dict[str, Tensor]:
        """Parameters that later stages and questions need when the stage is over; part of `state`'s names."""
        ...


class Learner(AnyLearner, Protocol):
    """Learns every stage of a run, by stretches of updates."""

    device: torch.device
    copier: Copier  # how drafts reach the host from there

    def learn(self, stretch: Stretch) -> None:
        """Several updates, the same as a `step` for each. A GPU may still be at them on return: see `settle`."""
        ...

    def settle(self) -> None:
        """Wait until the device has made every update it was asked for; the processor always has."""
        ...

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """The parameters and the generator of a saved state; before `begin`."""
        ...
