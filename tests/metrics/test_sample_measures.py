"""What the measures of samples say of cases whose answer is known."""

import math

import pytest
import torch
from scipy.stats import ks_2samp

from dbn_core.metrics import samples


def normal(cases: int, seed: int, shift: float = 0.0) -> torch.Tensor:
    return torch.randn(cases, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + shift


def test_sure_and_diverse_probabilities_have_the_best_score() -> None:
    sure = samples.classifier_score(torch.eye(7).repeat(11, 1))
    assert sure.score == pytest.approx(7)
    assert sure.class_entropy == pytest.approx(math.log(7))
    assert (sure.confidence, sure.conditional_entropy) == pytest.approx((1, 0))


def test_one_class_or_no_idea_has_the_worst_score() -> None:
    one = samples.classifier_score(torch.eye(7)[[3] * 11])
    unsure = samples.classifier_score(torch.full((11, 7), 1 / 7))
    assert (one.score, unsure.score) == pytest.approx((1, 1))
    assert one.class_entropy == pytest.approx(0, abs=1e-9)
    assert unsure.conditional_entropy == pytest.approx(math.log(7))


def test_two_samples_of_one_distribution_look_alike() -> None:
    manifold = samples.manifold(normal(997, 1), normal(997, 2))
    assert min(manifold.precision, manifold.recall, manifold.coverage) > 0.93
    assert manifold.density == pytest.approx(1, abs=0.1)
    both = samples.adversarial_accuracy(normal(997, 1), normal(997, 2))
    assert (both.real, both.generated) == pytest.approx((0.5, 0.5), abs=0.06)


def test_samples_far_away_reach_nothing() -> None:
    assert samples.manifold(normal(211, 1), normal(211, 2, 50.0)) == (0, 0, 0, 0)
    assert samples.adversarial_accuracy(normal(211, 1), normal(211, 2, 50.0)) == (1, 1)


def test_one_mode_of_two_has_precision_but_not_recall() -> None:
    real = torch.cat([normal(499, 1), normal(499, 2, 50.0)])
    manifold = samples.manifold(real, normal(997, 3))
    assert manifold.precision > 0.9
    assert manifold.recall < 0.55
    assert manifold.coverage < 0.55


def test_copies_are_told_by_an_adversarial_accuracy_of_zero() -> None:
    real = normal(211, 1)
    assert samples.adversarial_accuracy(real, real.clone()) == (0, 0)
    assert samples.manifold(real, real.clone()).precision == 1


def test_density_and_coverage_agree_with_their_definitions() -> None:
    real = torch.tensor([[0.0], [1.0], [3.0], [7.0]])
    generated = torch.tensor([[0.5], [20.0], [2.0]])
    # Balls to the 1st nearest other: radii 1, 1, 2, 4.
    manifold = samples.manifold(real, generated, k=1)
    assert manifold.density == pytest.approx((2 + 0 + 2) / 3)
    assert manifold.coverage == pytest.approx(3 / 4)
    assert manifold.precision == pytest.approx(2 / 3)


def test_the_nearest_training_image_is_found_across_parts() -> None:
    training = torch.rand(2503, 7, generator=torch.Generator().manual_seed(1))
    distance, index = samples.nearest(training[[2311, 5]] + 0.001, training)
    assert index.tolist() == [2311, 5]
    assert distance.tolist() == pytest.approx([0.001, 0.001], rel=1e-2)


def test_within_class_distance_ignores_how_far_classes_are_apart() -> None:
    points = torch.tensor([[0.0], [2.0], [100.0], [104.0], [500.0]])
    labels = torch.tensor([0, 0, 1, 1, 2])
    assert samples.within_class_distance(points, labels, 3) == pytest.approx(3)
    assert math.isnan(samples.within_class_distance(points[:1], labels[:1], 3))


def test_blur_lowers_the_edges_and_raises_the_grey() -> None:
    sharp = torch.zeros(1, 11, 13)
    sharp[:, 3:8, 4:9] = 1
    blurred = torch.nn.functional.avg_pool2d(sharp, 3, 1, 1)
    assert samples.laplacian_variance(blurred) < samples.laplacian_variance(sharp) / 4
    assert samples.grey_share(sharp) == 0 < samples.grey_share(blurred)
    assert samples.ink(blurred).item() == pytest.approx(samples.ink(sharp).item())


def test_the_laplacian_of_a_plane_is_flat() -> None:
    rows, columns = torch.meshgrid(torch.arange(7.0), torch.arange(11.0), indexing="ij")
    assert samples.laplacian_variance((2 * rows - 3 * columns)[None]).item() == pytest.approx(0, abs=1e-9)


def test_the_distance_of_distributions_is_scipys() -> None:
    first, second = normal(97, 1)[:, 0], normal(211, 2, 0.3)[:, 0]
    expected, _ = ks_2samp(first.numpy(), second.numpy())
    assert samples.kolmogorov_smirnov(first, second) == pytest.approx(expected)
    assert samples.kolmogorov_smirnov(first, first) == 0
    assert samples.kolmogorov_smirnov(first, first + 100) == 1
