"""The learner of fine-tuning: a linear head on the DBN's features, alone (frozen) or with all layers (global)."""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from dbn_core.models import FineTuner
from dbn_core.records import Position
from dbn_core.training.batches import Batch, Batches
from dbn_core.training.drafts import Draft
from dbn_core.training.few_labels import balanced, draw_seed, held_back
from dbn_core.training.inputs import CHUNK
from dbn_core.training.learners.descent import CARRIED, Descent
from dbn_core.training.learners.learner import Values
from dbn_core.training.learners.supervised import SupervisedLearner
from dbn_core.training.pictures import FILTERS, signed_draft
from dbn_core.training.plan import Stage

BEST = f"{CARRIED}best."
TALLY = f"{CARRIED}tally"


class FineTuneLearner(SupervisedLearner[FineTuner]):
    """Starts from `untied`, the network that up-down has tuned, where there is one, else from the DBN.

    Where no layer was trained before, the same net starts from scratch instead (`FineTuner.initialise`). With
    `finetune.patience` a tenth of the images is set aside: `validation_error` is their error at each epoch's end, and
    the parameters with the lowest one are kept in the end. Raises DataError for labels that are missing.
    """

    prefix = "classifier."

    def choose(self) -> None:
        """As many of each class, a tenth of them set aside for an early stop."""
        data, config = self.data, self.config
        data.require_labels("finetune")
        wanted = config.finetune.labels
        chosen = balanced(data.train_labels, wanted, data.label_names, draw_seed(config), "finetune.labels")
        self._aside = chosen[:0]
        if config.finetune.patience is not None:
            chosen, self._aside = held_back(chosen, data.train_labels)
        self.cases = chosen

    def begin(self, stage: Stage) -> Batches:
        """The head at 0 on the layers as they are; for a frozen net the features of all images, computed once."""
        settings, data = self.config.finetune, self.data
        model = FineTuner(
            self.source,
            data.classes,
            settings.dropout,
            input_dropout=settings.input_dropout,
            frozen=settings.mode == "frozen",
        )
        if not self.config.epochs and self.source is self.dbn:
            model.initialise(self.generator)
        self.start(stage, model, Descent(dict(model.trained()), settings.optimiser))
        self._lowest, self._waited = float("inf"), 0
        self._best: dict[str, Tensor] = {}
        self._validation_error: float | None = None
        labels = data.train_labels.index_select(0, self.cases)
        if model.frozen:
            rows, prepare = self._features(data.train.index_select(0, self.cases)), None
            self._tested = self._features(data.heldout)
        else:
            rows, prepare = data.inputs.index_select(0, self.cases), data.preprocessing
        self.watch()
        return Batches(rows, self.config.batch_size, self.config.seed, stage.index, prepare, labels=labels)

    def settings(self) -> tuple[float, float]:
        """Of `finetune`."""
        return self.config.finetune.learning_rate, self.config.finetune.weight_decay

    def inputs(self, rows: Tensor) -> Tensor:
        """Visible units; for a frozen net the features."""
        visible = self.data.preprocessing.mean(rows)
        return self.model.features(visible).detach() if self.model.frozen else visible

    def logits(self, inputs: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Of the whole net; for a frozen one of the head."""
        if not self.model.frozen:
            return self.model(inputs, generator)
        return self.model.head(self.model.drop(inputs, generator))

    def loss(self, batch: Batch) -> Tensor:
        """Cross-entropy with the labels, smoothed by `finetune.label_smoothing`."""
        assert batch.y is not None
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.precision == "mixed"):
            logits = self.logits(batch.v, self.generator)
        return F.cross_entropy(logits.float(), batch.y, label_smoothing=self.config.finetune.label_smoothing)

    def step(self, batch: Batch, epoch: float) -> None:
        """One update, then weights that are too long are shortened (`finetune.max_norm`)."""
        super().step(batch, epoch)
        if self.config.finetune.max_norm is not None and not self.model.frozen:
            self.model.shorten(self.config.finetune.max_norm)

    def test_error(self) -> float:
        """Share of wrong classes among all held-out images, %."""
        if not self.model.frozen:
            return super().test_error()
        with torch.no_grad():
            predicted = self.logits(self._tested).argmax(1)
        return 100 * (predicted != self.data.heldout_labels).double().mean().item()

    # -- early stop -------------------------------------------------------------------------------------------------

    def end_epoch(self, epoch: int) -> None:
        """With patience: compare with the best epoch so far, and at the stage's end go back to it."""
        if not len(self._aside):
            return
        labels = self.data.train_labels.index_select(0, self._aside)
        self._validation_error = self.error(self.data.train.index_select(0, self._aside), labels)
        if self._validation_error < self._lowest:
            self._lowest, self._waited = self._validation_error, 0
            self._best = {name: p.detach().clone() for name, p in self.model.trained()}
        else:
            self._waited += 1
        if self.is_done() or epoch == self.stage.epochs:
            self._go_back()

    @torch.no_grad()
    def _go_back(self) -> None:
        for name, parameter in self.model.trained():
            parameter.copy_(self._best[name])

    def is_done(self) -> bool:
        """The error on the images set aside has not fallen for `finetune.patience` epochs."""
        patience = self.config.finetune.patience
        return len(self._aside) > 0 and patience is not None and self._waited >= patience

    def score(self, epoch: int) -> Values:
        """See `SupervisedLearner.score`; with patience also `validation_error`, as it was when the epoch ended."""
        values = super().score(epoch).get(self.stage.name, {})
        if self._validation_error is not None:
            values |= {"validation_error": self._validation_error}
        return {self.stage.name: values} if values else {}

    # -- what it tells ----------------------------------------------------------------------------------------------

    def pictures(self, position: Position) -> list[Draft]:
        """The weights of the first layer, where they learn."""
        if self.model.frozen:
            return []
        weights = self.data.preprocessing.filters_to_pixels(self.model.layers[0].W[:FILTERS].detach())
        return [signed_draft(weights, self.data.shape, position, "weights")]

    def state(self) -> dict[str, Tensor]:
        """The classifier, the optimiser's state, and how the early stop stands."""
        tally = torch.tensor([self._lowest, self._waited], dtype=torch.float64)
        best = {f"{BEST}{name}": tensor for name, tensor in self._best.items()}
        return super().state() | best | {TALLY: tally}

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of `state`. The tally of an older checkpoint begins with two counts that nothing needs."""
        super().restore_stage(state)
        *_, self._lowest, waited = state[TALLY].tolist()
        self._waited = int(waited)
        self._best = {n.removeprefix(BEST): t.to(self.device) for n, t in state.items() if n.startswith(BEST)}

    def _features(self, rows: Tensor) -> Tensor:
        """(cases, units) of uint8 images, as many at once as memory bears."""
        return torch.cat([self.inputs(rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK)])
