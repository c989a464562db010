"""CUDA graphs, played on the processor: what is recorded is a list of operations on tensors, and no Python."""

from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from dbn_core.training.learners.captured import Capture

REFUSED = (torch.ops.aten._local_scalar_dense, torch.ops.aten.nonzero, torch.ops.aten.equal)


class NoNumberToTheHost(TorchDispatchMode):
    """Refuses what makes the host wait for a CUDA device: reading a number, or a result whose size it must know."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.overloadpacket in REFUSED:
            raise RuntimeError(f"{func} makes the host wait")
        return self.call(func, args, kwargs or {})

    def call(self, func: Any, args: Any, kwargs: Any) -> Any:
        return func(*args, **kwargs)


class Tape(NoNumberToTheHost):
    """Keeps each operation with the very tensors and numbers that it was given and gave."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, Any, Any, Any]] = []

    def call(self, func: Any, args: Any, kwargs: Any) -> Any:
        made = func(*args, **kwargs)
        self.calls.append((func, args, kwargs, made))
        return made

    def play(self) -> None:
        for func, args, kwargs, made in self.calls:
            again = func(*args, **kwargs)
            for old, new in zip(tree_leaves(made), tree_leaves(again), strict=True):
                if old.data_ptr() != new.data_ptr():  # neither in place nor a view: what follows reads the old one
                    old.copy_(new)


class TapeCapture(Capture):
    """Does the work once, and from then on what the tape holds of it."""

    def __init__(self) -> None:
        self.played: list[int] = []  # operations of each replay

    def rehearse(self, work: Callable[[], None]) -> None:
        self._tape = Tape()
        with self._tape:
            work()

    def recorded(self, work: Callable[[], None]) -> Callable[[], None]:
        tape = self._tape

        def play() -> None:
            self.played.append(len(tape.calls))
            tape.play()

        return play

    def recover(self) -> None:
        raise AssertionError("nothing fails here")
