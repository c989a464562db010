"""Which images make up which update: a fresh permutation an epoch, a function of seed, stage and epoch alone.

So a run that goes on in mid-epoch sees the rest of that epoch in the same order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from dbn_core.models.bernoulli import sample_bernoulli

Prepare = Callable[[Tensor, torch.Generator | None], Tensor]


class Batch(NamedTuple):
    """The images of one update."""

    v: Tensor  # (batch, units) visible units, float
    y: Tensor | None  # (batch,) int64 classes, where the stage wants them


@dataclass(frozen=True)
class Batches:
    """The inputs of one stage, cut into updates.

    inputs: (cases, units), uint8 pixels that `prepare` turns into visible units, or float means of the layer below.
    `drawn` says whether float inputs are replaced by fresh samples, which `sample` draws of them; the last batch of an
    epoch may be smaller than the others. labels: (cases,) classes, where they are wanted.
    """

    inputs: Tensor
    batch_size: int
    seed: int
    stage: int
    prepare: Prepare | None = None
    drawn: bool = False
    labels: Tensor | None = None
    sample: Prepare = sample_bernoulli

    @property
    def count(self) -> int:
        """Updates in an epoch."""
        return -(-len(self.inputs) // self.batch_size)

    def order(self, epoch: int) -> Tensor:
        """The permutation of `epoch` (from 0), int64 (cases,), on the inputs' device."""
        generator = torch.Generator().manual_seed(_mix(self.seed, self.stage, epoch))
        device, count = self.inputs.device, len(self.inputs)
        if device.type != "cuda":
            return torch.randperm(count, generator=generator).to(device)
        # From pinned memory the copy waits for nothing, and the order is the one that the processor would use.
        return torch.randperm(count, generator=generator, pin_memory=True).to(device, non_blocking=True)

    def batch(self, order: Tensor, index: int, generator: torch.Generator | None) -> Batch:
        """Update `index` (from 0) of an epoch; `generator` serves random preprocessing."""
        return self.take(order[index * self.batch_size : (index + 1) * self.batch_size], generator)

    def take(self, chosen: Tensor, generator: torch.Generator | None) -> Batch:
        """The batch of these cases, int64 (batch,)."""
        # index_select: many times faster than indexing, for the same rows.
        rows = self.inputs.index_select(0, chosen)
        labels = None if self.labels is None else self.labels.index_select(0, chosen)
        if self.prepare is not None:
            return Batch(self.prepare(rows, generator), labels)
        return Batch(self.sample(rows, generator) if self.drawn else rows, labels)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Updates `first`, `first + 1`, ... of an epoch (from 0) that are made in one go, with nothing else in between."""

    batches: Batches
    order: Tensor  # the permutation of the epoch
    epoch: int  # within the stage, from 0
    first: int
    count: int

    @property
    def updates(self) -> range:
        """Their numbers within the epoch."""
        return range(self.first, self.first + self.count)

    @property
    def cases(self) -> Tensor:
        """Numbers of the inputs they learn from, int64 (images,), in order."""
        size = self.batches.batch_size
        return self.order[self.first * size : (self.first + self.count) * size]

    def when(self, index: int) -> float:
        """The position of an update within the stage, in epochs."""
        return self.epoch + index / self.batches.count


def _mix(*numbers: int) -> int:
    """One 63-bit seed from several whole numbers (multiply and add with an odd 64-bit constant)."""
    mixed = 0
    for number in numbers:
        mixed = (mixed * 6364136223846793005 + number + 1442695040888963407) % 2**63
    return mixed
