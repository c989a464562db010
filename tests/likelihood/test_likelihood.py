"""Likelihoods against enumeration, on random models and on sharp trained ones."""

import math

import pytest
import torch

from dbn_core.errors import LikelihoodError
from dbn_core.likelihood import (
    annealed_importance_sampling,
    base_rates,
    dbn_log_likelihood_bound,
    exact_log_partition,
    log_likelihood,
    reverse_annealed_importance_sampling,
)
from dbn_core.models import DBN, RBM
from tests.exact import ascend_exactly, bars_and_stripes, log_partition, small_rbm, states, visible_distribution


def exact_samples(rbm: RBM, count: int) -> torch.Tensor:
    p = visible_distribution(rbm)
    index = torch.multinomial(p, count, replacement=True, generator=torch.Generator().manual_seed(4))
    return states(rbm.n_visible)[index]


@pytest.fixture(scope="module")
def sharp_rbm() -> RBM:
    """Trained on bars and stripes until nearly all its mass lies on 14 of 512 states."""
    rbm = RBM(9, 11, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    ascend_exactly(rbm, bars_and_stripes().double(), 1500)
    assert rbm.W.abs().max() > 3
    return rbm


@pytest.mark.parametrize(("visible", "hidden"), [(7, 5), (5, 7), (3, 13)])
def test_exact_log_partition_is_the_sum_over_all_states_whichever_side_is_smaller(visible: int, hidden: int) -> None:
    rbm = small_rbm(visible, hidden)
    assert exact_log_partition(rbm) == pytest.approx(log_partition(rbm).item(), rel=1e-12)


def test_exact_log_likelihood_sums_to_one_over_all_images() -> None:
    rbm = small_rbm()
    log_z = exact_log_partition(rbm)
    total = sum(math.exp(log_likelihood(rbm, state[None], log_z)) for state in states(7))
    assert total == pytest.approx(1.0, rel=1e-12)


def test_models_too_large_to_enumerate_are_refused_with_the_way_out() -> None:
    with pytest.raises(LikelihoodError, match="Use annealed importance sampling"):
        exact_log_partition(RBM(23, 29))


@pytest.mark.parametrize("scale", [0.6, 1.5])
def test_forward_and_reverse_bracket_the_truth_of_a_random_model(scale: float) -> None:
    rbm = small_rbm(scale=scale)
    truth = log_partition(rbm).item()
    generator = torch.Generator().manual_seed(2)
    below = annealed_importance_sampling(rbm, 500, 300, generator=generator)
    above = reverse_annealed_importance_sampling(rbm, exact_samples(rbm, 500), 300, generator=generator)
    assert below.low - 1e-9 <= truth <= below.high
    assert above.low <= truth <= above.high + 1e-9
    assert below.log_partition == pytest.approx(truth, abs=0.05)
    assert above.log_partition == pytest.approx(truth, abs=0.05)


def test_forward_and_reverse_bracket_the_truth_of_a_sharp_trained_model(sharp_rbm: RBM) -> None:
    truth = log_partition(sharp_rbm).item()
    generator = torch.Generator().manual_seed(2)
    base = base_rates(bars_and_stripes())
    below = annealed_importance_sampling(sharp_rbm, 500, 2000, base, generator)
    samples = exact_samples(sharp_rbm, 500)
    above = reverse_annealed_importance_sampling(sharp_rbm, samples, 2000, base, generator, burn_in=0)
    assert below.low <= truth <= above.high
    assert above.log_partition - below.log_partition < 0.3


def test_the_bracket_shrinks_with_more_temperatures(sharp_rbm: RBM) -> None:
    def width(temperatures: int) -> float:
        generator = torch.Generator().manual_seed(5)
        below = annealed_importance_sampling(sharp_rbm, 300, temperatures, generator=generator)
        samples = exact_samples(sharp_rbm, 300)
        above = reverse_annealed_importance_sampling(sharp_rbm, samples, temperatures, generator=generator, burn_in=0)
        # Means of the logarithms: true bounds on both sides, unlike logarithms of means.
        return (above.weights.mean() - below.weights.mean()).item()

    few, some, many = width(10), width(100), width(1000)
    assert few > 2 * some > 4 * many > 0


def test_reverse_weights_are_averaged_with_their_sign() -> None:
    # Known bug: log mean exp(R) instead of -log mean exp(-R); it is off whenever the weights scatter.
    rbm = small_rbm(scale=2.0)
    truth = log_partition(rbm).item()
    generator = torch.Generator().manual_seed(8)
    above = reverse_annealed_importance_sampling(rbm, exact_samples(rbm, 4000), 5, generator=generator, burn_in=0)
    wrong = torch.logsumexp(above.weights, 0).item() - math.log(4000)
    assert abs(above.log_partition - truth) < 0.3 < abs(wrong - truth)


def test_base_rates_reproduce_the_means_and_stay_finite() -> None:
    data = torch.tensor([[0.0, 1.0, 1.0], [0.0, 1.0, 0.0]])
    torch.testing.assert_close(torch.sigmoid(base_rates(data)), torch.tensor([0.25, 0.75, 0.5], dtype=torch.float64))


def test_bound_of_a_single_layer_is_its_log_likelihood() -> None:
    rbm, v = small_rbm(), states(7)[::17]
    log_z = log_partition(rbm).item()
    assert dbn_log_likelihood_bound(DBN.of([rbm]), v, log_z) == pytest.approx(log_likelihood(rbm, v, log_z), rel=1e-9)


def test_bound_of_two_layers_is_below_the_exact_value_and_near_it() -> None:
    lower, top = small_rbm(7, 5, scale=0.7), small_rbm(5, 3, scale=0.5, seed=5)
    dbn = DBN.of([lower, top])
    v, h = states(7)[::11], states(5)
    field = lower.visible_field(h)
    log_conditional = v @ field.t() - torch.nn.functional.softplus(field).sum(1)
    log_prior = -top.free_energy(h) - log_partition(top)
    truth = torch.logsumexp(log_conditional + log_prior, 1).mean().item()
    bound = dbn_log_likelihood_bound(
        dbn, v, log_partition(top).item(), samples=2000, generator=torch.Generator().manual_seed(1)
    )
    assert truth - 1.5 < bound < truth


@pytest.mark.parametrize(("chains", "temperatures", "what"), [(0, 10, "chains"), (5, 1, "temperatures")])
def test_too_little_annealing_is_refused(chains: int, temperatures: int, what: str) -> None:
    with pytest.raises(LikelihoodError, match=what):
        annealed_importance_sampling(small_rbm(), chains, temperatures)
