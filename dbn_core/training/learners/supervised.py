"""What learners of classifiers share: which labelled images they see, and how they are judged.

`loss`, `train_error`: mean cross-entropy in nats and share of wrong classes in %, on a fixed part of the images learnt
from; `heldout_loss`, `heldout_error`: on a fixed part of the held-out images; `test_error`: on all of them. Nothing is
left out or drawn when a classifier is judged.
"""

from abc import abstractmethod

import torch
import torch.nn.functional as F
from torch import Tensor

from dbn_core import metrics
from dbn_core.config import RunConfig
from dbn_core.metric_table import MONITORED
from dbn_core.models import DBN, UntiedDBN
from dbn_core.training.data import TrainingData
from dbn_core.training.inputs import CHUNK
from dbn_core.training.learners.descent import DescentLearner, M
from dbn_core.training.learners.learner import Values
from dbn_core.training.learners.matrix_products import products_in


class SupervisedLearner(DescentLearner[M]):
    """Trains a classifier on `cases`, numbers of training images, which `choose` sets.

    `source` is the network it starts from or takes its features of: as up-down has tuned it, where there is such a one,
    else the DBN.
    """

    cases: Tensor

    def __init__(
        self,
        dbn: DBN,
        data: TrainingData,
        config: RunConfig,
        device: torch.device,
        generator: torch.Generator,
        untied: UntiedDBN | None = None,
    ) -> None:
        super().__init__(dbn, data, config, device, generator)
        self.source = untied or dbn
        self.choose()

    @abstractmethod
    def choose(self) -> None:
        """Which labelled images to use. Raises DataError for labels that are missing."""

    @abstractmethod
    def inputs(self, rows: Tensor) -> Tensor:
        """What the classifier takes for these uint8 images, without randomness."""

    @abstractmethod
    def logits(self, inputs: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """(cases, classes); with a generator as in training."""

    def watch(self) -> None:
        """When `cases` and the model are there, which may be in the middle of learning: what the monitor looks at."""
        data, learnt = self.data, self.cases[:MONITORED]
        with products_in("float32", self.device):
            self._watched = {
                "": (self.inputs(data.train.index_select(0, learnt)), data.train_labels.index_select(0, learnt)),
                "heldout_": (self.inputs(data.heldout[:MONITORED]), data.heldout_labels[:MONITORED]),
            }

    @torch.no_grad()
    def measure(self) -> Values:
        """See the module."""
        values: dict[str, float] = {}
        for prefix, (inputs, labels) in self._watched.items():
            logits = self.logits(inputs)
            values[f"{prefix}loss"] = F.cross_entropy(logits, labels).item()
            values[f"{prefix or 'train_'}error"] = metrics.error_rate(logits, labels)
        return {self.stage.name: values | {"learning_rate": self.rate()}}

    def score(self, epoch: int) -> Values:
        """`test_error`, each time as many images were learnt from as it looks at, and after the last epoch."""
        seen = len(self.cases)
        tests = len(self.data.heldout)
        due = epoch * seen // tests > (epoch - 1) * seen // tests
        if not (due or self.is_done() or epoch == self.stage.epochs):
            return {}
        return {self.stage.name: {"test_error": self.test_error()}}

    def test_error(self) -> float:
        """Share of wrong classes among all held-out images, %."""
        return self.error(self.data.heldout, self.data.heldout_labels)

    @torch.no_grad()
    def error(self, rows: Tensor, labels: Tensor) -> float:
        """Share of wrong classes among uint8 images, %; exact whatever their number."""
        wrong = 0
        for start in range(0, len(rows), CHUNK):
            predicted = self.logits(self.inputs(rows[start : start + CHUNK])).argmax(1)
            wrong += int((predicted != labels[start : start + CHUNK]).sum())
        return 100 * wrong / len(rows)
