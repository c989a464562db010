"""Where the negative phase of an update comes from: one interface, an estimator for each `training.method`."""

from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor

from dbn_core.config import TrainingConfig
from dbn_core.models import RBM
from dbn_core.training.rules.fast_weights import FastWeights, fast_phases
from dbn_core.training.rules.gradients import Phases, contrastive_phases, persistent_phases
from dbn_core.training.rules.scalars import Scalar
from dbn_core.training.rules.tempering import Replicas, adapt, tempered_phases


class Estimator(Protocol):
    """Gives both phases of every update of one RBM; what it carries from one to the next is in the checkpoint."""

    capturable: bool
    """Every update is the same sequence of operations on the device: nothing is decided on the host."""

    @property
    def chains(self) -> Tensor | None:
        """Visible states of the persistent chains of the model itself, (chains, visible); None for cd."""
        ...

    def phases(self, rbm: RBM, v: Tensor, k: int, generator: torch.Generator) -> Phases:
        """The statistics of a batch and, after k more steps, of the model."""
        ...

    def updated(self, training: TrainingConfig, rate: Scalar, phases: Phases) -> None:
        """Told after each update of the parameters, with the rate and the phases it was made with."""
        ...

    def tensors(self) -> dict[str, Tensor]:
        """By name, for a checkpoint."""
        ...

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Inverse of `tensors`, in place. A branch may come from another method or size: then it starts afresh."""
        ...

    def health(self) -> dict[str, float]:
        """Numbers of its own for the monitor."""
        ...


class ContrastiveDivergence:
    """CD-k: chains start at the batch and nothing is carried on."""

    capturable = True
    chains = None

    def __init__(self, training: TrainingConfig) -> None:
        self._visible_samples = training.visible_samples

    def phases(self, rbm: RBM, v: Tensor, k: int, generator: torch.Generator) -> Phases:
        return contrastive_phases(rbm, v, k, visible_samples=self._visible_samples, generator=generator)

    def updated(self, training: TrainingConfig, rate: Scalar, phases: Phases) -> None:
        """Nothing to carry on."""

    def tensors(self) -> dict[str, Tensor]:
        return {}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Nothing was kept."""

    def health(self) -> dict[str, float]:
        return {}


class PersistentChains:
    """PCD-k: `chains` go on from update to update."""

    capturable = True

    def __init__(self, chains: Tensor) -> None:
        self.chains = chains

    def phases(self, rbm: RBM, v: Tensor, k: int, generator: torch.Generator) -> Phases:
        return persistent_phases(rbm, v, self.chains, k, generator=generator)

    def updated(self, training: TrainingConfig, rate: Scalar, phases: Phases) -> None:
        """The chains have moved already."""

    def tensors(self) -> dict[str, Tensor]:
        return {"chains": self.chains}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        if _fits(self.tensors(), tensors):
            self.chains.copy_(tensors["chains"])

    def health(self) -> dict[str, float]:
        return {}


class FastPersistentChains:
    """PCD-k whose chains are driven by fast weights as well."""

    capturable = True

    def __init__(self, rbm: RBM, chains: Tensor) -> None:
        self.chains, self._fast = chains, FastWeights(rbm)
        self._slow = rbm.W

    def phases(self, rbm: RBM, v: Tensor, k: int, generator: torch.Generator) -> Phases:
        return fast_phases(rbm, v, self.chains, self._fast, k, generator=generator)

    def updated(self, training: TrainingConfig, rate: Scalar, phases: Phases) -> None:  # noqa: ARG002
        """The fast weights learn with a rate of their own, which no schedule lowers."""
        self._fast.learn(phases, training.fast_learning_rate)

    def tensors(self) -> dict[str, Tensor]:
        return {"chains": self.chains, **self._fast.tensors()}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        if _fits(self.tensors(), tensors):
            self.chains.copy_(tensors["chains"])
            self._fast.load(tensors)

    def health(self) -> dict[str, float]:
        """fast_weight_share: |F| / |W|, how hard the chains are pushed."""
        return {"fast_weight_share": (self._fast.W.norm() / self._slow.norm()).item()}


class TemperedChains:
    """Parallel tempering with temperatures that adapt to even swaps."""

    capturable = False  # even and odd pairs of temperatures take turns, counted on the host

    def __init__(self, replicas: Replicas) -> None:
        self._replicas = replicas
        self._even = replicas.temperatures.clone()

    @property
    def chains(self) -> Tensor:
        """The copies at t = 1."""
        return self._replicas.coldest

    @property
    def replicas(self) -> Replicas:
        """All copies, with their temperatures and the acceptance of each pair."""
        return self._replicas

    def phases(self, rbm: RBM, v: Tensor, k: int, generator: torch.Generator) -> Phases:
        return tempered_phases(rbm, v, self._replicas, k, generator=generator)

    def updated(self, training: TrainingConfig, rate: Scalar, phases: Phases) -> None:  # noqa: ARG002
        """Temperatures move after every update."""
        adapt(self._replicas)

    def tensors(self) -> dict[str, Tensor]:
        return self._replicas.tensors()

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        if _fits(self.tensors(), tensors):
            self._replicas.load(tensors)

    def health(self) -> dict[str, float]:
        """swap_acceptance: mean over pairs, 0 to 1; swap_acceptance_min: of the pair that swaps least.

        temperature_shift: largest move of a temperature from even spacing.
        """
        acceptance = self._replicas.acceptance
        return {
            "swap_acceptance": acceptance.mean().item(),
            "swap_acceptance_min": acceptance.min().item(),
            "temperature_shift": (self._replicas.temperatures - self._even).abs().max().item(),
        }


def new_estimator(training: TrainingConfig, rbm: RBM, mean: Tensor, generator: torch.Generator) -> Estimator:
    """The estimator that `training.method` names, chains at independent units with the data's means.

    mean: (visible,) means of what `rbm` will see. Every method is defined for every kind of visible units.
    """
    if training.method == "cd":
        return ContrastiveDivergence(training)
    if training.method == "tempering":
        base = rbm.visible_units.bias_for(mean)
        return TemperedChains(Replicas.start(rbm, base, training.chains, training.temperatures, generator))
    chains = rbm.visible_units.sample(mean.expand(training.chains, -1).contiguous(), generator)
    return FastPersistentChains(rbm, chains) if training.method == "fpcd" else PersistentChains(chains)


def _fits(mine: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> bool:
    """All of mine is given, in my shapes."""
    return all(name in given and given[name].shape == tensor.shape for name, tensor in mine.items())
