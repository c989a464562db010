"""RBMs and DBNs as modules among others: `forward` gives features, and gradients pass through."""

import torch
from torch import nn

from dbn_core.data import load_dataset
from dbn_core.models import DBN, RBM
from dbn_core.training import pretrain

IMAGES = torch.tensor(load_dataset("digits").train[:60])


def test_models_stand_in_a_sequence_and_give_their_features() -> None:
    generator = torch.Generator().manual_seed(0)
    rbm, dbn = RBM(784, 13, generator=generator), DBN([784, 13, 5], generator=generator)
    head = nn.Linear(13, 3)
    torch.testing.assert_close(nn.Sequential(rbm, head)(IMAGES), head(rbm.features(IMAGES)))
    torch.testing.assert_close(nn.Sequential(dbn)(IMAGES / 255), dbn.up(IMAGES.reshape(60, 784) / 255))
    second = RBM(13, 7, generator=generator)
    stack = nn.Sequential(nn.Flatten(), rbm, second)
    first = torch.sigmoid(IMAGES.reshape(60, 784) / 255 @ rbm.W.T + rbm.h_bias)
    torch.testing.assert_close(stack(IMAGES), torch.sigmoid(first @ second.W.T + second.h_bias))


def test_a_trained_model_preprocesses_in_a_sequence_too() -> None:
    dbn = DBN([784, 13], visible="gaussian", generator=torch.Generator().manual_seed(0))
    pretrain(dbn, IMAGES)
    torch.testing.assert_close(nn.Sequential(dbn)(IMAGES), dbn.features(IMAGES))


def test_a_layer_below_learns_through_an_rbm_which_stays_as_it_is() -> None:
    generator = torch.Generator().manual_seed(0)
    below, rbm = nn.Linear(5, 7, dtype=torch.float64), RBM(7, 3, generator=generator, dtype=torch.float64)
    rbm.W.normal_(generator=generator)
    x = torch.rand(11, 5, generator=generator, dtype=torch.float64)
    nn.Sequential(below, rbm)(x).sum().backward()
    h = torch.sigmoid(below(x) @ rbm.W.T + rbm.h_bias).detach()
    assert below.weight.grad is not None
    torch.testing.assert_close(below.weight.grad, ((h * (1 - h)) @ rbm.W).T @ x)
    assert rbm.W.grad is None


def test_training_asks_for_no_gradient_of_what_made_its_images() -> None:
    made = (IMAGES.reshape(60, 784) / 255).requires_grad_()
    dbn = DBN([784, 5], generator=torch.Generator().manual_seed(0))
    pretrain(dbn, made)
    assert made.grad is None
    assert not dbn.layers[0].v_bias.requires_grad
