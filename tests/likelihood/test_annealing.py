"""AIS beyond random Bernoulli RBMs: sharp digit patches, label and Gaussian units, cost, the judge of a bracket."""

import math

import pytest
import torch
from torch import Tensor

from dbn_core.data import load_dataset
from dbn_core.errors import LikelihoodError
from dbn_core.likelihood import (
    annealed_importance_sampling,
    annealing_seconds,
    base_rates,
    bracket_warning,
    dbn_log_likelihood_bound,
    exact_log_partition,
    log_likelihood,
    reverse_annealed_importance_sampling,
)
from dbn_core.models import DBN, RBM
from dbn_core.models.units import Gaussian
from tests.exact import ascend_exactly, small_rbm, states
from tests.models.test_gaussian import gaussian_rbm
from tests.models.test_labels import LABELS, labelled_rbm, legal_states
from tests.models.test_softmax import one_hot_states, softmax_rbm
from tests.models.test_stepped import stepped_rbm


def seeded(seed: int = 2) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def digit_patches() -> Tensor:
    """Binary 4 x 4 patches around the middle of real digits."""
    images = torch.tensor(load_dataset("digits").train[:1009])
    return (images[:, 12:16, 12:16].flatten(1) > 127).double()


@pytest.fixture(scope="module")
def sharp_patches() -> RBM:
    """16 x 7 units trained on digit patches by the exact gradient, until weights are large and modes apart."""
    rbm = RBM(16, 7, generator=seeded(3), dtype=torch.float64)
    ascend_exactly(rbm, digit_patches(), 1500)
    assert rbm.W.abs().max() > 3
    return rbm


def samples_of(rbm: RBM, count: int) -> Tensor:
    """Exact ones, through the hidden side."""
    h = states(rbm.n_hidden)
    p = torch.softmax(h @ rbm.h_bias + rbm.visible_units.log_partition(rbm.visible_field(h)), 0)
    return rbm.sample_v(h[torch.multinomial(p, count, replacement=True, generator=seeded(4))], seeded(5))[1]


def bracket_around(truth: float, rbm: RBM, samples: Tensor, temperatures: int, base: Tensor) -> float:
    """From below with 500 chains, from above with these samples, each interval holds the truth; the width of both."""
    below = annealed_importance_sampling(rbm, 500, temperatures, base, seeded())
    above = reverse_annealed_importance_sampling(rbm, samples, temperatures, base, seeded(), burn_in=0)
    assert below.low <= truth <= below.high
    assert above.low <= truth <= above.high
    return above.high - below.low


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_the_truth_of_a_model_of_digit_patches_lies_in_a_bracket_that_shrinks(
    sharp_patches: RBM, dtype: torch.dtype
) -> None:
    truth, base = exact_log_partition(sharp_patches), base_rates(digit_patches())
    rbm = RBM(16, 7, dtype=dtype)
    rbm.load_state_dict(sharp_patches.state_dict())
    widths = []
    for temperatures in (10, 100, 1000):
        below = annealed_importance_sampling(rbm, 211, temperatures, base, seeded())
        above = reverse_annealed_importance_sampling(
            rbm, samples_of(sharp_patches, 211).to(dtype), temperatures, base, seeded(), burn_in=0
        )
        assert below.low - 1e-9 <= truth <= above.high + 1e-9
        widths.append((above.weights.mean() - below.weights.mean()).item())
    assert widths[0] > 2 * widths[1] > 4 * widths[2] > 0
    assert abs(above.log_partition - below.log_partition) < 0.1
    assert below.weights.dtype == torch.float64


