"""Gradient descent on a model with autograd: one optimiser, its state as plain tensors, and what its learners share."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

import torch
from torch import Tensor, nn

from dbn_core.models.finite import all_finite
from dbn_core.training.batches import Batch, Batches
from dbn_core.training.checkpoints import saved_tensor
from dbn_core.training.learners.base import BaseLearner
from dbn_core.training.learners.learner import Values
from dbn_core.training.plan import Stage

MOMENTUM = 0.9  # of sgd
M = TypeVar("M", bound=nn.Module)

CARRIED = "descent."  # names of what only the stage in progress needs


class Descent:
    """AdamW (Loshchilov & Hutter 2019) or SGD with momentum 0.9 on named parameters.

    Weights (parameters of two or more dimensions) decay inside the learning rate, biases do not.
    """

    def __init__(self, parameters: Mapping[str, nn.Parameter], optimiser: Literal["adamw", "sgd"] = "adamw") -> None:
        self.parameters = dict(parameters)
        groups = [
            {"params": [p for p in self.parameters.values() if p.dim() > 1]},
            {"params": [p for p in self.parameters.values() if p.dim() <= 1], "weight_decay": 0.0},
        ]
        self._optimiser: torch.optim.Optimizer
        if optimiser == "adamw":
            self._optimiser = torch.optim.AdamW(groups, fused=True)
        else:
            self._optimiser = torch.optim.SGD(groups, lr=1.0, momentum=MOMENTUM)

    def step(self, loss: Tensor, rate: float, weight_decay: float) -> None:
        """One update down the gradient of `loss`, a scalar with a graph."""
        weights, biases = self._optimiser.param_groups
        weights["lr"] = biases["lr"] = rate
        weights["weight_decay"] = weight_decay
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self._optimiser.step()

    def tensors(self) -> dict[str, Tensor]:
        """All that the next step depends on, but for the parameters: `W.exp_avg`, `W.step`, ..."""
        state = self._optimiser.state
        return {
            f"{name}.{key}": tensor
            for name, parameter in self.parameters.items()
            for key, tensor in state[parameter].items()
            if isinstance(tensor, Tensor)
        }

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Inverse of `tensors`. What is not there starts anew: a branch may have switched the optimiser."""
        for name, parameter in self.parameters.items():
            for key in ("step", "exp_avg", "exp_avg_sq", "momentum_buffer"):
                if f"{name}.{key}" in tensors:
                    place = "cpu" if key == "step" and parameter.device.type == "cpu" else parameter.device
                    self._optimiser.state[parameter][key] = tensors[f"{name}.{key}"].to(place).clone()


def cosine(rate: float, epoch: float, epochs: int) -> float:
    """The rate at `epoch` of a stage of `epochs`: from `rate` at 0 along half a cosine to 0 at the end."""
    return rate * 0.5 * (1 + math.cos(math.pi * min(epoch / epochs, 1.0)))


class DescentLearner(BaseLearner, ABC, Generic[M]):
    """A stage learner whose model learns by gradient descent, at a rate that falls to 0 along a cosine.

    `prefix` begins the names of the model's parameters in a checkpoint. What only the stage itself needs, such as the
    optimiser's state, has names beginning with `descent.`; a run's generator is saved by the run. The optimiser counts
    its steps and takes its rate on the host, so that its updates are no recipe.
    """

    prefix: str
    model: M

    @abstractmethod
    def begin(self, stage: Stage) -> Batches:
        """A new model, a new optimiser, and the inputs. Sets `stage`, `model` and `descent`."""

    @abstractmethod
    def loss(self, batch: Batch) -> Tensor:
        """What to descend, with a graph."""

    @abstractmethod
    def settings(self) -> tuple[float, float]:
        """(learning rate at the start, weight decay) in force."""

    @abstractmethod
    def measure(self) -> Values:
        """The numbers of the monitor."""

    def start(self, stage: Stage, model: M, descent: Descent) -> None:
        """For `begin`: what this stage trains."""
        self.stage, self.model, self.descent, self.epoch = stage, model, descent, 0.0

    def rate(self) -> float:
        """Learning rate of the last update."""
        return cosine(self.settings()[0], self.epoch, self.stage.epochs)

    def step(self, batch: Batch, epoch: float) -> None:
        """One update."""
        self.epoch = epoch
        with torch.enable_grad():
            self.descent.step(self.loss(batch), self.rate(), self.settings()[1])

    def is_finite(self) -> bool:
        """All parameters are finite."""
        return all_finite(self.model)

    def products(self) -> dict[str, Tensor]:
        """The model's parameters."""
        return {f"{self.prefix}{name}": tensor.detach() for name, tensor in self.model.state_dict().items()}

    def state(self) -> dict[str, Tensor]:
        """The model's parameters and the optimiser's state."""
        carried = {f"{CARRIED}{name}": tensor for name, tensor in self.descent.tensors().items()}
        return self.products() | carried

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of `state`."""
        load_model(self.model, self.prefix, state)
        self.descent.load({name.removeprefix(CARRIED): t for name, t in state.items() if name.startswith(CARRIED)})


@torch.no_grad()
def load_model(model: nn.Module, prefix: str, state: Mapping[str, Tensor]) -> None:
    """The parameters that `state` holds under `prefix`, in place. Raises DataError for a checkpoint of other shapes."""
    for name, parameter in model.state_dict().items():
        parameter.copy_(saved_tensor(state, f"{prefix}{name}", parameter))
