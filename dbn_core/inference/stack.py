"""The way of an image through a trained network, layer by layer, whichever of its networks that is.

Recognition and generation weights after up-down, the layers of the DBN where they were pretrained, and for a net that
was trained from scratch the layers under its head, which know no way back to the image.
"""

from abc import ABC, abstractmethod

from torch import Tensor

from dbn_core.errors import ModelError
from dbn_core.inference.loading import Trained, layer_of
from dbn_core.models import DBN, FineTuner, UntiedDBN
from dbn_core.models.dbn import with_label, without_label
from dbn_core.models.sizes import whole


class Stack(ABC):
    """Layers from the image up. `name` says in words whose they are; `weights`: (above, below) of each layer."""

    name: str
    weights: list[Tensor]

    @abstractmethod
    def activities(self, v: Tensor) -> list[Tensor]:
        """Means of every layer, (cases, units) each, for visible units (cases, visible)."""

    def on(self, v: Tensor) -> list[Tensor]:
        """p(h > 0) of every layer in the same way: how surely each unit is on, which of binary units is their mean."""
        return self.activities(v)

    @abstractmethod
    def reconstructions(self, v: Tensor) -> list[Tensor] | None:
        """Visible units as each layer gives them back, mean-field; None where there is no way back."""

    def filters(self, depth: int, units: Tensor) -> Tensor:
        """(units, visible) weights of some units of layer `depth` (from 1): the linear combination of those below.

        Above the first layer less the mean filter of the layer, as in `training.pictures.linear_filters`.
        """
        own = self.weights[depth - 1]
        weights = own[units] - own.mean(0) if depth > 1 else own[units]
        for lower in reversed(self.weights[: depth - 1]):
            weights = weights @ lower
        return weights


class _Greedy(Stack):
    def __init__(self, dbn: DBN, depth: int) -> None:
        self.name = "pretrained layers"
        self._dbn, self._depth = dbn, depth
        self.weights = [without_label(rbm, rbm.W) for rbm in dbn.layers[:depth]]

    def activities(self, v: Tensor) -> list[Tensor]:
        activities = []
        for rbm in self._dbn.layers[: self._depth]:
            v = rbm.hidden_mean(with_label(rbm, v))
            activities.append(v)
        return activities

    def on(self, v: Tensor) -> list[Tensor]:
        shares = []
        for rbm in self._dbn.layers[: self._depth]:
            field, units = rbm.hidden_field(with_label(rbm, v)), rbm.hidden_units
            v = units.mean(field)
            shares.append(units.on(field, v))
        return shares

    def reconstructions(self, v: Tensor) -> list[Tensor]:
        return [self._dbn.down(h, depth) for depth, h in enumerate(self.activities(v), 1)]


class _Untied(Stack):
    def __init__(self, untied: UntiedDBN) -> None:
        self.name = "layers after up-down"
        self._net = untied
        self.weights = [layer.recognition for layer in untied.directed] + [without_label(untied.top, untied.top.W)]

    def activities(self, v: Tensor) -> list[Tensor]:
        activities = []
        for layer in self._net.directed:
            v = layer.up_mean(v)
            activities.append(v)
        return [*activities, self._net.top.hidden_mean(with_label(self._net.top, v))]

    def reconstructions(self, v: Tensor) -> list[Tensor]:
        images = []
        for depth, h in enumerate(self.activities(v)[:-1], 1):
            below = h
            for layer in reversed(self._net.directed[:depth]):
                below = layer.down_mean(below)
            images.append(below)
        return [*images, self._net.reconstruct(v)]


class _Tuned(Stack):
    def __init__(self, classifier: FineTuner) -> None:
        self.name = "layers of the classifier"
        self._classifier = classifier
        self.weights = [layer.W for layer in classifier.layers]

    def activities(self, v: Tensor) -> list[Tensor]:
        return [self._classifier.features(v, depth) for depth in range(1, len(self.weights) + 1)]

    def on(self, v: Tensor) -> list[Tensor]:
        shares = []
        for layer in self._classifier.layers:
            field = layer.field(v)
            v = layer.units.mean(field)
            shares.append(layer.units.on(field, v))
        return shares

    def reconstructions(self, v: Tensor) -> None:
        del v


def stack_of(model: Trained, *, tuned: bool = False) -> Stack:
    """The network whose layers are worth looking at; `tuned`: as fine-tuning left them, where it trained them."""
    if tuned and model.classifier is not None and not model.classifier.frozen:
        return _Tuned(model.classifier)
    if model.untied is not None:
        return _Untied(model.untied)
    if not model.config.epochs and model.classifier is not None:
        return _Tuned(model.classifier)
    return _Greedy(model.dbn, model.depth)


def learnt_stack(model: Trained) -> Stack:
    """The same; raises NotKeptError where no layer has learnt anything."""
    if model.classifier is None:
        layer_of(model, 1)
    return stack_of(model)


def depth_in(stack: Stack, layer: int | None) -> int:
    """The layer that is asked for, from 1; the top one when None. Raises ModelError for one that it has not."""
    last = len(stack.weights)
    if layer is not None and not 1 <= whole(layer, "layer") <= last:
        raise ModelError(f"There is no layer {layer} that has learnt something; give one from 1 to {last}.")
    return layer or last
