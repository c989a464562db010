"""One RBM in training: its parameters, what its updates carry on, and where its negative phase comes from."""

from collections.abc import Mapping

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.models import RBM
from dbn_core.models.finite import all_finite
from dbn_core.models.mixed import MixedRBM, RoundedProduct
from dbn_core.training.rules import schedules
from dbn_core.training.rules.estimators import Estimator, new_estimator
from dbn_core.training.rules.scalars import Scalar
from dbn_core.training.rules.starting import set_biases
from dbn_core.training.rules.update import UpdateState, apply_update


class LayerTraining:
    """Trains `rbm` for `epochs` epochs by the settings in force; its biases start as `starting.set_biases` says.

    mean: (visible,) means of what it will see, labels included.
    """

    def __init__(self, rbm: RBM, mean: Tensor, config: RunConfig, epochs: int, generator: torch.Generator) -> None:
        self.rbm, self.config, self.epochs, self.generator = rbm, config, epochs, generator
        self.epoch = 0.0
        set_biases(rbm, mean, config.training)
        self.update = UpdateState.zero(rbm, mean)
        self.estimator: Estimator = new_estimator(config.training, rbm, mean, generator)
        mixed = config.precision == "mixed"
        self._mixed, self._rounded = (MixedRBM(rbm), RoundedProduct(rbm.W)) if mixed else (None, None)

    @property
    def chains(self) -> Tensor | None:
        """Visible states of the persistent chains, where there are any."""
        return self.estimator.chains

    def at(self, epoch: float) -> tuple[float, float]:
        """(learning rate, momentum) at a position within the stage, where it stands from now on."""
        self.epoch = epoch
        return self.rates()

    def learn(self, v: Tensor, rate: Scalar, momentum: Scalar) -> Tensor:
        """Both phases and one update at these rates, see `at`; returns p(h | v) as it was before the update."""
        training = self.config.training
        phases = self.estimator.phases(self._mixed or self.rbm, v, training.k, self.generator)
        apply_update(self.rbm, self.update, phases, training, rate, momentum, rounded=self._rounded)
        self.estimator.updated(training, rate, phases)
        if self._mixed is not None:
            self._mixed.refresh()
        return phases.h_data

    def rates(self) -> tuple[float, float]:
        """(learning rate, momentum) in force."""
        training = self.config.training
        return schedules.learning_rate(training, self.epoch, self.epochs), schedules.momentum(training, self.epoch)

    def numbers(self) -> dict[str, float]:
        """How an update compares with the weights, and the rates in force."""
        rate, momentum = self.rates()
        step = (self.update.W.norm() / self.rbm.W.norm()).item()
        return {"weight_step": step, "learning_rate": rate, "momentum": momentum}

    def is_finite(self) -> bool:
        """All parameters are finite."""
        return all_finite(self.rbm)

    def tensors(self) -> dict[str, Tensor]:
        """All that its next update depends on, but for the RBM itself."""
        return self.update.tensors() | self.estimator.tensors()

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Inverse of `tensors`."""
        self.update.load(tensors)
        self.estimator.load(tensors)
        if self._mixed is not None:
            self._mixed.refresh()
