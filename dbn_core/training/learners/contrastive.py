"""The learner of greedy layer-wise pretraining: each stage trains one RBM on what the layers below make of the data."""

from collections.abc import Mapping

from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.records import Position
from dbn_core.training.batches import Batch, Batches
from dbn_core.training.density import due_density
from dbn_core.training.drafts import Draft
from dbn_core.training.inputs import input_mean, layer_inputs
from dbn_core.training.learners.base import BaseLearner
from dbn_core.training.learners.learner import Recipe, Values
from dbn_core.training.monitor import Monitor, joined
from dbn_core.training.plan import Stage
from dbn_core.training.rules.layer import LayerTraining
from dbn_core.training.rules.scalars import Scalar


class ContrastiveLearner(BaseLearner):
    """Trains the layer that the stage names (`layer2`) by `training.method`; its state has no prefix."""

    def begin(self, stage: Stage) -> Batches:
        """Inputs of the layer, its biases at their means, fresh velocity and chains."""
        self._stage, depth = stage, stage.depth
        self.monitor = Monitor(self.dbn, self.data)
        rbm = self.dbn.layers[depth - 1]
        # The layers below stand still throughout a stage.
        self._below = {prefix: self.dbn.up(split.visible, depth - 1) for prefix, split in self.monitor.splits.items()}
        self._responding = self.monitor.responses.below(self.dbn, depth)
        batches = layer_inputs(self.dbn, depth, self.data, self.config, stage.index)
        mean = input_mean(batches, self.data, rbm.n_labels)
        self._layer = LayerTraining(rbm, mean, self.config.for_layer(depth), stage.epochs, self.generator)
        return batches

    def configure(self, config: RunConfig) -> None:
        """In force from the next update."""
        self.config, self._layer.config = config, config.for_layer(self._stage.depth)

    def step(self, batch: Batch, epoch: float) -> None:
        """Both phases, then one update of the layer's parameters."""
        self._update(batch, *self._layer.at(epoch))

    def recipe(self) -> Recipe | None:
        """Unless the estimator decides something on the host."""
        return Recipe(self._layer.at, self._update) if self._layer.estimator.capturable else None

    def _update(self, batch: Batch, rate: Scalar, momentum: Scalar) -> None:
        v = batch.v if batch.y is None else joined(batch.v, batch.y, self._layer.rbm.n_labels)
        self._layer.learn(v, rate, momentum)

    def measure(self) -> Values:
        """See `Monitor.measure`."""
        return {self._stage.name: self.monitor.measure(self._layer, self._stage.depth, self._below)}

    def score(self, epoch: int) -> Values:
        """The log-likelihood, if it is due: of the whole DBN, so while its top layer is in training."""
        if self._stage.depth < len(self.dbn.layers):
            return {}
        figures = due_density(self.dbn, self.data, self.config, epoch)
        return {self._stage.name: figures} if figures else {}

    def pictures(self, position: Position) -> list[Draft]:
        """What the layer's units respond to, and held-out images beside their reconstructions."""
        return self.monitor.pictures(self._stage.depth, position, self._responding, last=self._stage.ends_at(position))

    def diagnose(self, position: Position, *, spectra: bool) -> tuple[list[Draft], Values]:
        """One frame of diagnostics and its numbers; spectra cost most."""
        made, numbers = self.monitor.diagnose(
            self._layer, self._stage.depth, self._below[""], position, spectra=spectra
        )
        return [made], {self._stage.name: numbers}

    def is_finite(self) -> bool:
        """The layer's parameters are finite."""
        return self._layer.is_finite()

    def state(self) -> dict[str, Tensor]:
        """The update's state and the chains."""
        return self._layer.tensors()

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of `state`."""
        self._layer.load(state)
