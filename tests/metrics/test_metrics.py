"""Each measure against a case whose answer is known."""

import math

import pytest
import torch

from dbn_core import metrics


def test_cross_entropy_of_a_perfect_grey_reconstruction_is_the_entropy_of_its_pixels() -> None:
    x = torch.tensor([[0.25, 0.5, 1.0]])
    entropy = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75) + 2 * 0.5 * math.log(0.5))
    assert metrics.cross_entropy(x, x) == pytest.approx(entropy / 3, rel=1e-6)


def test_cross_entropy_and_squared_error_of_weights_gone_wrong_are_not_numbers() -> None:
    x, wrong = torch.zeros(2, 3), torch.full((2, 3), math.nan)
    assert math.isnan(metrics.cross_entropy(x, wrong))
    assert math.isnan(metrics.squared_error(x, wrong))


def test_squared_error_is_per_pixel() -> None:
    assert metrics.squared_error(torch.zeros(7, 5), torch.full((7, 5), 0.3)) == pytest.approx(0.09)


def test_dead_and_always_on_units_are_counted_by_their_mean() -> None:
    hidden = torch.full((1000, 5), 0.5)
    hidden[:, 1], hidden[:, 2], hidden[:, 3] = 0.004, 0.996, 0.006
    assert metrics.dead_units(hidden) == 1
    assert metrics.always_on_units(hidden) == 1


def test_units_that_never_change_are_constant_at_whatever_mean() -> None:
    hidden = torch.full((1000, 5), 0.05)
    hidden[:, 0] = 0.0  # dead
    hidden[:, 1] = 1.0  # always on
    hidden[::2, 2] += 0.018  # on for five or seven per cent of every image: deviation 0.009
    hidden[::2, 3] += 0.022  # deviation 0.011
    hidden[7, 4] = 1.0  # speaks for one image of a thousand: deviation 0.03
    assert metrics.is_constant(hidden).tolist() == [True, True, True, False, False]
    assert metrics.constant_units(hidden) == 3
    assert metrics.is_dead(hidden).tolist() == [True, False, False, False, False]


def test_class_purity_is_one_for_a_detector_of_a_class_and_the_class_share_for_a_unit_of_all() -> None:
    labels = torch.arange(1000) % 10
    excitation = torch.zeros(1000, 4)
    excitation[:, 0] = 3.0 * (labels == 7) - 40  # silent, but most excited by sevens
    excitation[:, 1] = (labels == 2) + 0.5 * (labels == 5) * (torch.arange(1000) < 500)
    excitation[:200, 2] = 1.0
    excitation[:, 2] += torch.arange(1000) / 1000  # the last forty of the first two hundred: four of each class
    excitation[:, 3] = 1.0 * (labels == 4) * (torch.arange(1000) < 300) + 0.5 * (labels == 9)  # 30 fours, 10 nines
    torch.testing.assert_close(metrics.class_purity(excitation, labels, 10), torch.tensor([1.0, 1.0, 0.1, 0.75]))


def test_class_purity_of_a_few_images_counts_them_all() -> None:
    labels = torch.tensor([0, 1, 1, 2, 1])
    torch.testing.assert_close(metrics.class_purity(torch.randn(5, 3), labels, 3), torch.full((3,), 0.6))


def test_lifetime_sparsity_is_one_for_a_single_answer_and_zero_for_all_alike() -> None:
    hidden = torch.zeros(11, 3)
    hidden[4, 0], hidden[:, 1] = 0.7, 0.4
    torch.testing.assert_close(metrics.lifetime_sparsity(hidden), torch.tensor([1.0, 0.0, 0.0]))


def test_population_sparsity_looks_along_the_units() -> None:
    one_speaks = torch.zeros(11, 3)
    one_speaks[:, 2] = 0.6
    assert metrics.population_sparsity(one_speaks) == pytest.approx(1.0)
    assert metrics.population_sparsity(torch.full((11, 3), 0.6)) == pytest.approx(0.0, abs=1e-6)


