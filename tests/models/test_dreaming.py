"""Gibbs steps at a temperature, with a label held: their chains have the distribution they claim."""

import pytest
import torch

from dbn_core.models import RBM
from dbn_core.models.dbn import gibbs_step
from tests.exact import small_rbm, states
from tests.models.test_labels import LABELS, labelled_rbm, legal_states


def tempered(rbm: RBM, v: torch.Tensor, h: torch.Tensor, temperature: float) -> torch.Tensor:
    """p(v) proportional to sum_h exp(-E(v, h) / T), by enumeration of both sides."""
    pairs = torch.stack([-rbm.energy(v, row.expand(len(v), -1)) / temperature for row in h], 1)
    return torch.softmax(torch.logsumexp(pairs, 1), 0)


def hidden_given(rbm: RBM, v: torch.Tensor, temperature: float, generator: torch.Generator) -> torch.Tensor:
    return torch.bernoulli(torch.sigmoid(rbm.hidden_field(v) / temperature), generator=generator)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_chains_stay_at_the_tempered_distribution(temperature: float) -> None:
    rbm, generator = small_rbm(5, 7), torch.Generator().manual_seed(1)
    v = states(5)
    p = tempered(rbm, v, states(7), temperature)
    drawn = v[torch.multinomial(p, 40_009, replacement=True, generator=generator)]
    h = hidden_given(rbm, drawn, temperature, generator)
    for _ in range(3):
        _, drawn, h = gibbs_step(rbm, h, None, temperature, generator)
    index = (drawn[:, None, :] == v).all(2).double().argmax(1)
    frequency = torch.bincount(index, minlength=len(v)).double() / len(drawn)
    assert ((frequency - p).abs() / (p * (1 - p) / len(drawn)).sqrt()).max() < 4.5


def test_a_held_label_makes_chains_of_the_conditional_distribution() -> None:
    rbm, generator = labelled_rbm(), torch.Generator().manual_seed(2)
    v = legal_states()
    held = v[:, 5 + 1] == 1
    p = torch.softmax(-rbm.free_energy(v[held]), 0)
    drawn = v[held][torch.multinomial(p, 40_009, replacement=True, generator=generator)]
    h = hidden_given(rbm, drawn, 1.0, generator)
    one_hot = torch.eye(LABELS, dtype=torch.float64)[1].expand(len(h), -1)
    for _ in range(3):
        _, drawn, h = gibbs_step(rbm, h, one_hot, 1.0, generator)
    index = (drawn[:, None, :] == v[held]).all(2).double().argmax(1)
    frequency = torch.bincount(index, minlength=len(p)).double() / len(drawn)
    assert ((frequency - p).abs() / (p * (1 - p) / len(drawn)).sqrt()).max() < 4.5


def test_temperature_scales_the_noise_of_gaussian_units_and_not_their_mean() -> None:
    rbm = RBM(3, 5, "gaussian", dtype=torch.float64)
    h = torch.ones(40_009, 5, dtype=torch.float64)
    mean, v, _ = gibbs_step(rbm, h, None, 4.0, torch.Generator().manual_seed(3))
    torch.testing.assert_close(mean, rbm.visible_mean(h))
    assert (v - mean).std(0).sub(2.0).abs().max() < 0.05


def test_at_temperature_one_a_step_is_the_rbms_own() -> None:
    rbm = small_rbm(5, 7)
    h = states(7)[:11]
    _, v, after = gibbs_step(rbm, h, None, 1.0, torch.Generator().manual_seed(4))
    expected = rbm.gibbs(h, 1, torch.Generator().manual_seed(4))
    assert torch.equal(v, expected.v)
    assert torch.equal(after, expected.h)
