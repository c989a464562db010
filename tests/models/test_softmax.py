"""Softmax visible units: categories by groups, against enumeration in float64."""

import itertools
import math

import pytest
import torch
from torch import Tensor

from dbn_core.likelihood import exact_log_partition, log_likelihood
from dbn_core.models import RBM
from dbn_core.models.units import Softmax
from dbn_core.training.rules.gradients import contrastive_phases, persistent_phases
from tests.exact import drift, index_of, states
from tests.models.gradients import ascend_by_cd, prove_autograd_and_closed_form, prove_mean_of_cd_tends_to

CATEGORIES = 3
GROUPS = 2
CHAINS = 40_009


def softmax_rbm(groups: int = GROUPS, hidden: int = 5, scale: float = 0.8) -> RBM:
    """Weights and biases far from zero."""
    generator = torch.Generator().manual_seed(7)
    rbm = RBM(groups * CATEGORIES, hidden, "softmax", categories=CATEGORIES, generator=generator, dtype=torch.float64)
    for parameter in rbm.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * scale)
    return rbm


def one_hot_states(groups: int = GROUPS) -> Tensor:
    """Every choice of one category in each group, (3^groups, 3 groups)."""
    rows = torch.eye(CATEGORIES, dtype=torch.float64)
    return torch.stack([torch.cat(choice) for choice in itertools.product(rows, repeat=groups)])


def joint_energy(rbm: RBM, v: Tensor, h: Tensor) -> Tensor:
    """-b.v - c.h - h W v of every pair, written out."""
    return -(v @ rbm.v_bias)[:, None] - (h @ rbm.h_bias)[None, :] - v @ rbm.W.t() @ h.t()


