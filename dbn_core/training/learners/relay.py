"""A learner for all stages of a run: each stage's own learner takes the network over from the one before."""

from collections.abc import Mapping

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.models import DBN, UntiedDBN
from dbn_core.records import Position
from dbn_core.training.batches import Batches, Stretch
from dbn_core.training.checkpoints import on_host, saved_tensor
from dbn_core.training.data import TrainingData
from dbn_core.training.drafts import Draft, copier_for
from dbn_core.training.few_labels import refuse_unlearnable
from dbn_core.training.learners.backlog import Backlog
from dbn_core.training.learners.captured import Capture, Repeater, capture_for, repeater_for
from dbn_core.training.learners.contrastive import ContrastiveLearner
from dbn_core.training.learners.few_labels_experiment import FewLabelsLearner
from dbn_core.training.learners.finetuning import FineTuneLearner
from dbn_core.training.learners.hybrids import HybridLearner
from dbn_core.training.learners.learner import StageLearner, Values
from dbn_core.training.learners.matrix_products import products_in
from dbn_core.training.learners.together import TogetherLearner
from dbn_core.training.learners.variational import VaeLearner
from dbn_core.training.learners.wakesleep import UpDownLearner, load_untied
from dbn_core.training.plan import Stage


class StagedLearner:
    """Gives each stage to its learner.

    Its state holds the DBN (`layer1.W`, ...), the generator, the fitted preprocessing, what finished stages have made
    (`untied.*`, `classifier.*`, ...) and all that the stage in progress needs.
    """

    def __init__(
        self, dbn: DBN, data: TrainingData, config: RunConfig, device: torch.device, capture: Capture | None = None
    ) -> None:
        """capture: how stretches of updates are recorded; by default as `capture_for` the device."""
        refuse_unlearnable(data, config)
        if config.labels.joint:
            data.require_labels("labels.joint")
        data.require_states(dbn.layers[0].visible_units)
        self.dbn, self.data, self.config, self.device = dbn, data, config, device
        self.generator = torch.Generator(device=device).manual_seed(config.seed)
        self._capture = capture or capture_for(device, self.generator)
        self._backlog = Backlog(device)
        self.copier = copier_for(device)
        self._repeater: Repeater | None = None
        self._made: dict[str, Tensor] = {}
        self._now: StageLearner | None = None

    @property
    def now(self) -> StageLearner:
        """The learner of the stage in progress."""
        if self._now is None:
            raise RuntimeError("no stage has begun")
        return self._now

    def begin(self, stage: Stage) -> Batches:
        """The stage's own learner, at its start."""
        if self._now is not None:
            self._made |= {name: tensor.clone() for name, tensor in self._now.products().items()}
        self._now = self._learner_of(stage)
        with products_in("float32", self.device):
            batches = self._now.begin(stage)
        self._repeater = repeater_for(batches, self._now.recipe(), self.generator, self._capture)
        return batches

    def configure(self, config: RunConfig) -> None:
        """In force from the next update."""
        self.config = config
        if self._now is not None:
            self._now.configure(config)
        if self._repeater is not None:
            self._repeater.configure(config)

    def learn(self, stretch: Stretch) -> None:
        """A stretch of updates of the stage in progress: replayed where its learner has a recipe, or one by one."""
        with products_in(self.config.precision, self.device):
            if self._repeater is not None:
                self._repeater.make(stretch)
            else:
                for index in stretch.updates:
                    batch = stretch.batches.batch(stretch.order, index, self.generator)
                    self.now.step(batch, stretch.when(index))
        self._backlog.limit()

    def settle(self) -> None:
        """Wait for the device."""
        self._backlog.clear()

    def end_epoch(self, epoch: int) -> None:
        """Of the stage in progress."""
        with products_in("float32", self.device):
            self.now.end_epoch(epoch)

    def measure(self) -> Values:
        """Of the stage in progress, as all that follows; what is reported is computed in float32."""
        with products_in("float32", self.device):
            return self.now.measure()

    def score(self, epoch: int) -> Values:
        """Costly numbers, when due."""
        with products_in("float32", self.device):
            return self.now.score(epoch)

    def is_done(self) -> bool:
        """The stage may end early."""
        with products_in("float32", self.device):
            return self.now.is_done()

    def pictures(self, position: Position) -> list[Draft]:
        """What there is to see."""
        with products_in("float32", self.device):
            return self.now.pictures(position)

    def diagnose(self, position: Position, *, spectra: bool) -> tuple[list[Draft], Values]:
        """Frames and their numbers."""
        with products_in("float32", self.device):
            return self.now.diagnose(position, spectra=spectra)

    def is_finite(self) -> bool:
        """All parameters in training are finite."""
        return self.now.is_finite()

    def state(self) -> dict[str, Tensor]:
        """See the class."""
        tensors = dbn_tensors(self.dbn) | self.data.preprocessing.tensors() | self._made
        if self._now is not None:
            tensors |= self._now.state()
        tensors["generator"] = self.generator.get_state()
        return on_host(tensors)

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """The DBN, what finished stages have made, and the generator."""
        load_dbn(self.dbn, state)
        self._made = {
            name: t.to(self.device) for name, t in state.items() if name.startswith(MADE) and ".optimiser." not in name
        }
        self.generator.set_state(state["generator"])

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The whole of a state saved within a stage."""
        self.restore(state)
        self.now.restore_stage(state)

    def _learner_of(self, stage: Stage) -> StageLearner:
        parts = (self.dbn, self.data, self.config, self.device, self.generator)
        if stage.name in _ON_FEATURES:
            return _ON_FEATURES[stage.name](*parts, untied=self._untied())
        return _OTHERS.get(stage.name, ContrastiveLearner)(*parts)

    def _untied(self) -> UntiedDBN | None:
        """The network as up-down has left it, if it was run."""
        if not any(name.startswith("untied.") for name in self._made):
            return None
        model = UntiedDBN(self.dbn)
        load_untied(model, self._made)
        return model


_ON_FEATURES = {"finetune": FineTuneLearner, "hybrid": HybridLearner, "fewlabels": FewLabelsLearner}
_OTHERS = {"layers": TogetherLearner, "updown": UpDownLearner, "vae": VaeLearner}

MADE = ("untied.", "classifier.", "vae.", "hybrid.")
"""Prefixes of the parameters that a later stage or a question may need."""


def dbn_tensors(dbn: DBN) -> dict[str, Tensor]:
    """The DBN's parameters by the names of a checkpoint: `layer1.W`, `layer1.visible_units.log_variance`, ..."""
    return {f"layer{i}.{name}": p for i, rbm in enumerate(dbn.layers, 1) for name, p in rbm.named_parameters()}


def load_dbn(dbn: DBN, state: Mapping[str, Tensor]) -> None:
    """Inverse of `dbn_tensors`, in place. Raises DataError for a checkpoint of other shapes."""
    for name, parameter in dbn_tensors(dbn).items():
        parameter.copy_(saved_tensor(state, name, parameter))
