"""What units respond to, where the answer is known."""

import pytest
import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.models import DBN, RBM
from dbn_core.records import Position
from dbn_core.training.data import TrainingData
from dbn_core.training.monitor import Monitor
from dbn_core.training.pictures import linear_filters
from dbn_core.training.responses import CASES, Responses, weighted

SHAPE = (4, 3)
PATTERNS = torch.tensor([[255] * 6 + [0] * 6, [0] * 6 + [255] * 6, [0, 255] * 6], dtype=torch.uint8)


def data(rows: Tensor, shape: tuple[int, ...] = SHAPE, preprocessing: str = "unit") -> TrainingData:
    visible = "bernoulli" if preprocessing == "unit" else "gaussian"
    config = RunConfig().with_values({"visible": visible, "data.preprocessing": preprocessing})
    return TrainingData.of(config, (rows, None), (rows, None), (), shape)


def detectors(rbm: RBM, patterns: Tensor) -> None:
    """Unit j is on for pattern j and for no other."""
    rbm.W.zero_()
    rbm.h_bias.fill_(-60)
    for unit, pattern in enumerate(patterns):
        rbm.W[unit] = (2 * pattern - 1) * 120 / len(pattern)
        rbm.h_bias[unit] = 30 - 120 * pattern.sum() / len(pattern)


@pytest.fixture
def many() -> Tensor:
    """Three patterns, the first twice as often as the others."""
    return PATTERNS[[0, 0, 1, 2]].repeat(30, 1)


def test_a_unit_that_responds_to_one_pattern_shows_it_less_the_mean_image(many: Tensor) -> None:
    seen = Responses(data(many))
    images = PATTERNS.float() / 255
    dbn = DBN([12, 5], generator=torch.Generator().manual_seed(0))
    detectors(dbn.layers[0], images)
    averages = seen.averages(dbn.layers[0], seen.below(dbn, 1))
    mean = images[[0, 0, 1, 2]].mean(0)
    torch.testing.assert_close(averages[:3], images - mean, rtol=0, atol=1e-5)


def test_a_unit_of_the_second_layer_shows_the_mean_of_the_patterns_that_its_parts_stand_for(many: Tensor) -> None:
    seen = Responses(data(many))
    images = PATTERNS.float() / 255
    dbn = DBN([12, 3, 2], generator=torch.Generator().manual_seed(0))
    detectors(dbn.layers[0], images)
    dbn.layers[1].W.copy_(torch.tensor([[60.0, -60.0, 60.0], [-60.0, 60.0, -60.0]]))
    dbn.layers[1].h_bias.fill_(-30)
    averages = seen.averages(dbn.layers[1], seen.below(dbn, 2))
    mean = images[[0, 0, 1, 2]].mean(0)
    expected = torch.stack([images[[0, 0, 2]].mean(0), images[1]]) - mean  # each as often as it comes
    torch.testing.assert_close(averages, expected, rtol=0, atol=1e-5)


def test_units_that_never_change_show_nothing() -> None:
    images = torch.rand(50, 7, generator=torch.Generator().manual_seed(3))
    on = torch.stack([torch.zeros(50), torch.full((50,), 1e-36), torch.full((50,), 0.3), torch.ones(50)], dim=1)
    averages = weighted(on, images - images.mean(0))
    assert averages.abs().max() < 1e-6