def test_conditionals_free_energy_and_partition_are_those_of_a_joint_with_one_category_a_group() -> None:
    rbm, v, h = softmax_rbm(), one_hot_states(), states(5)
    energy = joint_energy(rbm, v, h)
    torch.testing.assert_close(rbm.energy(v[[5]].expand(len(h), -1), h), energy[5], rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(rbm.free_energy(v), -torch.logsumexp(-energy, 1), rtol=1e-12, atol=1e-12)
    joint = torch.softmax(-energy.flatten(), 0).view_as(energy)
    torch.testing.assert_close(rbm.visible_mean(h), (joint.t() @ v) / joint.sum(0)[:, None], rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(rbm.hidden_mean(v), (joint @ h) / joint.sum(1, keepdim=True), rtol=1e-10, atol=1e-12)
    by_hidden = torch.logsumexp(h @ rbm.h_bias + rbm.visible_units.log_partition(rbm.visible_field(h)), 0)
    torch.testing.assert_close(by_hidden, torch.logsumexp(-energy.flatten(), 0), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("groups", "hidden", "side"), [(2, 7, "visible"), (5, 3, "hidden")])
def test_log_z_is_exact_from_whichever_side_has_fewer_states(groups: int, hidden: int, side: str) -> None:
    from dbn_core.likelihood.exact import smaller_side

    rbm = softmax_rbm(groups, hidden)
    smaller = smaller_side(rbm)
    assert smaller is not None
    assert (smaller.name, smaller.states) == (side, CATEGORIES**2 if side == "visible" else 2**3)
    energy = joint_energy(rbm, one_hot_states(groups), states(hidden))
    assert exact_log_partition(rbm) == pytest.approx(torch.logsumexp(-energy.flatten(), 0).item(), rel=1e-12)
    log_z = exact_log_partition(rbm)
    total = sum(math.exp(log_likelihood(rbm, row[None], log_z)) for row in one_hot_states(groups))
    assert total == pytest.approx(1.0, rel=1e-12)


def test_every_state_is_counted_once() -> None:
    units = Softmax(CATEGORIES)
    states = units.states(4 * CATEGORIES, torch.arange(CATEGORIES**4))
    assert units.count_states(4 * CATEGORIES) == len(states) == CATEGORIES**4
    assert {tuple(row) for row in states.tolist()} == {tuple(row) for row in one_hot_states(4).tolist()}


def exact_gradient(rbm: RBM, data: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """d/d(W, b, c) of the mean log p of the rows of `data`, both expectations by enumeration."""
    v, h = one_hot_states(rbm.n_visible // CATEGORIES), states(rbm.n_hidden)
    energy = joint_energy(rbm, v, h)
    difference = -torch.softmax(-energy.flatten(), 0).view_as(energy)
    difference.index_add_(0, index_of(data, v), torch.softmax(-joint_energy(rbm, data, h), 1) / len(data))
    return h.t() @ difference.t() @ v, difference.sum(1) @ v, difference.sum(0) @ h


def cases(rbm: RBM, rows: int) -> Tensor:
    every = one_hot_states(rbm.n_visible // CATEGORIES)
    return every[torch.randint(0, len(every), (rows,), generator=torch.Generator().manual_seed(3))]


def test_gradient_by_enumeration_by_autograd_and_in_closed_form_agree() -> None:
    rbm = softmax_rbm()
    data = cases(rbm, 13)
    prove_autograd_and_closed_form(rbm, data, one_hot_states(), exact_gradient(rbm, data))


def test_mean_of_cd_k_tends_to_the_exact_gradient_as_k_grows() -> None:
    rbm = softmax_rbm(scale=1.1)
    data = cases(rbm, 13)
    prove_mean_of_cd_tends_to(exact_gradient(rbm, data), rbm, data)


def test_chains_stay_at_the_models_distribution() -> None:
    rbm, every = softmax_rbm(), one_hot_states()
    p = torch.softmax(torch.logsumexp(-joint_energy(rbm, every, states(5)), 1), 0)
    generator = torch.Generator().manual_seed(3)
    start = every[torch.multinomial(p, CHAINS, replacement=True, generator=generator)]
    chains = start.clone()
    persistent_phases(rbm, start[:11], chains, 3, generator=generator)
    sampled = contrastive_phases(rbm, start, 3, visible_samples=True, generator=generator).v_model
    for end in (chains, sampled):
        assert not torch.equal(end, start)
        assert drift(index_of(end, every), p) < 4.5


def test_samples_have_one_category_in_each_group_in_its_proportion() -> None:
    rbm = softmax_rbm()
    h = states(5)[17].expand(CHAINS, -1)
    mean, sample = rbm.sample_v(h, torch.Generator().manual_seed(1))
    assert torch.equal(sample.view(-1, GROUPS, CATEGORIES).sum(2), torch.ones(CHAINS, GROUPS, dtype=torch.float64))
    sigma = (mean[0] * (1 - mean[0]) / CHAINS).sqrt()
    assert ((sample.mean(0) - mean[0]).abs() / sigma).max() < 4.5
    # Groups are drawn apart: in the field of one h no category says anything about another group's.
    together = sample[:, :CATEGORIES].t() @ sample[:, CATEGORIES:] / CHAINS
    expected = torch.outer(mean[0, :CATEGORIES], mean[0, CATEGORIES:])
    assert ((together - expected).abs() / (expected * (1 - expected) / CHAINS).sqrt()).max() < 4.5


def test_a_starting_bias_gives_the_frequencies_back_and_a_category_never_seen_keeps_a_finite_one() -> None:
    units = Softmax(CATEGORIES)
    seen = torch.tensor([0.2, 0.5, 0.3, 0.0, 0.4, 0.6], dtype=torch.float64)
    bias = units.bias_for(seen)
    assert torch.isfinite(bias).all()
    torch.testing.assert_close(units.mean(bias[None])[0], seen, rtol=2e-3, atol=2e-3)
    data = torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0]]).double()
    smoothed = torch.tensor([2 / 7, 4 / 7, 1 / 7], dtype=torch.float64)
    torch.testing.assert_close(units.mean(units.base_rates(data)[None])[0], smoothed)


def test_only_rows_with_one_category_in_each_group_are_states() -> None:
    units = Softmax(CATEGORIES)
    assert units.why_not(one_hot_states()) == ""
    for wrong in ([1, 0, 0, 1, 1, 0], [1, 0, 0, 0, 0, 0], [1, 0, 0, 0.5, 0.5, 0]):
        assert "exactly one 1 among each 3 numbers" in units.why_not(torch.tensor([wrong]).double())
    whole, cut = torch.tensor([True] * 3 + [False] * 3), torch.tensor([True] * 2 + [False] * 4)
    assert not units.divides(whole)
    assert units.divides(cut)


def test_two_patterns_of_ratings_are_learnt() -> None:
    generator = torch.Generator().manual_seed(5)
    patterns = torch.tensor([[0, 2, 1, 0, 2], [2, 0, 0, 1, 1]])
    ratings = patterns[torch.randint(0, 2, (199,), generator=generator)]
    data = torch.nn.functional.one_hot(ratings, CATEGORIES).flatten(1).double()
    rbm = RBM(15, 3, "softmax", categories=CATEGORIES, generator=generator, dtype=torch.float64)
    rbm.v_bias.copy_(rbm.visible_units.bias_for(data.mean(0)))
    start = log_likelihood(rbm, data, exact_log_partition(rbm))
    ascend_by_cd(rbm, data, 600, 0.2, generator)
    end = log_likelihood(rbm, data, exact_log_partition(rbm))
    # Each rating alone has log 2 nats to say, five of them 3.47; the best there is for all together is log 2.
    assert start < -3.4
    assert end > -1.0