def test_singular_values_are_those_of_the_decomposition_either_way_up() -> None:
    weights = torch.randn(13, 29, generator=torch.Generator().manual_seed(1))
    expected = torch.linalg.svdvals(weights)
    torch.testing.assert_close(metrics.singular_values(weights), expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(metrics.singular_values(weights.t()), expected, rtol=1e-5, atol=1e-5)


def test_covariance_spectrum_has_the_variance_of_the_units() -> None:
    generator = torch.Generator().manual_seed(2)
    for cases, units in ((101, 7), (7, 101)):
        activities = torch.rand(cases, units, generator=generator)
        spectrum = metrics.covariance_spectrum(activities)
        assert spectrum.sum().item() == pytest.approx(activities.var(0, correction=0).sum().item(), rel=1e-4)
        assert (spectrum.diff() <= 0).all()


def test_participation_ratio_counts_equal_directions() -> None:
    assert metrics.participation_ratio(torch.tensor([2.0, 2.0, 2.0, 0.0])) == pytest.approx(3)
    assert metrics.participation_ratio(torch.tensor([5.0, 0.0])) == pytest.approx(1)
    assert metrics.participation_ratio(torch.zeros(3)) == 0


def test_decay_rate_is_the_exponent_of_a_power_law() -> None:
    rank = torch.arange(1, 51, dtype=torch.float32)
    assert metrics.decay_rate(rank**-1.7) == pytest.approx(1.7, rel=1e-3)


def test_localisation_is_the_share_of_the_image_in_use() -> None:
    filters = torch.zeros(3, 10, 10)
    filters[0, 3, 4] = 2.0
    filters[1, :5] = -0.7
    filters[2] = 0.1
    torch.testing.assert_close(metrics.localisation(filters), torch.tensor([0.01, 0.5, 1.0]))


@pytest.mark.parametrize("wavelength", [4, 8, 16])
def test_spatial_scale_of_a_grating_is_its_wavelength(wavelength: int) -> None:
    phase = torch.arange(32) * 2 * math.pi / wavelength
    grating = torch.sin(phase)[None, :, None].expand(1, 32, 32)
    assert metrics.spatial_scale(grating).item() == pytest.approx(wavelength, rel=1e-4)


def test_spatial_scale_of_a_constant_filter_is_the_image() -> None:
    assert metrics.spatial_scale(torch.ones(1, 9, 11)).item() == 11


def test_the_quietest_tenth_is_what_a_tenth_of_the_units_do_not_pass() -> None:
    means = torch.tensor([0.5] * 17 + [0.01, 0.03])
    assert metrics.quietest_tenth(means.expand(13, -1)) == pytest.approx(0.03)
    assert metrics.quietest_tenth(means[:3].expand(13, -1)) == pytest.approx(0.5)


def test_copies_are_alike_also_when_they_are_inverted_and_independent_units_are_not() -> None:
    generator = torch.Generator().manual_seed(3)
    one = torch.rand(997, 1, generator=generator)
    copies = torch.cat([one * 0.5, 1 - one, one.expand(-1, 600) * 0.9], dim=1)
    assert metrics.likeness(copies) == pytest.approx(1.0, abs=1e-4)
    assert metrics.likeness(torch.rand(997, 31, generator=generator)) < 0.05
    half = torch.cat([copies[:, :2], torch.rand(997, 2, generator=generator)], dim=1)
    assert metrics.likeness(half) == pytest.approx(1 / 6, abs=0.04), "one pair of six"


def test_constant_units_are_like_nothing() -> None:
    generator = torch.Generator().manual_seed(3)
    free = torch.rand(997, 7, generator=generator)
    assert metrics.likeness(torch.cat([free, torch.full((997, 11), 0.3)], dim=1)) == pytest.approx(
        metrics.likeness(free)
    )
    assert metrics.likeness(torch.full((97, 11), 0.3)) == 0.0
