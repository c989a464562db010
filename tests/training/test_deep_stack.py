"""The preset `deep-stack`, shortened: its top layer lives."""

import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.metrics.activity import always_on_units, dead_units
from dbn_core.models import DBN
from dbn_core.training.pretraining import pretrain


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_no_unit_is_dead_in_any_layer(depth: int, hidden: list[torch.Tensor]) -> None:
    activities = hidden[depth - 1]
    assert dead_units(activities) == always_on_units(activities) == 0
    assert activities.std(0).min() > 0.01, "none answers every image alike"


@pytest.fixture(scope="module")
def hidden() -> list[torch.Tensor]:
    """What every layer makes of 2,000 images, after half as many updates as the preset makes."""
    config = RunConfig.preset("deep-stack").with_values({"batch_size": 50})
    images = torch.tensor(load_dataset("digits").train[:2000])
    dbn = DBN([784, *config.layers], generator=torch.Generator().manual_seed(config.seed))
    pretrain(dbn, images, config)
    return [dbn.up(images.flatten(1) / 255, depth) for depth in (1, 2, 3)]