@pytest.mark.parametrize("preprocessing", ["standard", "robust", "zca"])
def test_of_preprocessed_images_it_is_shown_in_image_space(many: Tensor, preprocessing: str) -> None:
    noise = torch.randint(0, 60, many.shape, generator=torch.Generator().manual_seed(1))
    rows = (many.int() // 2 + noise).to(torch.uint8)
    seen = Responses(data(rows, preprocessing=preprocessing))
    rbm = RBM(12, 4, "gaussian", generator=torch.Generator().manual_seed(2))
    rbm.W.mul_(30)
    averages = seen.averages(rbm, seen.visible)
    on, pixels = rbm.hidden_mean(seen.visible), rows.float() / 255
    expected = (on / on.sum(0)).t() @ pixels - pixels.mean(0)
    torch.testing.assert_close(averages, expected, rtol=0, atol=1e-4)
    assert averages.abs().max() > 0.01


@pytest.mark.parametrize("hidden", ["relu", "stepped"])
def test_graded_units_count_by_how_surely_they_are_on(many: Tensor, hidden: str) -> None:
    seen = Responses(data(many))
    rbm = RBM(12, 4, "bernoulli", hidden, generator=torch.Generator().manual_seed(2))
    rbm.W.mul_(50)
    field = rbm.hidden_field(seen.visible)
    on = rbm.hidden_units.on(field, rbm.hidden_units.mean(field))
    expected = (on / on.sum(0)).t() @ seen.visible - seen.visible.mean(0)
    torch.testing.assert_close(seen.averages(rbm, seen.visible), expected, rtol=0, atol=1e-5)


def test_of_colour_images_it_is_drawn_in_colour(many: Tensor) -> None:
    coloured = data(many, (2, 2, 3))
    dbn = DBN([12, 5], generator=torch.Generator().manual_seed(0))
    detectors(dbn.layers[0], PATTERNS.float() / 255)
    monitor = Monitor(dbn, coloured)
    drafts = monitor.pictures(1, Position(0, 0.0, "layer1"), monitor.responses.visible, reconstructions=False)
    weights, drawn = (draft.finish({name: x.numpy() for name, x in draft.tensors.items()}) for draft in drafts)
    assert (weights.info.projection, drawn.info.projection) == ("weights", "response_average")
    assert drawn.pixels.shape == (5, 2, 2, 3)
    expected = monitor.responses.averages(dbn.layers[0], monitor.responses.visible)
    shown = (torch.from_numpy(drawn.pixels[:3]).float() - 128) / 127 * drawn.info.scale
    torch.testing.assert_close(shown.reshape(3, 12), expected[:3], rtol=0, atol=drawn.info.scale / 127)


def test_what_is_below_a_grey_level_is_no_picture() -> None:
    dbn = DBN([12, 5], generator=torch.Generator().manual_seed(0))
    dbn.layers[0].W.mul_(1e-4)
    rows = torch.randint(0, 256, (60, 12), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))
    monitor = Monitor(dbn, data(rows))
    drafts = monitor.pictures(1, Position(0, 0.0, "layer1"), monitor.responses.visible, reconstructions=False)
    drawn = drafts[1].finish({name: x.numpy() for name, x in drafts[1].tensors.items()})
    assert drawn.info.scale == pytest.approx(1 / 255)
    assert (drawn.pixels == 128).all()


def test_groups_of_categories_are_images_too() -> None:
    rows = torch.eye(3, dtype=torch.uint8)[[0, 0, 1, 2] * 20].mul(255)
    seen = Responses(data(torch.cat([rows, rows.flip(1)], dim=1), (2, 3)))
    rbm = RBM(6, 2, "softmax", categories=3, generator=torch.Generator().manual_seed(0))
    detectors(rbm, torch.tensor([[1.0, 0, 0, 0, 0, 1]]))
    averages = seen.averages(rbm, seen.visible, slice(1))
    torch.testing.assert_close(averages, torch.tensor([[0.5, -0.25, -0.25, -0.25, -0.25, 0.5]]), rtol=0, atol=1e-5)


def test_only_the_units_asked_for_are_looked_at_and_only_the_first_images() -> None:
    generator = torch.Generator().manual_seed(7)
    rows = torch.randint(0, 256, (CASES + 50, 12), dtype=torch.uint8, generator=generator)
    seen, fewer = Responses(data(rows)), Responses(data(rows[:CASES]))
    rbm = RBM(12, 9, generator=generator)
    whole = seen.averages(rbm, seen.visible)
    torch.testing.assert_close(seen.averages(rbm, seen.visible, slice(2, 5)), whole[2:5])
    assert torch.equal(whole, fewer.averages(rbm, fewer.visible))


def test_a_filter_that_all_units_of_a_deeper_layer_share_changes_no_linear_combination() -> None:
    dbn = DBN([12, 7, 5], generator=torch.Generator().manual_seed(0))
    before = linear_filters(dbn, 2), linear_filters(dbn, 2, 3)
    first = linear_filters(dbn, 1)
    dbn.layers[1].W.add_(torch.linspace(-1, 1, 7))
    torch.testing.assert_close(linear_filters(dbn, 2), before[0], rtol=0, atol=1e-6)
    torch.testing.assert_close(linear_filters(dbn, 2, 3), before[1], rtol=0, atol=1e-6)
    torch.testing.assert_close(before[1], before[0][:3])
    assert torch.equal(linear_filters(dbn, 1), first)
    assert torch.equal(first, dbn.layers[0].W)