@pytest.mark.parametrize("with_labels", [True, False])
def test_a_model_with_label_units_is_bracketed_over_images_with_their_one_hot_labels(with_labels: bool) -> None:
    rbm, every = labelled_rbm(scale=1.2), legal_states()
    truth = torch.logsumexp(-rbm.free_energy(every), 0).item()
    assert exact_log_partition(rbm) == pytest.approx(truth, rel=1e-12)
    index = torch.multinomial(torch.softmax(-rbm.free_energy(every), 0), 500, replacement=True, generator=seeded(1))
    # Given without labels, base and samples are completed: equal labels in the base, p(y | x) in the samples.
    columns = 5 + (LABELS if with_labels else 0)
    base, samples = torch.randn(5 + LABELS, generator=seeded(3)).double()[:columns], every[index][:, :columns]
    assert bracket_around(truth, rbm, samples, 200, base) < 0.5


def test_a_model_of_gaussian_units_is_bracketed_by_its_exact_integral() -> None:
    rbm = gaussian_rbm(3, 5)
    truth, data = exact_log_partition(rbm), samples_of(rbm, 500)
    base = base_rates(data, rbm.visible_units)
    torch.testing.assert_close(base, data.mean(0))
    assert bracket_around(truth, rbm, data, 1000, base) < 1.0


def test_a_model_of_softmax_units_is_bracketed_over_one_category_in_each_group() -> None:
    rbm = softmax_rbm(groups=3, scale=2.5)
    every = one_hot_states(3)
    truth = torch.logsumexp(-rbm.free_energy(every), 0).item()
    assert exact_log_partition(rbm) == pytest.approx(truth, rel=1e-12)
    data = samples_of(rbm, 2003)
    base = base_rates(data, rbm.visible_units)
    widths = []
    for temperatures in (5, 25, 125):
        below = annealed_importance_sampling(rbm, 2003, temperatures, base, seeded())
        above = reverse_annealed_importance_sampling(rbm, data, temperatures, base, seeded(), burn_in=0)
        assert below.low <= truth <= above.high
        widths.append((above.weights.mean() - below.weights.mean()).item())
    assert widths[0] > 2 * widths[1] > 4 * widths[2] > 0
    assert above.high - below.low < 0.5


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_a_model_of_stepped_hidden_units_is_bracketed_by_its_exact_sum(dtype: torch.dtype) -> None:
    exact = stepped_rbm(7, 3, scale=0.7)
    exact.h_bias.add_(1.0)
    truth, every = exact_log_partition(exact), states(7)
    p = torch.softmax(-exact.free_energy(every), 0)
    data = every[torch.multinomial(p, 1009, replacement=True, generator=seeded(4))]
    rbm = RBM(7, 3, hidden="stepped", dtype=dtype)
    rbm.load_state_dict(exact.state_dict())
    base, widths = base_rates(data, rbm.visible_units), []
    for temperatures in (5, 50, 500):
        below = annealed_importance_sampling(rbm, 1009, temperatures, base, seeded())
        above = reverse_annealed_importance_sampling(rbm, data.to(dtype), temperatures, base, seeded(), burn_in=0)
        assert below.low <= truth <= above.high
        widths.append((above.weights.mean() - below.weights.mean()).item())
    assert widths[0] > 2 * widths[1] > 4 * widths[2] > 0
    assert above.high - below.low < 0.5


def test_two_temperatures_are_plain_importance_sampling_even_where_exponentials_overflow() -> None:
    rbm = RBM(7, 5, generator=seeded(1))
    rbm.h_bias.fill_(-200.0)
    estimate = annealed_importance_sampling(rbm, 11, 2, generator=seeded())
    assert estimate.log_partition == pytest.approx(7 * math.log(2), abs=0.5)


def test_a_base_of_another_size_is_refused() -> None:
    with pytest.raises(LikelihoodError, match="has 5 units, but the RBM has 7 visible ones"):
        annealed_importance_sampling(small_rbm(), 3, 10, torch.zeros(5))


def test_the_hidden_side_is_named_where_the_visible_one_cannot_be_enumerated() -> None:
    with pytest.raises(LikelihoodError, match="its hidden side may have at most 20"):
        exact_log_partition(RBM(3, 23, "gaussian"))


