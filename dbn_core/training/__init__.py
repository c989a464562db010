"""Training: estimators of the gradient, one update, one loop, and the functions that notebooks call."""

from dbn_core.training.loop import train
from dbn_core.training.pretraining import pretrain, train_rbm
from dbn_core.training.rules.gradients import Gradient, contrastive_divergence, persistent_contrastive_divergence
from dbn_core.training.rules.tempering import parallel_tempering
from dbn_core.training.rules.updown import apply_updown, updown
from dbn_core.training.tuning import finetune

__all__ = [
    "Gradient",
    "apply_updown",
    "contrastive_divergence",
    "finetune",
    "parallel_tempering",
    "persistent_contrastive_divergence",
    "pretrain",
    "train",
    "train_rbm",
    "updown",
]
