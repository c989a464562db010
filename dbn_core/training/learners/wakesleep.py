"""The learner of up-down fine-tuning: a contrastive wake-sleep on all layers (the rules are in `updown.py`)."""

from collections.abc import Mapping

from torch import Tensor

from dbn_core import metrics
from dbn_core.models.finite import all_finite
from dbn_core.models.mixed import MixedRBM
from dbn_core.models.untied import UntiedDBN
from dbn_core.records import Position
from dbn_core.training.batches import Batch, Batches
from dbn_core.training.checkpoints import saved_tensor
from dbn_core.training.drafts import Draft
from dbn_core.training.inputs import CHUNK, with_label_shares
from dbn_core.training.learners.base import BaseLearner
from dbn_core.training.learners.learner import Values
from dbn_core.training.monitor import Monitor, one_hot
from dbn_core.training.pictures import FILTERS, reconstructions_draft, signed_draft
from dbn_core.training.plan import Stage
from dbn_core.training.rules.update import OFFSET_DECAY
from dbn_core.training.rules.updown import apply_updown, updown

LAST_K = 10  # Gibbs steps of the top RBM in the last epochs (Hinton, Osindero & Teh 2006)
PREFIX = "untied."
OFFSETS = "updown.offset"


class UpDownLearner(BaseLearner):
    """Unties recognition from generation and tunes both; the greedy DBN is left as it is.

    It has no likelihood: recognition is no longer the posterior of the generative weights' RBMs.
    """

    def begin(self, stage: Stage) -> Batches:
        """Both ways begin at the greedy weights."""
        self._stage, self._epoch = stage, 0.0
        self.monitor = Monitor(self.dbn, self.data)
        self.model = UntiedDBN(self.dbn)
        # The chain in the top RBM is most of an update.
        self._mixed = MixedRBM(self.model.top) if self.config.precision == "mixed" else None
        config, data = self.config, self.data
        self._offsets = self._means(data.preprocessing.mean(data.train[:CHUNK]))
        labels = data.train_labels if self.model.top.n_labels else None
        return Batches(data.inputs, config.batch_size, config.seed, stage.index, data.preprocessing, labels=labels)

    def step(self, batch: Batch, epoch: float) -> None:
        """One wake and one sleep phase, one step of ascent."""
        self._epoch = epoch
        labels = None if batch.y is None else one_hot(batch.y, self.model.top.n_labels).to(batch.v.dtype)
        gradient = updown(self.model, batch.v, labels, self._k(), self.generator, self._offsets, self._mixed)
        apply_updown(self.model, gradient, self._rate())
        if self._mixed is not None:
            self._mixed.refresh()
        for offset, mean in zip(self._offsets, gradient.means, strict=True):
            offset.lerp_(mean, 1 - OFFSET_DECAY)

    def measure(self) -> Values:
        """Errors of mean-field recognition and generation; with label units the share of wrong labels, in %."""
        values: dict[str, float] = {}
        for prefix, split in self.monitor.splits.items():
            errors = split.errors(self.model.reconstruct(split.visible))
            values |= {f"{prefix}{name}": value for name, value in errors.items()}
            if self.model.top.n_labels:
                said = self.model.classify(split.visible)
                values[f"{prefix or 'train_'}error"] = metrics.error_rate(said, split.labels)
        hidden = self.model.features(self.monitor.splits[""].visible)
        values["sparsity"] = metrics.mean_activity(hidden)
        values["dead_units"] = metrics.dead_units(hidden)
        return {self._stage.name: values | {"learning_rate": self._rate(), "k": float(self._k())}}

    def pictures(self, position: Position) -> list[Draft]:
        """Generative weights of the first layer, and held-out images beside what comes back of them."""
        shown, shape = self.monitor.shown, self.data.shape
        generative = self.model.directed[0].generation[:FILTERS]
        mean = shown.to_pixels(self.model.reconstruct(shown.visible))
        return [
            signed_draft(generative, shape, position, "generative_weights"),
            reconstructions_draft(shown.pixels, mean, shape, position),
        ]

    def is_finite(self) -> bool:
        """All parameters are finite."""
        return all_finite(self.model)

    def state(self) -> dict[str, Tensor]:
        """The untied weights and the offsets of centring."""
        return self.products() | {f"{OFFSETS}{depth}": offset for depth, offset in enumerate(self._offsets)}

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of `state`. A checkpoint of a version that did not centre has no offsets: they start afresh."""
        load_untied(self.model, state)
        if self._mixed is not None:
            self._mixed.refresh()
        for depth, offset in enumerate(self._offsets):
            offset.copy_(state.get(f"{OFFSETS}{depth}", offset))

    def products(self) -> dict[str, Tensor]:
        """The untied weights."""
        return {f"{PREFIX}{name}": parameter for name, parameter in self.model.state_dict().items()}

    def _means(self, v: Tensor) -> list[Tensor]:
        """Means of all layers at some training images, from the image to the hidden units of the top RBM."""
        layers = [v]
        for layer in self.model.directed:
            layers.append(layer.up_mean(layers[-1]))
        layers.append(self.model.features(v))
        means = [layer.mean(0) for layer in layers]
        means[-2] = with_label_shares(means[-2], self.data, self.model.top.n_labels)
        return means

    def _rate(self) -> float:
        """Falls to 0 linearly."""
        return self.config.updown.learning_rate * (1 - self._epoch / self._stage.epochs)

    def _k(self) -> int:
        """Grows from the setting to LAST_K in three equal parts of the stage."""
        first = self.config.updown.k
        part = min(2, int(3 * self._epoch / self._stage.epochs))
        return max(first, round(first + (LAST_K - first) * part / 2))


def load_untied(model: UntiedDBN, state: Mapping[str, Tensor]) -> None:
    """The untied weights of a saved state, in place. Raises DataError for a checkpoint of other shapes."""
    for name, parameter in model.state_dict().items():
        parameter.copy_(saved_tensor(state, f"{PREFIX}{name}", parameter))