def test_progress_is_told_about_a_hundred_times_and_ends_at_all() -> None:
    told: list[tuple[int, int]] = []
    annealed_importance_sampling(small_rbm(), 3, 1009, generator=seeded(), progress=lambda *done: told.append(done))
    assert 90 < len(told) < 120
    assert told[-1] == (1008, 1008)


def test_who_watches_can_stop_the_annealing() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        annealed_importance_sampling(small_rbm(), 3, 1009, generator=seeded(), progress=stop)


def test_the_cost_is_a_time_linear_in_temperatures_and_leaves_the_global_generator_alone() -> None:
    rbm = small_rbm()
    torch.manual_seed(5)
    before = torch.get_rng_state()
    assert annealing_seconds(rbm, 3, 11) > 0
    assert torch.equal(torch.get_rng_state(), before)


def test_too_few_temperatures_are_told_from_the_bracket_with_the_number_to_try(sharp_patches: RBM) -> None:
    base, samples = base_rates(digit_patches()), samples_of(sharp_patches, 101)

    def judge(scale: float, temperatures: int) -> str:
        rbm = RBM(16, 7, dtype=torch.float64)
        rbm.load_state_dict({name: tensor * scale for name, tensor in sharp_patches.state_dict().items()})
        start = samples if scale == 1 else samples_of(rbm, 101)
        below = annealed_importance_sampling(rbm, 101, temperatures, base, seeded())
        above = reverse_annealed_importance_sampling(rbm, start, temperatures, base, seeded(), burn_in=0)
        return bracket_warning(below, above, temperatures)

    assert judge(1, 1000) == ""
    few = judge(3, 3)
    assert "nats apart with 3 temperatures, so neither can be believed; try " in few
    wanted = int(few.split("try ")[1].split(" ")[0].replace(",", ""))
    assert wanted >= 6
    assert judge(3, wanted) != few


def test_a_reverse_way_from_foreign_samples_is_told_when_the_estimates_cross() -> None:
    rbm = small_rbm(11, 5, scale=0.1)
    rbm.W.add_(6.0)
    rbm.h_bias.fill_(-30.0)
    rbm.v_bias.fill_(-3.0)
    below = annealed_importance_sampling(rbm, 301, 500, generator=seeded())
    foreign = torch.zeros(301, 11, dtype=torch.float64)
    above = reverse_annealed_importance_sampling(rbm, foreign, 500, generator=seeded(), burn_in=0)
    assert above.log_partition < below.log_partition - 1
    assert "did not start at samples of the model" in bracket_warning(below, above, 500)


def test_the_bound_of_a_gaussian_first_layer_is_below_the_exact_density_and_near_it() -> None:
    lower, top = gaussian_rbm(3, 5), small_rbm(5, 3, scale=0.5)
    v, h = samples_of(lower, 23), states(5)
    assert isinstance(lower.visible_units, Gaussian)
    s2 = lower.visible_units.log_variance.exp()
    distance = (v[:, None] - lower.visible_field(h)[None]).square() / s2
    log_conditional = -0.5 * (distance + (2 * math.pi * s2).log()).sum(2)
    log_prior = -top.free_energy(h) - exact_log_partition(top)
    truth = torch.logsumexp(log_conditional + log_prior, 1).mean().item()
    bound = dbn_log_likelihood_bound(DBN.of([lower, top]), v, exact_log_partition(top), 500, seeded())
    assert truth - 1.5 < bound < truth


def test_the_bound_of_a_dbn_with_labels_is_of_the_image_alone() -> None:
    top, x = labelled_rbm(), states(5)
    pairs = torch.stack([torch.cat([x, row.expand(len(x), -1)], 1) for row in torch.eye(LABELS).double()])
    log_z = exact_log_partition(top)
    expected = torch.logsumexp(torch.stack([-top.free_energy(each) for each in pairs]), 0).mean().item() - log_z
    assert dbn_log_likelihood_bound(DBN.of([top]), x, log_z) == pytest.approx(expected, rel=1e-10)
    assert log_likelihood(top, pairs[0], log_z) < expected
