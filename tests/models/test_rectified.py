"""Noisy rectified units: what is exact about them, how far they are from stepped ones, and what they refuse."""

import pytest
import torch

from dbn_core.errors import LabError, LikelihoodError, ModelError
from dbn_core.likelihood import (
    annealed_importance_sampling,
    dbn_log_likelihood_bound,
    exact_log_partition,
    reverse_annealed_importance_sampling,
)
from dbn_core.models import DBN, RBM, FineTuner, UntiedDBN
from dbn_core.models.units import Rectified, Stepped
from dbn_core.training.rules.gradients import contrastive_divergence
from dbn_core.training.rules.tempering import Replicas
from tests.exact import states
from tests.models.test_stepped import CHAINS, FIELDS, stepped_rbm


def variance_of(field: torch.Tensor) -> torch.Tensor:
    """Of max(0, f + s n) by its formula, E[x^2] - E[x]^2 with E[x^2] = (f^2 + s^2) Phi(f / s) + f s phi(f / s)."""
    s = torch.sigmoid(field).sqrt()
    z = field / s
    square = (field.square() + s.square()) * torch.special.ndtr(z)
    square = square + field * s * torch.exp(-z.square() / 2) / (2 * torch.pi) ** 0.5
    return square - Rectified().mean(field).square()


@pytest.mark.parametrize("field", [-3.0, -0.5, 0.0, 0.7, 2.5, 11.0])
def test_mean_variance_and_share_of_zeros_are_those_of_its_draws(field: float) -> None:
    units, generator = Rectified(), torch.Generator().manual_seed(3)
    rows = torch.full((CHAINS, 1), field, dtype=torch.float64)
    mean, drawn = units.draw(rows.clone(), generator)
    assert drawn.min() >= 0
    assert abs(drawn.mean() - mean[0, 0]) <= 4.5 * drawn.std() / CHAINS**0.5 + 1e-12
    on = units.on(rows[:1], mean[:1])[0, 0]
    assert abs((drawn > 0).double().mean() - on) <= 4.5 * (on * (1 - on) / CHAINS).sqrt() + 1e-12
    variance = variance_of(rows[:1])[0, 0]
    spread = (drawn - mean[0, 0]).square()
    assert abs(spread.mean() - variance) <= 4.5 * spread.std() / CHAINS**0.5 + 1e-12


def test_it_stands_in_for_stepped_units_within_what_is_said() -> None:
    field = FIELDS.clone().requires_grad_(True)
    mean = Stepped().mean(field)
    (variance,) = torch.autograd.grad(mean.sum(), field)
    missing, narrower = (mean - Rectified().mean(FIELDS)).detach(), variance - variance_of(FIELDS)
    far = FIELDS.abs() > 4
    assert missing[far].abs().max() < 0.02
    assert narrower[far].abs().max() < 0.02
    assert missing.min() > -1e-6
    assert 0.40 < missing.max() < 0.41
    assert narrower.min() > -1e-6
    assert 0.34 < narrower.max() < 0.35
    assert Rectified().mean(torch.zeros(1, 1)).item() == pytest.approx(0.28, abs=0.005)
    assert Stepped().mean(torch.zeros(1, 1)).item() == pytest.approx(0.68, abs=0.005)


def test_it_keeps_its_mean_and_slope_finite_at_any_field() -> None:
    field = torch.tensor([[-1e4, -200.0, -31.0, 0.0, 1e5]]).requires_grad_(True)
    mean = Rectified().mean(field)
    (slope,) = torch.autograd.grad(mean.sum(), field)
    torch.testing.assert_close(mean.detach(), torch.tensor([[0.0, 0.0, 0.0, 0.28209, 1e5]]), rtol=1e-4, atol=1e-6)
    assert torch.isfinite(slope).all()
    assert slope[0, -1] == 1


def test_a_chain_far_above_zero_is_near_the_stepped_model() -> None:
    stepped, rectified = stepped_rbm(5, 2, scale=0.25), stepped_rbm(5, 2, scale=0.25, hidden="relu")
    for rbm in (stepped, rectified):
        rbm.h_bias.add_(9.0)
    p = torch.softmax(-stepped.free_energy(states(5)), 0)
    generator = torch.Generator().manual_seed(5)
    start = states(5)[torch.multinomial(p, CHAINS, replacement=True, generator=generator)]
    end = rectified.gibbs(rectified.sample_h(start, generator)[1], 10, generator).v
    assert (end.mean(0) - p @ states(5)).abs().max() < 0.015


