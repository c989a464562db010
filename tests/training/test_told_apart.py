"""What the monitor says of units that tell nothing apart, and of those that answer to a class."""

import pytest
import torch

from dbn_core.training.monitor import Monitor
from dbn_core.training.rules.layer import LayerTraining
from tests.training.labelled import SHAPE, labelled, settings, staged

PIXELS = SHAPE[0] * SHAPE[1]


def measured(weights: torch.Tensor, bias: torch.Tensor) -> dict[str, float]:
    """The numbers of a layer with these weights (units, 35) on images whose bright block is where their class is."""
    config = settings(layers=[len(weights)])
    data = labelled(config, tests=307)
    rbm = staged(config, data).dbn.layers[0]
    layer = LayerTraining(rbm, torch.full((PIXELS,), 0.3), config, 1, torch.Generator())
    rbm.W.copy_(weights)
    rbm.h_bias.copy_(bias)
    monitor = Monitor(staged(config, data).dbn, data)
    monitor.dbn.layers[0] = rbm
    below = {prefix: split.visible for prefix, split in monitor.splits.items()}
    return monitor.measure(layer, 1, below)


def block(place: int) -> torch.Tensor:
    """A filter for the bright block of a class, against all other places."""
    image = torch.full(SHAPE, -0.5)
    image[1:4, 2 * place : 2 * place + 3] = 1.5
    return image.flatten()


def test_a_unit_that_never_changes_is_counted_and_one_that_knows_a_class_is_not() -> None:
    nothing = torch.zeros(PIXELS)
    weights = torch.stack([nothing, nothing, nothing, block(0), block(2)])
    values = measured(weights, torch.tensor([-3.0, -9.0, 9.0, -4.0, -4.0]))
    assert values["constant_units"] == 3, "always on for 5 %, never on, always on"
    assert values["dead_units"] == 1
    assert values["class_purity"] == pytest.approx(measured(weights[3:], torch.full((2,), -4.0))["class_purity"])


def test_class_purity_tells_a_detector_of_a_class_from_noise() -> None:
    noise = torch.randn(31, PIXELS, generator=torch.Generator().manual_seed(1))
    pure = measured(torch.stack([block(0), block(2)]), torch.full((2,), -4.0))["class_purity"]
    mixed = measured(0.3 * (noise - noise.mean(1, keepdim=True)), torch.zeros(31))["class_purity"]
    assert pure == 1.0
    assert 1 / 3 < mixed < 0.9


def test_where_no_unit_is_alive_none_is_pure() -> None:
    assert measured(torch.zeros(3, PIXELS), torch.tensor([-9.0, 0.0, 9.0]))["class_purity"] == 0.0


def test_without_labels_there_is_no_purity() -> None:
    config = settings(layers=[7])
    data = labelled(config, tests=307)
    data.heldout_labels[3] = -1
    layer = LayerTraining(staged(config, data).dbn.layers[0], torch.full((PIXELS,), 0.3), config, 1, torch.Generator())
    monitor = Monitor(staged(config, data).dbn, data)
    below = {prefix: split.visible for prefix, split in monitor.splits.items()}
    values = monitor.measure(layer, 1, below)
    assert "constant_units" in values
    assert "class_purity" not in values
