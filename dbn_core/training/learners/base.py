"""What all stage learners share: the network and its images, the settings in force, and what most of them never do."""

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.records import Position
from dbn_core.training.data import TrainingData
from dbn_core.training.drafts import Draft
from dbn_core.training.learners.learner import Recipe, Values


class BaseLearner:
    """The part of `StageLearner` that is the same for most kinds of stage; a learner overrides what it does.

    generator: the run's, the only one that may be drawn from while it learns.
    """

    def __init__(
        self, dbn: DBN, data: TrainingData, config: RunConfig, device: torch.device, generator: torch.Generator
    ) -> None:
        self.dbn, self.data, self.config, self.device, self.generator = dbn, data, config, device, generator

    def configure(self, config: RunConfig) -> None:
        """In force from the next update."""
        self.config = config

    def recipe(self) -> Recipe | None:
        """None: the host has a hand in every update."""
        return None

    def end_epoch(self, epoch: int) -> None:
        """Nothing is decided between epochs."""

    def score(self, epoch: int) -> Values:  # noqa: ARG002
        """Nothing costly."""
        return {}

    def is_done(self) -> bool:
        """Only after its last epoch."""
        return False

    def pictures(self, position: Position) -> list[Draft]:  # noqa: ARG002
        """Nothing to see."""
        return []

    def diagnose(self, position: Position, *, spectra: bool) -> tuple[list[Draft], Values]:  # noqa: ARG002
        """No frame: frames are of single RBMs in training."""
        return [], {}

    def products(self) -> dict[str, Tensor]:
        """Nothing but the DBN."""
        return {}
