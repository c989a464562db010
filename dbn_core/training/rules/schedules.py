"""How the learning rate and the momentum depend on the epoch within a layer."""

from dbn_core.config import TrainingConfig


def learning_rate(training: TrainingConfig, epoch: float, epochs: int) -> float:
    """The rate at `epoch` (a real number from 0) of a layer that trains for `epochs`.

    constant: the setting. linear: to 0 at the end. staged: the setting, 0.1 in the source article, falls by ten over
    epochs 0-10, by ten again over 10-50 and again over 50-100, evenly in its logarithm, and stays there.
    """
    match training.schedule:
        case "constant":
            factor = 1.0
        case "linear":
            factor = max(0.0, 1.0 - epoch / epochs)
        case "staged":
            first, second, third = (
                min(epoch, 10) / 10,
                min(max(epoch - 10, 0), 40) / 40,
                min(max(epoch - 50, 0), 50) / 50,
            )
            factor = 10.0 ** -(first + second + third)
    return training.learning_rate * factor


def momentum(training: TrainingConfig, epoch: float) -> float:
    """The starting momentum before the switch, the momentum from there on."""
    return training.initial_momentum if epoch < training.momentum_switch else training.momentum
