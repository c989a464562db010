"""Snapshots on their way to the recorder: drawn on the device, copied beside training, handed over in order.

A draft is a snapshot whose numbers lie on the device, where they were thinned to what the store keeps: a hundred
filters and a few reconstructions as uint8, frames of at most some ten thousand numbers. On a CUDA device its copy into
pinned memory runs on a stream of its own while the next updates are made; on the processor there is nothing to copy.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from dbn_core.records import Snapshot

PENDING = 4  # looks whose copies may be under way: a device that falls behind makes the loop wait, not memory grow

Tensors = Mapping[str, Tensor]
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Small tensors by name, and what makes a snapshot of them on the host.

    The tensors may be parameters in training: their values are those at the time of `Delivery.send`.
    """

    tensors: Tensors
    finish: Callable[[Arrays], Snapshot]

    @property
    def size(self) -> int:
        """Bytes of its tensors."""
        return sum(tensor.nbytes for tensor in self.tensors.values())


class Copy(Protocol):
    """Tensors that are being copied to the host."""

    def has_arrived(self) -> bool:
        """They are there, so that `arrays` takes no time."""
        ...

    def arrays(self) -> list[Arrays]:
        """Wait for them; for each of the mappings that were asked for its arrays."""
        ...


class Copier(Protocol):
    """A way for tensors to reach the host."""

    def copy(self, tensors: Sequence[Tensors]) -> Copy:
        """Begin to copy them as they are now; what changes them later is asked of the device after this."""
        ...


class Delivery:
    """Hands snapshots to `receive` in the order in which they were drawn, each when its copy has arrived."""

    def __init__(self, receive: Callable[[Snapshot], None], copier: Copier) -> None:
        self._receive, self._copier = receive, copier
        self._pending: deque[tuple[Sequence[Draft], Copy]] = deque()

    def send(self, drafts: Sequence[Draft]) -> None:
        """Have these handed over, at once where nothing has to be copied."""
        if not drafts:
            return
        while len(self._pending) >= PENDING:
            self._hand_over()
        self._pending.append((drafts, self._copier.copy([draft.tensors for draft in drafts])))
        self.deliver()

    def deliver(self) -> bool:
        """Hand over what has arrived, without waiting; True if there was any."""
        some = False
        while self._pending and self._pending[0][1].has_arrived():
            self._hand_over()
            some = True
        return some

    def flush(self) -> bool:
        """Wait for everything and hand it over; True if there was any."""
        some = bool(self._pending)
        while self._pending:
            self._hand_over()
        return some

    def _hand_over(self) -> None:
        drafts, copy = self._pending.popleft()
        for draft, arrays in zip(drafts, copy.arrays(), strict=True):
            self._receive(draft.finish(arrays))


class HostCopier:
    """For tensors in the processor's memory: nothing is copied, since a draft is finished before the next update."""

    def copy(self, tensors: Sequence[Tensors]) -> Copy:
        return _InPlace(tensors)


@dataclass(frozen=True, slots=True, eq=False)
class _InPlace:
    tensors: Sequence[Tensors]

    def has_arrived(self) -> bool:
        return True

    def arrays(self) -> list[Arrays]:
        return [{name: tensor.numpy(force=True) for name, tensor in part.items()} for part in self.tensors]


class CudaCopier:
    """Copies within the device first, since updates go on, and from there into pinned memory on a stream of its own."""

    def __init__(self, device: torch.device) -> None:
        self._device, self._stream = device, torch.cuda.Stream(device)

    def copy(self, tensors: Sequence[Tensors]) -> Copy:
        still = [{name: tensor.detach().clone() for name, tensor in part.items()} for part in tensors]
        self._stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(self._stream):
            # Torch takes pinned memory for a copy to the host that nothing waits for.
            pinned = [{name: t.to("cpu", non_blocking=True) for name, t in part.items()} for part in still]
            end = torch.cuda.Event()
            end.record(self._stream)
        return _UnderWay(still, pinned, end)


@dataclass(frozen=True, slots=True, eq=False)
class _UnderWay:
    still: Sequence[Tensors]  # kept until they are copied: their memory would be given to the next update
    pinned: Sequence[Tensors]
    end: torch.cuda.Event

    def has_arrived(self) -> bool:
        return self.end.query()

    def arrays(self) -> list[Arrays]:
        self.end.synchronize()
        # Copied once more: pinned memory is scarce, and a recorder may keep a picture for as long as it likes.
        return [{name: tensor.numpy().copy() for name, tensor in part.items()} for part in self.pinned]


def copier_for(device: torch.device) -> Copier:
    """The way of a device."""
    return CudaCopier(device) if device.type == "cuda" else HostCopier()
