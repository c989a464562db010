"""The learner of the hybrid: a small CNN on the DBN's features, on the images, or on both."""

import torch
import torch.nn.functional as F
from torch import Tensor

from dbn_core.models import HybridModel
from dbn_core.training.batches import Batch, Batches
from dbn_core.training.few_labels import balanced, draw_seed
from dbn_core.training.learners.descent import Descent
from dbn_core.training.learners.supervised import SupervisedLearner
from dbn_core.training.plan import Stage

WEIGHT_DECAY = 1e-4


class HybridLearner(SupervisedLearner[HybridModel]):
    """Trains the CNN with AdamW; the features are those of `untied` where up-down has tuned it, else of the DBN.

    The DBN stands still. Raises DataError for labels that are missing.
    """

    prefix = "hybrid."

    def choose(self) -> None:
        """As many of each class."""
        data, config = self.data, self.config
        data.require_labels("hybrid")
        self.cases = balanced(
            data.train_labels, config.hybrid.labels, data.label_names, draw_seed(config), "hybrid.labels"
        )

    def begin(self, stage: Stage) -> Batches:
        """A new CNN on the labelled images."""
        config, data = self.config, self.data
        model = HybridModel(
            self.dbn.sizes[-1],
            data.shape,
            data.classes,
            config.hybrid.inputs,
            generator=self.generator,
            device=self.device,
        )
        self.start(stage, model, Descent(dict(model.named_parameters())))
        self.watch()
        rows = data.inputs.index_select(0, self.cases)
        labels = data.train_labels.index_select(0, self.cases)
        return Batches(rows, config.batch_size, config.seed, stage.index, data.preprocessing, labels=labels)

    def settings(self) -> tuple[float, float]:
        """The rate of `hybrid`; the decay is fixed."""
        return self.config.hybrid.learning_rate, WEIGHT_DECAY

    def inputs(self, rows: Tensor) -> Tensor:
        """Visible units."""
        return self.data.preprocessing.mean(rows)

    def logits(self, inputs: Tensor, generator: torch.Generator | None = None) -> Tensor:  # noqa: ARG002
        """Of the features and the images, as `hybrid.inputs` says."""
        with torch.no_grad():
            features = self.source.features(inputs) if self.model.inputs != "images" else None
        return self.model(features, inputs)

    def loss(self, batch: Batch) -> Tensor:
        """Cross-entropy with the labels."""
        assert batch.y is not None
        return F.cross_entropy(self.logits(batch.v), batch.y)
