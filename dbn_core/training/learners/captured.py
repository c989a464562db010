"""Updates that are recorded once and replayed: on a CUDA device as a graph.

An update of a small RBM is some thirty kernels of a few microseconds each, so a host that asks for them one by one is
slower than the device. A CUDA graph holds the kernels of many updates and costs one call. What is recorded reads the
same tensors each time, so all that differs from update to update lies in such tensors: which images, the learning rate
and the momentum; parameters and what goes with them change in place, and the generator counts on by itself.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from dbn_core.config import RunConfig, TrainingConfig
from dbn_core.training.batches import Batches, Stretch
from dbn_core.training.learners.learner import Recipe

log = logging.getLogger(__name__)

Work = Callable[[], None]
LENGTHS = (20, 1)  # updates of a recording: a stretch is made of long ones, and of single ones for what is left


class Capture(ABC):
    """A way to record work."""

    _broken = False

    def record(self, work: Work) -> Work:
        """Do the work once; returns what does it again. That is `work` itself where it cannot be recorded."""
        self.rehearse(work)
        if self._broken:
            return work
        try:
            return self.recorded(work)
        except RuntimeError as error:
            self._broken = True
            self.recover()
            log.warning("Updates could not be recorded (%s); from here on they are made one by one.", error)
            return work

    @abstractmethod
    def rehearse(self, work: Work) -> None:
        """Do it, so that everything it needs is set up before it is recorded."""

    @abstractmethod
    def recorded(self, work: Work) -> Work:
        """Record it, without doing it."""

    @abstractmethod
    def recover(self) -> None:
        """Go back to where a recording began that failed."""


class Execution(Capture):
    """Records nothing and does the work each time: for any device, on the same tensors as a graph."""

    def rehearse(self, work: Work) -> None:
        work()

    def recorded(self, work: Work) -> Work:
        return work

    def recover(self) -> None:
        """There is nothing to undo."""


@dataclass(frozen=True, slots=True)
class _Replay:
    """A graph, and the work it was recorded from: a graph knows addresses and keeps no tensor of that work alive."""

    graph: torch.cuda.CUDAGraph
    work: Work

    def __call__(self) -> None:
        self.graph.replay()


class GraphCapture(Capture):
    """CUDA graphs. `generator` is the only one that the work may draw from."""

    def __init__(self, device: torch.device, generator: torch.Generator) -> None:
        self._device, self._generator = device, generator
        self._stream = torch.cuda.Stream(device)

    def rehearse(self, work: Work) -> None:
        """On the stream that will be recorded, so that the workspaces of its matrix products exist by then."""
        self._stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(self._stream):
            work()
        torch.cuda.current_stream(self._device).wait_stream(self._stream)

    def recorded(self, work: Work) -> Work:
        self._before = torch.cuda.current_stream(self._device), self._generator.get_state()
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self._generator)
        # thread_local: questions to this worker use the device in a thread of their own, and may allocate meanwhile.
        with torch.cuda.graph(graph, stream=self._stream, capture_error_mode="thread_local"):
            work()
        return _Replay(graph, work)

    def recover(self) -> None:
        """A recording that broke off leaves its stream current and its generator in recording mode."""
        stream, state = self._before
        torch.cuda.set_stream(stream)
        fresh = torch.Generator(device=self._device)
        fresh.set_state(state)
        self._generator.graphsafe_set_state(fresh)


def capture_for(device: torch.device, generator: torch.Generator) -> Capture | None:
    """The way of a device; None where single updates are as fast."""
    return GraphCapture(device, generator) if device.type == "cuda" else None


def repeater_for(
    batches: Batches, recipe: Recipe | None, generator: torch.Generator, capture: Capture | None
) -> "Repeater | None":
    """For a stage whose updates can be recorded, where that is worth while; None where they are made one by one."""
    if capture is None:
        return None
    if recipe is None:
        log.info("The host has a hand in each update of this stage: they are made one by one.")
        return None
    return Repeater(batches, recipe, generator, capture)


class Repeater:
    """Makes the updates of one stage by recordings of its recipe.

    The last batch of an epoch, where it is smaller than the others, is not recorded.
    """

    def __init__(self, batches: Batches, recipe: Recipe, generator: torch.Generator, capture: Capture) -> None:
        self._batches, self._recipe, self._generator, self._capture = batches, recipe, generator, capture
        device = batches.inputs.device
        self._cases = torch.zeros(max(LENGTHS), batches.batch_size, dtype=torch.int64, device=device)
        self._rates = torch.zeros(max(LENGTHS), 2 * recipe.layers, device=device)
        self._recordings: dict[int, Work] = {}
        self._frozen: list[TrainingConfig] | None = None

    def configure(self, config: RunConfig) -> None:
        """Forget what was recorded with other settings; the rates are not part of a recording."""
        rates = {"learning_rate": 1.0, "momentum": 0.0, "momentum_switch": 0}
        depths = range(1, len(config.layers) + 1)
        frozen = [config.for_layer(depth).training.model_copy(update=rates) for depth in depths]
        if frozen != self._frozen:
            self._recordings.clear()
        self._frozen = frozen

    def make(self, stretch: Stretch) -> None:
        """All updates of a stretch, in order."""
        cases, rates = stretch.cases, self._rates_of(stretch)
        size = self._batches.batch_size
        whole, made = len(cases) // size, 0
        for length in LENGTHS:
            while made + length <= whole:
                self._cases[:length].copy_(cases[made * size : (made + length) * size].view(length, size))
                self._rates[:length].copy_(rates[made : made + length])
                self._repeat(length)
                made += length
        if made < stretch.count:
            self._updates([cases[made * size :]], rates[made:])

    def _repeat(self, length: int) -> None:
        if length in self._recordings:
            self._recordings[length]()
        else:
            work = partial(self._updates, self._cases[:length], self._rates[:length])
            self._recordings[length] = self._capture.record(work)

    def _updates(self, cases: Iterable[Tensor], rates: Tensor) -> None:
        """One for each batch of cases, int64 (batch,), at its learning rate and momentum, those of each layer."""
        for chosen, own in zip(cases, rates, strict=True):
            self._recipe.update(self._batches.take(chosen, self._generator), *own)

    def _rates_of(self, stretch: Stretch) -> Tensor:
        """(updates, 2 x layers) learning rate and momentum of each, on the device; nothing waits for the copy."""
        device = self._rates.device
        rates = [self._recipe.rates(stretch.when(index)) for index in stretch.updates]
        return torch.tensor(rates, pin_memory=device.type == "cuda").to(device, non_blocking=True)
