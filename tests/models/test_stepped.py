"""Stepped sigmoid hidden units: infinitely many tied binary copies, against a binary RBM of many copies, in float64."""

import itertools

import pytest
import torch
from torch import Tensor

from dbn_core.errors import LikelihoodError
from dbn_core.likelihood import exact_log_partition, log_likelihood
from dbn_core.likelihood.exact import smaller_side
from dbn_core.models import RBM
from dbn_core.models.units import Stepped
from dbn_core.training.rules.gradients import contrastive_phases, persistent_phases
from tests.exact import bars_and_stripes, drift, index_of, states
from tests.models.gradients import prove_autograd_and_closed_form, prove_mean_of_cd_tends_to

COPIES = 60
MOST = 23  # states of a unit that are enumerated; more have no weight at the fields of these tests
CHAINS = 40_009
FIELDS = torch.linspace(-30, 30, 1201, dtype=torch.float64)[:, None]


def stepped_rbm(n_visible: int = 5, n_hidden: int = 2, *, scale: float = 0.9, hidden: str = "stepped") -> RBM:
    """Weights and biases far from zero."""
    generator = torch.Generator().manual_seed(11)
    rbm = RBM(n_visible, n_hidden, hidden=hidden, generator=generator, dtype=torch.float64)
    for parameter in rbm.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * scale)
    return rbm


def of_copies(rbm: RBM) -> RBM:
    """The binary RBM that stands behind: COPIES copies of each hidden unit, with biases c - 1/2, c - 3/2, ..."""
    steps = 0.5 - torch.arange(1, COPIES + 1, dtype=torch.float64)
    binary = RBM(rbm.n_visible, rbm.n_hidden * COPIES, dtype=torch.float64)
    binary.W.copy_(rbm.W.repeat_interleave(COPIES, 0))
    binary.v_bias.copy_(rbm.v_bias)
    binary.h_bias.copy_((rbm.h_bias[:, None] + steps).flatten())
    return binary


def copies(field: Tensor) -> Tensor:
    """Fields of the copies of one unit, (..., copies)."""
    return field - torch.arange(1, COPIES + 1, dtype=torch.float64) + 0.5


def log_sum_of_copies(field: Tensor) -> Tensor:
    """Sum of log(1 + e^f), written out: `softplus` is rounded off from 20 on."""
    return torch.logaddexp(copies(field), torch.zeros(1, dtype=torch.float64)).sum(-1)


def numbers(n_hidden: int) -> Tensor:
    """Every state of the hidden units up to MOST."""
    return torch.tensor(list(itertools.product(range(MOST + 1), repeat=n_hidden)), dtype=torch.float64)


def joint_energy(rbm: RBM, v: Tensor) -> Tensor:
    """E(v, x) of every pair: -b.v - c.x - x W v + sum_j x_j^2 / 2 + sum_(i <= x_j) log(1 - e^-i), written out."""
    steps = torch.cumsum(torch.log(1 - torch.exp(-torch.arange(1.0, MOST + 1).double())), 0)
    own = torch.arange(MOST + 1).double().square() / 2 + torch.cat([torch.zeros(1).double(), steps])
    x = numbers(rbm.n_hidden)
    alone = own[x.long()].sum(1) - x @ rbm.h_bias
    return -(v @ rbm.v_bias)[:, None] + alone[None, :] - v @ rbm.W.t() @ x.t()


def cases(rbm: RBM, rows: int = 13) -> Tensor:
    return (torch.rand(rows, rbm.n_visible, generator=torch.Generator().manual_seed(3)) < 0.4).double()


