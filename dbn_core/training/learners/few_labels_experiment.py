"""The experiment "error against number of labels", as one stage of a run: many short trainings, one after the other.

Each training is an epoch of the stage: a method (frozen, global, scratch), a number of labels and a seed, which chooses
the labelled images and the net that starts from scratch, the same ones for all methods. Seeds are outermost, so that a
whole first curve is there early. At its end a training records the share of wrong classes among all held-out images, in
%, as the metric `error/<method>/<labels>/<seed>`. As a stage it is paused, stopped and taken up again like any other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from dbn_core.config.groups import FEW_LABELS_METHODS
from dbn_core.config.stages import FEW_LABELS
from dbn_core.models import FineTuner
from dbn_core.training.batches import Batch, Batches
from dbn_core.training.few_labels import balanced, label_counts
from dbn_core.training.learners.descent import CARRIED, Descent, cosine, load_model
from dbn_core.training.learners.learner import Values
from dbn_core.training.learners.supervised import SupervisedLearner
from dbn_core.training.plan import Stage

TRAINING = f"{CARRIED}training"  # which one is in progress


class Training(NamedTuple):
    """One of the experiment."""

    method: str
    labels: int
    seed: int

    @property
    def metric(self) -> str:
        """The name under which its error is recorded."""
        return f"error/{self.method}/{self.labels}/{self.seed}"


def trainings(cases: int, classes: int, seeds: int) -> list[Training]:
    """All of them in order. Raises DataError for too few images."""
    counts = label_counts(cases, classes)
    return [Training(method, count, seed) for seed in range(seeds) for count in counts for method in FEW_LABELS_METHODS]


@dataclass(frozen=True)
class TrainingBatches(Batches):
    """Epoch `n` holds `updates` batches of the images of training `n`, each as often as the others, all full."""

    updates: int = 1
    cases_of: Callable[[int], Tensor] = lambda _: torch.zeros(0)

    @property
    def count(self) -> int:
        """Updates in a training."""
        return self.updates

    def order(self, epoch: int) -> Tensor:
        """Numbers of training images, as many as all batches take: permutations of the chosen ones, end to end."""
        cases = self.cases_of(epoch)
        rounds = -(-self.updates * self.batch_size // len(cases))
        mine = Batches(cases, self.batch_size, self.seed, self.stage)
        orders = [cases[mine.order(epoch * 1_000_003 + index)] for index in range(rounds)]
        return torch.cat(orders)[: self.updates * self.batch_size]


class FewLabelsLearner(SupervisedLearner[FineTuner]):
    """Starts pretrained nets from `untied` where up-down has tuned it, else from the DBN, which stands still."""

    prefix = f"{CARRIED}model."

    def choose(self) -> None:
        """All trainings of the experiment; each chooses its images when it begins."""
        data = self.data
        self._trainings = trainings(len(data.train), data.classes, self.config.fewlabels.seeds)

    def begin(self, stage: Stage) -> Batches:
        """The first training at its start."""
        self.stage = stage
        self._enter(0)
        data, config = self.data, self.config
        return TrainingBatches(
            data.inputs,
            config.batch_size,
            config.seed,
            stage.index,
            data.preprocessing,
            labels=data.train_labels,
            updates=config.fewlabels.updates,
            cases_of=self._cases_of,
        )

    def settings(self) -> tuple[float, float]:
        """Of `finetune`."""
        return self.config.finetune.learning_rate, self.config.finetune.weight_decay

    def rate(self) -> float:
        """Falls to 0 within each training."""
        return cosine(self.settings()[0], self.epoch - self._index, 1)

    def step(self, batch: Batch, epoch: float) -> None:
        """One update of the training that this epoch is."""
        if int(epoch) != self._index:
            self._enter(int(epoch))
        super().step(batch, epoch)
        limit = self.config.finetune.max_norm
        if limit is not None and not self.model.frozen:
            self.model.shorten(limit)

    def inputs(self, rows: Tensor) -> Tensor:
        """Visible units."""
        return self.data.preprocessing.mean(rows)

    def logits(self, inputs: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Of the whole net; of a frozen one nothing below the head is dropped or learns."""
        if not self.model.frozen:
            return self.model(inputs, generator)
        with torch.no_grad():
            features = self.model.features(inputs)
        return self.model.head(self.model.drop(features, generator))

    def loss(self, batch: Batch) -> Tensor:
        """Cross-entropy with the labels, smoothed by `finetune.label_smoothing`."""
        assert batch.y is not None
        logits = self.logits(batch.v, self.generator)
        return F.cross_entropy(logits, batch.y, label_smoothing=self.config.finetune.label_smoothing)

    def score(self, epoch: int) -> Values:
        """The error of the training that has just ended."""
        return {self.stage.name: {self._trainings[epoch - 1].metric: self.test_error()}}

    def products(self) -> dict[str, Tensor]:
        """Nothing: the results are numbers."""
        return {}

    def state(self) -> dict[str, Tensor]:
        """The training in progress."""
        model = {f"{self.prefix}{name}": tensor.detach() for name, tensor in self.model.state_dict().items()}
        return super().state() | model | {TRAINING: torch.tensor(self._index)}

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of `state`."""
        self._enter(int(state[TRAINING]))
        load_model(self.model, self.prefix, state)
        self.descent.load({name.removeprefix(CARRIED): t for name, t in state.items() if name.startswith(CARRIED)})

    def _cases_of(self, index: int) -> Tensor:
        training = self._trainings[index]
        names = self.data.label_names
        return balanced(self.data.train_labels, training.labels, names, training.seed, FEW_LABELS.name)

    def _enter(self, index: int) -> None:
        training, settings = self._trainings[index], self.config.finetune
        self._index = index
        model = FineTuner(
            self.source,
            self.data.classes,
            settings.dropout,
            input_dropout=settings.input_dropout,
            frozen=training.method == "frozen",
        )
        if training.method == "scratch":
            model.initialise(torch.Generator(device=self.device).manual_seed(training.seed))
        self.start(self.stage, model, Descent(dict(model.trained()), settings.optimiser))
        self.epoch = float(index)
        self.cases = self._cases_of(index)
        self.watch()
