"""The formulas of an RBM against enumeration, in float64."""

import pytest
import torch

from dbn_core.models import RBM
from dbn_core.training.rules.gradients import Offsets, Phases, contrastive_divergence
from tests.exact import (
    exact_gradient,
    joint_energy,
    log_partition,
    small_rbm,
    states,
)
from tests.models.gradients import prove_autograd_and_closed_form, prove_mean_of_cd_tends_to


def data(rbm: RBM, rows: int = 13) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    return (torch.rand(rows, rbm.n_visible, generator=generator) < 0.4).double()


def test_energy_of_every_pair_is_the_written_formula() -> None:
    rbm = small_rbm()
    v, h = states(7), states(5)
    expected = joint_energy(rbm)
    for row in (0, 17, 64, 127):
        pairs = rbm.energy(v[row].expand(len(h), -1), h)
        torch.testing.assert_close(pairs, expected[row], rtol=1e-12, atol=1e-12)


def test_free_energy_is_minus_the_log_sum_over_hidden_states() -> None:
    rbm = small_rbm()
    expected = -torch.logsumexp(-joint_energy(rbm), dim=1)
    torch.testing.assert_close(rbm.free_energy(states(7)), expected, rtol=1e-12, atol=1e-12)


def test_partition_function_is_the_same_summed_over_either_side() -> None:
    rbm = small_rbm()
    by_visible = torch.logsumexp(-rbm.free_energy(states(7)), 0)
    hidden_free_energy = -(states(5) @ rbm.h_bias) - rbm.visible_units.log_partition(rbm.visible_field(states(5)))
    by_hidden = torch.logsumexp(-hidden_free_energy, 0)
    torch.testing.assert_close(by_visible, log_partition(rbm), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(by_hidden, log_partition(rbm), rtol=1e-12, atol=1e-12)


def test_conditionals_are_those_of_the_joint_distribution() -> None:
    rbm = small_rbm()
    joint = torch.exp(-joint_energy(rbm))
    hidden = (joint @ states(5)) / joint.sum(1, keepdim=True)
    visible = (joint.t() @ states(7)) / joint.sum(0)[:, None]
    torch.testing.assert_close(rbm.hidden_mean(states(7)), hidden, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(rbm.visible_mean(states(5)), visible, rtol=1e-12, atol=1e-12)


def test_gradient_by_enumeration_by_autograd_and_in_closed_form_agree() -> None:
    rbm = small_rbm()
    v = data(rbm)
    prove_autograd_and_closed_form(rbm, v, states(7), exact_gradient(rbm, v))


def test_mean_of_cd_k_tends_to_the_exact_gradient_as_k_grows() -> None:
    rbm = small_rbm(scale=0.9)
    v = data(rbm)
    prove_mean_of_cd_tends_to(exact_gradient(rbm, v), rbm, v)


def test_hidden_biases_learn_with_one_step() -> None:
    # Pairing h of step k-1 with v of step k makes this gradient vanish for k = 1: the best known bug of RBM code.
    rbm = small_rbm()
    v = data(rbm, 997)
    gradient = contrastive_divergence(rbm, v, 1, generator=torch.Generator().manual_seed(1))
    assert gradient.h_bias.abs().min() > 1e-3


def test_centred_gradient_is_the_plain_one_of_the_reparameterised_model() -> None:
    """E = -(v-m).b' - (h-l).c' - (h-l) W (v-m): a step on (W, b', c') is the centred step on (W, b, c)."""
    rbm = small_rbm()
    v = data(rbm)
    generator = torch.Generator().manual_seed(8)
    m, hidden_offset = torch.rand(7, generator=generator).double(), torch.rand(5, generator=generator).double()
    model = (torch.rand(17, 7, generator=generator) < 0.5).double()
    phases = Phases(v, rbm.hidden_mean(v), model, rbm.hidden_mean(model))
    step = phases.gradient(Offsets(m, hidden_offset))

    w = rbm.W.detach().clone().requires_grad_(True)
    b = (rbm.v_bias + rbm.W.t() @ hidden_offset).detach().requires_grad_(True)
    c = (rbm.h_bias + rbm.W @ m).detach().requires_grad_(True)

    def centred_free_energy(x: torch.Tensor) -> torch.Tensor:
        field = (x - m) @ w.t() + c
        return -((x - m) @ b) + field @ hidden_offset - torch.nn.functional.softplus(field).sum(1)

    objective = -centred_free_energy(v).mean() + centred_free_energy(model).mean()
    dw, db, dc = torch.autograd.grad(objective, (w, b, c))
    # Back to ordinary parameters: b = b' - W^T l, c = c' - W m; first order in the step.
    torch.testing.assert_close(step.W, dw, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(step.v_bias, db - dw.t() @ hidden_offset, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(step.h_bias, dc - dw @ m, rtol=1e-10, atol=1e-10)


def test_gradient_of_a_batch_is_the_weighted_mean_of_its_parts() -> None:
    # A partial batch is unbiased: gradients are per example and divided by the number of examples exactly once.
    rbm = small_rbm()
    v = data(rbm, 13)
    chains = data(rbm, 11)

    def gradient(rows: torch.Tensor) -> torch.Tensor:
        return Phases(rows, rbm.hidden_mean(rows), chains, rbm.hidden_mean(chains)).gradient().W

    parts = (10 * gradient(v[:10]) + 3 * gradient(v[10:])) / 13
    torch.testing.assert_close(gradient(v), parts, rtol=1e-12, atol=1e-12)


def test_starting_bias_reproduces_the_mean_of_the_data_and_stays_finite_for_black_pixels() -> None:
    rbm = small_rbm()
    mean = torch.tensor([0.0, 1.0, 0.3], dtype=torch.float64)
    bias = rbm.visible_units.bias_for(mean)
    assert torch.isfinite(bias).all()
    assert torch.sigmoid(bias)[2].item() == pytest.approx(0.3)
    assert torch.sigmoid(bias)[0].item() == pytest.approx(1e-3)