def test_its_cd_gradient_is_of_the_means_that_it_draws() -> None:
    rbm = stepped_rbm(hidden="relu")
    data = states(5)[:13]
    gradient = contrastive_divergence(rbm, data.repeat(2003, 1), 1, generator=torch.Generator().manual_seed(1))
    up = rbm.hidden_mean(data)
    h = rbm.sample_h(data.repeat(2003, 1), torch.Generator().manual_seed(1))[1]
    v = rbm.visible_mean(h)
    expected = up.t() @ data / len(data) - rbm.hidden_mean(v).t() @ v / len(v)
    torch.testing.assert_close(gradient.W, expected, rtol=1e-9, atol=1e-9)


def test_what_stands_for_its_free_energy_is_that_of_stepped_units() -> None:
    stepped, rectified = stepped_rbm(), stepped_rbm(hidden="relu")
    torch.testing.assert_close(rectified.free_energy(states(5)), stepped.free_energy(states(5)))


def test_a_draw_of_a_mean_has_it() -> None:
    units, generator = Rectified(), torch.Generator().manual_seed(4)
    wanted = torch.tensor([[0.05, 0.7, 3.0, 41.0]]).double().expand(CHAINS, -1)
    drawn = units.sample(wanted, generator)
    assert ((drawn.mean(0) - wanted[0]).abs() / (drawn.std(0) / CHAINS**0.5)).max() < 4.5


def test_a_classifier_begins_with_its_means_as_features() -> None:
    dbn = DBN([7, 5], hidden="relu", generator=torch.Generator().manual_seed(1))
    dbn.layers[0].h_bias.fill_(2.0)
    v = torch.rand(3, 7, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(FineTuner(dbn, 3).features(v), dbn.up(v))
    assert dbn.up(v).min() > 1


def test_likelihoods_and_what_stands_on_them_are_refused_with_a_sentence() -> None:
    rbm = stepped_rbm(hidden="relu")
    v = states(5)
    no_likelihood = "An RBM with relu units has no likelihood"
    for attempt in (
        lambda: exact_log_partition(rbm),
        lambda: annealed_importance_sampling(rbm, 3, 10),
        lambda: reverse_annealed_importance_sampling(rbm, v, 10),
        lambda: dbn_log_likelihood_bound(DBN.of([rbm]), v, 0.0),
        lambda: Replicas.start(rbm, rbm.v_bias, 3, 5),
    ):
        with pytest.raises(LikelihoodError, match=no_likelihood):
            attempt()
    with pytest.raises(ModelError, match="have no energy; choose hidden = stepped"):
        rbm.energy(v[:2], torch.ones(2, 2).double())


def test_networks_that_cannot_have_them_are_refused_with_a_sentence() -> None:
    refused = {
        "cannot take for probabilities; give one layer, or choose hidden = bernoulli": lambda: DBN(
            [7, 5, 3], hidden="relu"
        ),
        "read off free energies, which relu hidden units do not have": lambda: DBN([7, 5], 3, hidden="relu"),
        "relu hidden units cannot feed bernoulli visible ones": lambda: DBN.of([RBM(7, 5, hidden="relu"), RBM(5, 3)]),
        "for binary units, and this DBN has relu ones": lambda: UntiedDBN(DBN([7, 5], hidden="relu")),
    }
    for sentence, attempt in refused.items():
        with pytest.raises(ModelError, match=sentence):
            attempt()
    assert DBN.of([RBM(7, 5, hidden="relu"), RBM(5, 3, "gaussian")]).sizes == (7, 5, 3)


def test_a_z_that_need_not_be_finite_is_refused_also_for_stepped_units() -> None:
    rbm = RBM(7, 5, "gaussian", "stepped")
    with pytest.raises(LikelihoodError, match="need not have a finite Z") as caught:
        annealed_importance_sampling(rbm, 3, 10)
    assert isinstance(caught.value, LabError)
