"""What detectors offer: changes that a live run accepts, and the words for a wanted activity."""

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.metric_table import metric_of

ACTIVITY = metric_of("sparsity")


def rate(config: RunConfig, factor: float) -> SetHyperparameter:
    """The learning rate times `factor`, to two digits and within its range."""
    return SetHyperparameter(
        "training.learning_rate", min(10.0, float(f"{config.training.learning_rate * factor:.2g}"))
    )


def cost(config: RunConfig) -> SetHyperparameter:
    """A sparsity pull ten times as strong, at least 0.2."""
    return SetHyperparameter(
        "training.sparsity_cost", min(100.0, max(0.2, float(f"{config.training.sparsity_cost * 10:.2g}")))
    )


def wanted(target: float) -> str:
    """A share of the time, as a person sets it: "10 %"."""
    return f"{target * ACTIVITY.factor:g}{ACTIVITY.behind}"
