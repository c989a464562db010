"""What the loop asks of a learner: anything that learns by updates from batches."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.records import Position, Snapshot
from dbn_core.training.batches import Batches
from dbn_core.training.plan import Stage


@runtime_checkable
class Learner(Protocol):
    """State and mathematics of one kind of training; it never prints, logs, writes or looks at the clock."""

    generator: torch.Generator
    device: torch.device

    def begin(self, stage: Stage) -> Batches:
        """Prepare for a stage and give its inputs. State of earlier stages is kept, state of this one starts anew."""
        ...

    def configure(self, config: RunConfig) -> None:
        """Live fields have changed; in force from the next update."""
        ...

    def step(self, batch: Tensor, epoch: float) -> None:
        """One update. `epoch` is the position within the stage, from 0."""
        ...

    def measure(self) -> dict[str, float]:
        """The numbers of the monitor, on fixed subsets, without randomness."""
        ...

    def pictures(self, position: Position) -> list[Snapshot]:
        """What there is to see now."""
        ...

    def diagnose(self, position: Position, *, spectra: bool) -> tuple[Snapshot, dict[str, float]]:
        """Small arrays that tell how training goes, as a snapshot, and the numbers that belong to them."""
        ...

    def is_finite(self) -> bool:
        """All parameters are finite numbers."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Everything that decides what comes next, generators included, on the CPU."""
        ...

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """The parameters and the generator of a saved state; before `begin`."""
        ...

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The whole of a state saved within a stage; after `begin` of that stage."""
        ...
