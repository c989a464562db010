"""The preset `edges-to-digits`, shortened: each layer finds what its words say."""

import pytest
import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.metrics.activity import always_on_units, dead_units
from dbn_core.metrics.filters import localisation
from dbn_core.models import DBN
from dbn_core.training.pretraining import pretrain

STRONGEST = 20  # images that excite a unit most
Trained = tuple[DBN, Tensor, Tensor]


@pytest.fixture(scope="module")
def trained() -> Trained:
    """A network after all epochs on a quarter of the images, with these and their classes."""
    config = RunConfig.preset("edges-to-digits")
    digits = load_dataset("digits")
    images, labels = torch.tensor(digits.train[:2000]), torch.tensor(digits.train_labels[:2000])
    dbn = DBN([784, *config.layers], generator=torch.Generator().manual_seed(config.seed))
    pretrain(dbn, images, config)
    return dbn, images.flatten(1) / 255, labels


def purity(trained: Trained, depth: int) -> float:
    """Share of the commonest class among the images that excite a unit most, mean over units."""
    dbn, pixels, labels = trained
    field = dbn.layers[depth - 1].hidden_field(dbn.up(pixels, depth - 1))
    classes = labels[field.topk(STRONGEST, 0).indices]
    return (classes == classes.mode(0).values).double().mean().item()


def test_the_first_layer_is_local(trained: Trained) -> None:
    filters = trained[0].layers[0].W.reshape(-1, 28, 28)
    assert localisation(filters).mean() < 0.1, "without L1 decay it is above 0.15"


def test_units_are_the_more_of_one_class_the_higher_they_stand(trained: Trained) -> None:
    first, second, third = (purity(trained, depth) for depth in (1, 2, 3))
    assert first + 0.1 < second < third - 0.1
    assert third > 0.8


def test_no_unit_is_dead_and_none_is_constant(trained: Trained) -> None:
    dbn, pixels, _ = trained
    for depth in (1, 2, 3):
        hidden = dbn.up(pixels, depth)
        assert dead_units(hidden) == always_on_units(hidden) == 0
        assert hidden.std(0).min() > 0.01