def test_partition_mean_and_variance_are_sums_over_the_copies_at_any_field() -> None:
    units, field = Stepped(), FIELDS.clone().requires_grad_(True)
    on = torch.sigmoid(copies(FIELDS))
    torch.testing.assert_close(units.log_partition(FIELDS), log_sum_of_copies(FIELDS), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(units.mean(FIELDS)[:, 0], on.sum(1), rtol=1e-12, atol=1e-12)
    (slope,) = torch.autograd.grad(units.log_partition(field).sum(), field)
    torch.testing.assert_close(slope[:, 0], on.sum(1), rtol=1e-12, atol=1e-12)
    (variance,) = torch.autograd.grad(units.mean(field).sum(), field)
    torch.testing.assert_close(variance[:, 0], (on * (1 - on)).sum(1), rtol=1e-10, atol=1e-10)
    none = torch.exp(-log_sum_of_copies(FIELDS))
    torch.testing.assert_close(units.on(FIELDS, FIELDS)[:, 0], 1 - none, rtol=1e-10, atol=1e-13)


def test_mean_and_variance_are_softplus_and_sigmoid_to_within_what_is_said() -> None:
    field = FIELDS.clone().requires_grad_(True)
    mean = Stepped().mean(field)
    (variance,) = torch.autograd.grad(mean.sum(), field)
    missing = torch.logaddexp(FIELDS, torch.zeros(1).double()) - mean
    assert missing.min() > -1e-7
    assert 0.01 < missing.max() < 0.011
    assert (variance - torch.sigmoid(FIELDS)).abs().max() < 0.005


def test_the_states_have_the_probabilities_of_numbers_of_copies() -> None:
    # Of 13 copies alone, so that all 8,192 choices can be counted.
    units, few = Stepped(), 13
    field = -1.0
    choice = states(few)
    logits = field - torch.arange(1, few + 1).double() + 0.5
    log_weight = choice @ logits
    by_number = torch.stack([torch.logsumexp(log_weight[choice.sum(1) == x], 0) for x in range(5)])
    x = torch.arange(5.0).double()[:, None]
    own = units.energy(x, torch.tensor([field]).double())
    torch.testing.assert_close(-own - by_number, torch.zeros(5).double(), rtol=0, atol=2e-4)


def test_energy_is_the_written_formula_and_free_energy_its_sum_over_whole_numbers() -> None:
    rbm, v = stepped_rbm(), states(5)
    expected, x = joint_energy(rbm, v), numbers(2)
    torch.testing.assert_close(rbm.energy(v[[19]].expand(len(x), -1), x), expected[19], rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(rbm.free_energy(v), -torch.logsumexp(-expected, 1), rtol=1e-12, atol=1e-12)


def test_it_is_the_binary_rbm_of_its_copies() -> None:
    rbm, v = stepped_rbm(), states(5)
    binary = of_copies(rbm)
    torch.testing.assert_close(rbm.free_energy(v), binary.free_energy(v), rtol=1e-10, atol=1e-10)
    on = binary.hidden_mean(v).view(len(v), 2, COPIES).sum(2)
    torch.testing.assert_close(rbm.hidden_mean(v), on, rtol=1e-10, atol=1e-10)
    # Visible units see of the copies only how many are on.
    h = (torch.rand(7, 2 * COPIES, generator=torch.Generator().manual_seed(1)) < 0.1).double()
    torch.testing.assert_close(binary.visible_mean(h), rbm.visible_mean(h.view(7, 2, COPIES).sum(2)))


def test_log_z_is_exact_by_the_visible_side_and_by_that_of_the_copies() -> None:
    rbm = stepped_rbm()
    truth = torch.logsumexp(-joint_energy(rbm, states(5)).flatten(), 0).item()
    side = smaller_side(rbm)
    assert side is not None
    assert (side.name, side.states, side.alone) == ("visible", 32, True)
    assert exact_log_partition(rbm) == pytest.approx(truth, rel=1e-12)
    assert exact_log_partition(of_copies(rbm)) == pytest.approx(truth, rel=1e-10)
    with pytest.raises(LikelihoodError, match="its visible side may have at most 20 binary units"):
        exact_log_partition(RBM(23, 2, hidden="stepped"))


def exact_gradient(rbm: RBM, data: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """d/d(W, b, c) of the mean log p of the rows, both expectations by enumeration of states and whole numbers."""
    v, x = states(rbm.n_visible), numbers(rbm.n_hidden)
    joint = torch.softmax(-joint_energy(rbm, v).flatten(), 0).view(len(v), len(x))
    posterior = torch.softmax(-joint_energy(rbm, data), 1) / len(data)
    dw = (posterior @ x).t() @ data - (joint @ x).t() @ v
    return dw, data.mean(0) - joint.sum(1) @ v, posterior.sum(0) @ x - joint.sum(0) @ x


def test_gradient_by_enumeration_by_autograd_and_in_closed_form_agree() -> None:
    rbm = stepped_rbm()
    data = cases(rbm)
    prove_autograd_and_closed_form(rbm, data, states(5), exact_gradient(rbm, data))


def test_mean_of_cd_k_tends_to_the_exact_gradient_as_k_grows() -> None:
    rbm = stepped_rbm()
    rbm.h_bias.add_(3.0)
    data = cases(rbm)
    prove_mean_of_cd_tends_to(exact_gradient(rbm, data), rbm, data)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("temperature", [1.0, 0.4, 3.0])
def test_draws_are_whole_numbers_in_their_proportions(dtype: torch.dtype, temperature: float) -> None:
    units, generator = Stepped(), torch.Generator().manual_seed(2)
    for field in (-2.0, -0.3, 0.0, 0.5, 3.7, 9.2):
        rows = torch.full((CHAINS, 1), field, dtype=dtype)
        if temperature == 1:
            mean, drawn = units.draw(rows.clone(), generator)
        else:
            mean, drawn = units.sample_tempered(rows, temperature, generator)
        chance = torch.sigmoid(copies(torch.tensor(field).double()) / temperature)
        p = torch.ones(1).double()
        for on in chance:  # how many of them are on, copy after copy
            p = torch.cat([p * (1 - on), torch.zeros(1).double()]) + torch.cat([torch.zeros(1).double(), p * on])
        assert mean[0, 0].item() == pytest.approx(chance.sum().item(), abs=2e-5)
        frequency = torch.bincount(drawn[:, 0].long(), minlength=len(p)).double() / CHAINS
        expected = p * CHAINS > 5
        sigma = (p * (1 - p) / CHAINS).sqrt()
        assert ((frequency - p).abs() / sigma)[expected].max() < 4.5
        assert frequency[~expected].sum() < 40 / CHAINS


def test_chains_stay_at_the_models_distribution_of_both_sides() -> None:
    rbm = stepped_rbm()
    joint = torch.softmax(-joint_energy(rbm, states(5)).flatten(), 0).view(32, -1)
    p, generator = joint.sum(1), torch.Generator().manual_seed(3)
    start = states(5)[torch.multinomial(p, CHAINS, replacement=True, generator=generator)]
    chains = start.clone()
    persistent_phases(rbm, start[:11], chains, 3, generator=generator)
    state = rbm.gibbs(rbm.sample_h(start, generator)[1], 3, generator)
    sampled = contrastive_phases(rbm, start, 3, visible_samples=True, generator=generator).v_model
    for end in (chains, state.v, sampled):
        assert not torch.equal(end, start)
        assert drift(index_of(end, states(5)), p) < 4.5
    hidden = joint.sum(0) @ torch.stack([numbers(2), numbers(2).square()], 1).flatten(1)
    moments = torch.stack([state.h, state.h.square()], 1).flatten(1)
    assert ((moments.mean(0) - hidden).abs() / (moments.std(0) / CHAINS**0.5)).max() < 4.5


def test_a_draw_of_a_mean_has_it() -> None:
    units, generator = Stepped(), torch.Generator().manual_seed(4)
    wanted = torch.tensor([[0.05, 0.7, 3.0, 41.0]]).double().expand(CHAINS, -1)
    drawn = units.sample(wanted, generator)
    assert ((drawn.mean(0) - wanted[0]).abs() / (drawn.std(0) / CHAINS**0.5)).max() < 4.5
    bias = units.bias_for(wanted[0])
    torch.testing.assert_close(units.mean(bias[None])[0], wanted[0], rtol=1e-9, atol=1e-9)


def test_bars_and_stripes_are_learnt_to_near_their_entropy_by_few_stepped_units() -> None:
    data, every = bars_and_stripes().double(), states(9)
    rbm = RBM(9, 7, hidden="stepped", generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    descent = torch.optim.Adam(rbm.requires_grad_(True).parameters(), lr=0.05)
    for _ in range(400):
        descent.zero_grad()
        (rbm.free_energy(data).mean() + torch.logsumexp(-rbm.free_energy(every), 0)).backward()
        descent.step()
    rbm.requires_grad_(False)
    # The entropy is log 14 = 2.639 nats; the uniform distribution has -6.24.
    assert -2.8 < log_likelihood(rbm, data, exact_log_partition(rbm)) < -2.639
