"""Iterative training: every update moves all layers, each on what the layers below make of the batch just then.

Greedy training shows the upper layers nothing until the lower ones are done; here all filters move from the first
epoch, and an upper layer follows the lower one as it changes.
"""

from collections.abc import Mapping
from dataclasses import replace

from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.config.stages import layer_stage
from dbn_core.records import Position
from dbn_core.training.batches import Batch, Batches
from dbn_core.training.density import due_density
from dbn_core.training.drafts import Draft
from dbn_core.training.inputs import CHUNK, input_mean, with_label_shares
from dbn_core.training.learners.base import BaseLearner
from dbn_core.training.learners.learner import Recipe, Values
from dbn_core.training.monitor import Monitor, joined
from dbn_core.training.plan import Stage
from dbn_core.training.rules.layer import LayerTraining
from dbn_core.training.rules.scalars import Scalar


class TogetherLearner(BaseLearner):
    """All layers of a DBN at once; numbers and pictures belong to the layers, as if each had a stage of its own."""

    def begin(self, stage: Stage) -> Batches:
        """All layers at their start: each one's biases at the means of what it sees there."""
        self._stage = stage
        self.monitor = Monitor(self.dbn, self.data)
        labels = self.dbn.n_labels
        data, config = self.data, self.config
        given = data.train_labels if labels else None
        batches = Batches(data.inputs, config.batch_size, config.seed, stage.index, data.preprocessing, labels=given)
        self._layers: list[LayerTraining] = []
        mean = input_mean(batches, data, 0)
        some = data.preprocessing.mean(data.train[:CHUNK])
        for depth, rbm in enumerate(self.dbn.layers, 1):
            mean = with_label_shares(mean, data, rbm.n_labels)
            self._layers.append(LayerTraining(rbm, mean, config.for_layer(depth), stage.epochs, self.generator))
            some = rbm.hidden_mean(some) if not rbm.n_labels else some
            mean = some.mean(0)
        return batches

    def configure(self, config: RunConfig) -> None:
        """In force from the next update."""
        self.config = config
        for depth, layer in enumerate(self._layers, 1):
            layer.config = config.for_layer(depth)

    def step(self, batch: Batch, epoch: float) -> None:
        """One update of every layer, from the image up; each sees the layer below as it was before its update."""
        self._update(batch, *self._at(epoch))

    def recipe(self) -> Recipe | None:
        """Unless the estimator decides something on the host."""
        if not all(layer.estimator.capturable for layer in self._layers):
            return None
        return Recipe(self._at, self._update, layers=len(self._layers))

    def _at(self, epoch: float) -> tuple[float, ...]:
        """Learning rate and momentum of each layer, one after the other."""
        return tuple(rate for layer in self._layers for rate in layer.at(epoch))

    def _update(self, batch: Batch, *rates: Scalar) -> None:
        v = batch.v
        for layer, rate, momentum in zip(self._layers, rates[::2], rates[1::2], strict=True):
            labels = layer.rbm.n_labels
            seen = joined(v, batch.y, labels) if labels and batch.y is not None else v
            v = layer.learn(seen, rate, momentum)
            if layer.config.training.propagate == "samples":
                v = layer.rbm.hidden_units.sample(v, self.generator)

    def measure(self) -> Values:
        """See `Monitor.measure`, for every layer."""
        below = {prefix: split.visible for prefix, split in self.monitor.splits.items()}
        values: Values = {}
        for depth, layer in enumerate(self._layers, 1):
            values[layer_stage(depth)] = self.monitor.measure(layer, depth, below)
            if depth < len(self._layers):
                below = {prefix: layer.rbm.hidden_mean(x) for prefix, x in below.items()}
        return values

    def score(self, epoch: int) -> Values:
        """The log-likelihood, if it is due."""
        figures = due_density(self.dbn, self.data, self.config, epoch)
        return {layer_stage(len(self._layers)): figures} if figures else {}

    def pictures(self, position: Position) -> list[Draft]:
        """What every layer's units respond to; reconstructions through all of them."""
        drafts: list[Draft] = []
        responding = self.monitor.responses.visible
        for depth, layer in enumerate(self._layers, 1):
            own, top = replace(position, stage=layer_stage(depth)), depth == len(self._layers)
            last = self._stage.ends_at(position)
            drafts += self.monitor.pictures(depth, own, responding, last=last, reconstructions=top)
            if not top:
                responding = layer.rbm.hidden_mean(responding)
        return drafts

    def diagnose(self, position: Position, *, spectra: bool) -> tuple[list[Draft], Values]:
        """One frame for every layer."""
        frames: list[Draft] = []
        values: Values = {}
        below = self.monitor.splits[""].visible
        for depth, layer in enumerate(self._layers, 1):
            own = replace(position, stage=layer_stage(depth))
            made, values[own.stage] = self.monitor.diagnose(layer, depth, below, own, spectra=spectra)
            frames.append(made)
            if depth < len(self._layers):
                below = layer.rbm.hidden_mean(below)
        return frames, values

    def is_finite(self) -> bool:
        """All layers' parameters are finite."""
        return all(layer.is_finite() for layer in self._layers)

    def state(self) -> dict[str, Tensor]:
        """Every layer's, prefixed `together1.`, `together2.`, ..."""
        return {
            f"together{depth}.{name}": tensor
            for depth, layer in enumerate(self._layers, 1)
            for name, tensor in layer.tensors().items()
        }

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of `state`."""
        for depth, layer in enumerate(self._layers, 1):
            prefix = f"together{depth}."
            layer.load({name.removeprefix(prefix): t for name, t in state.items() if name.startswith(prefix)})
