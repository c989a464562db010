"""Gaussian visible units against integrals on a grid and autograd."""

import math

import pytest
import torch

from dbn_core.likelihood import exact_log_partition, log_likelihood
from dbn_core.models import RBM
from dbn_core.models.units import Gaussian
from dbn_core.training.rules.gradients import contrastive_phases, persistent_phases
from tests.exact import states
from tests.models.gradients import ascend_by_cd


def gaussian_rbm(n_visible: int = 2, n_hidden: int = 5) -> RBM:
    """Weights, biases and deviations far from zero and one."""
    generator = torch.Generator().manual_seed(7)
    rbm = RBM(n_visible, n_hidden, visible="gaussian", generator=generator, dtype=torch.float64)
    for parameter in rbm.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * 0.6)
    return rbm


def grid(step: float = 0.05, end: float = 12.0) -> torch.Tensor:
    axis = torch.arange(-end, end + step / 2, step, dtype=torch.float64)
    return torch.cartesian_prod(axis, axis)


def test_exact_log_partition_is_the_integral_of_the_density() -> None:
    rbm = gaussian_rbm()
    integral = torch.logsumexp(-rbm.free_energy(grid()), 0) + 2 * math.log(0.05)
    assert exact_log_partition(rbm) == pytest.approx(integral.item(), abs=1e-9)


def test_energy_is_the_written_formula_and_the_conditionals_follow_from_it() -> None:
    rbm = gaussian_rbm()
    units = rbm.visible_units
    assert isinstance(units, Gaussian)
    s2 = units.log_variance.exp()
    v, h = torch.tensor([[0.3, -1.2]], dtype=torch.float64), states(5)[13:14]
    expected = ((v - rbm.v_bias) ** 2 / (2 * s2)).sum() - rbm.h_bias @ h[0] - h[0] @ rbm.W @ (v[0] / s2)
    torch.testing.assert_close(rbm.energy(v, h)[0], expected)
    points = grid()
    weight = torch.softmax(-rbm.energy(points, h.expand(len(points), -1)), 0)
    torch.testing.assert_close(weight @ points, rbm.visible_mean(h)[0], rtol=1e-6, atol=1e-8)
    variance = weight @ (points - rbm.visible_mean(h)).square()
    torch.testing.assert_close(variance, s2, rtol=1e-5, atol=1e-8)
    energies = rbm.energy(v.expand(32, -1), states(5))
    torch.testing.assert_close(torch.softmax(-energies, 0) @ states(5), rbm.hidden_mean(v)[0])


def test_phases_give_the_gradient_of_the_log_likelihood_also_for_the_deviations() -> None:
    rbm = gaussian_rbm()
    generator = torch.Generator().manual_seed(2)
    data = torch.randn(13, 2, generator=generator, dtype=torch.float64)
    units = rbm.visible_units
    assert isinstance(units, Gaussian)
    parameters = [rbm.W, rbm.v_bias, rbm.h_bias, units.log_variance]
    points = grid()
    for parameter in parameters:
        parameter.requires_grad_(True)
    log_z = torch.logsumexp(-rbm.free_energy(points), 0)
    (-rbm.free_energy(data).mean() - log_z).backward()
    truth = [parameter.grad for parameter in parameters]
    with torch.no_grad():
        p = torch.softmax(-rbm.free_energy(points), 0)
        coupled, h = rbm.visible_units.coupling(points), rbm.hidden_mean(points)
        data_h, data_v = rbm.hidden_mean(data), rbm.visible_units.coupling(data)
        weights = data_h.t() @ data_v / 13 - (h * p[:, None]).t() @ coupled
        statistic = units.variance_statistic(data, rbm.v_bias, data_h @ rbm.W)
        energy = (points - rbm.v_bias).square() / 2 - points * (h @ rbm.W)
        deviations = statistic - p @ (energy * units.precision)
        formulas = [weights, data_v.mean(0) - p @ coupled, data_h.mean(0) - p @ h, deviations]
    for formula, graph in zip(formulas, truth, strict=True):
        torch.testing.assert_close(formula, graph, rtol=1e-7, atol=1e-8)


def test_chains_stay_at_the_models_distribution() -> None:
    rbm = gaussian_rbm()
    generator = torch.Generator().manual_seed(3)
    h_weights = torch.softmax(states(5) @ rbm.h_bias + rbm.visible_units.log_partition(rbm.visible_field(states(5))), 0)
    h = states(5)[torch.multinomial(h_weights, 40_009, replacement=True, generator=generator)]
    start = rbm.sample_v(h, generator)[1]
    chains = start.clone()
    persistent_phases(rbm, start[:11], chains, 3, generator=generator)
    end = contrastive_phases(rbm, start, 2, visible_samples=True, generator=generator).v_model
    end = end / rbm.visible_units.coupling(torch.ones(1, 2, dtype=torch.float64))
    for after in (chains, end):
        for moment in (1, 2):
            one, other = start**moment, after**moment
            spread = (one.var(0) / len(one) + other.var(0) / len(one)).sqrt()
            assert ((one.mean(0) - other.mean(0)).abs() / spread).max() < 4.5


def test_training_finds_the_two_clusters_of_a_mixture() -> None:
    generator = torch.Generator().manual_seed(4)
    sign = (torch.rand(2000, 1, generator=generator) < 0.5).double() * 2 - 1
    data = sign * torch.tensor([[2.0, -1.0]]).double() + torch.randn(2000, 2, generator=generator).double()
    rbm = RBM(2, 3, visible="gaussian", generator=generator, dtype=torch.float64)
    start = log_likelihood(rbm, data, exact_log_partition(rbm))
    ascend_by_cd(rbm, data, 1500, 0.03, generator)
    end = log_likelihood(rbm, data, exact_log_partition(rbm))
    best_single = -0.5 * (2 * math.log(2 * math.pi * math.e) + torch.logdet(torch.cov(data.t())).item())
    assert end > start + 1
    assert end > best_single + 0.1  # better than any single Gaussian: it has found two clusters
