"""Up-down: each rule is the gradient of its own conditional likelihood, and together they fine-tune."""

from collections.abc import Sequence

import pytest
import torch
import torch.nn.functional as F

from dbn_core.models import DBN
from dbn_core.models.untied import DirectedLayer, UntiedDBN
from dbn_core.training.rules.updown import _generation, _recognition, apply_updown, updown
from tests.exact import small_rbm


def binary(rows: int, columns: int, seed: int) -> torch.Tensor:
    return (torch.rand(rows, columns, generator=torch.Generator().manual_seed(seed)) < 0.5).double()


def likelihood(logits: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    """Mean over 13 cases of the log-probability of binary states, given the logits of their units."""
    return -F.binary_cross_entropy_with_logits(logits, states, reduction="sum") / 13


def assert_same(directions: Sequence[torch.Tensor], truth: Sequence[torch.Tensor | None]) -> None:
    for direction, gradient in zip(directions, truth, strict=True):
        torch.testing.assert_close(direction, gradient, rtol=1e-10, atol=1e-12)


def test_generative_rule_is_the_gradient_of_the_likelihood_of_what_was_recognised() -> None:
    layer = DirectedLayer(small_rbm(7, 5))
    x, h = binary(13, 7, 1), binary(13, 5, 2)
    weights = layer.generation.clone().requires_grad_(True)
    bias = layer.down_bias.clone().requires_grad_(True)
    likelihood(h @ weights + bias, x).backward()
    assert_same(_generation(layer, x, h), (weights.grad, bias.grad))


def test_recognition_rule_is_the_gradient_of_the_likelihood_of_what_was_dreamt() -> None:
    layer = DirectedLayer(small_rbm(7, 5))
    x, h = binary(13, 7, 1), binary(13, 5, 2)
    weights = layer.recognition.clone().requires_grad_(True)
    bias = layer.up_bias.clone().requires_grad_(True)
    likelihood(x @ weights.t() + bias, h).backward()
    assert_same(_recognition(layer, x, h), (weights.grad, bias.grad))


def test_centred_rules_are_the_plain_ones_of_the_reparameterised_layer() -> None:
    """p(x | h) = sigmoid(b' + G^T (h - m)): a step on (G, b') is the centred step on (G, b), b = b' - G^T m."""
    layer = DirectedLayer(small_rbm(7, 5))
    x, h = binary(13, 7, 1), binary(13, 5, 2)
    m, n = torch.rand(5, dtype=torch.float64), torch.rand(7, dtype=torch.float64)
    G, b = layer.generation.clone().requires_grad_(True), (layer.down_bias + m @ layer.generation).requires_grad_(True)
    likelihood((h - m) @ G + b, x).backward()
    R, c = layer.recognition.clone().requires_grad_(True), (layer.up_bias + layer.recognition @ n).requires_grad_(True)
    likelihood((x - n) @ R.t() + c, h).backward()
    dG, db = _generation(layer, x, h, m)
    dR, dc = _recognition(layer, x, h, n)
    assert G.grad is not None
    assert b.grad is not None
    assert R.grad is not None
    assert c.grad is not None
    assert_same((dG, db, dR, dc), (G.grad, b.grad - m @ G.grad, R.grad, c.grad - R.grad @ n))


def test_means_are_of_the_waking_layers_labels_and_top_hidden_units_included() -> None:
    model = UntiedDBN(DBN([11, 7, 5, 3], n_labels=2, generator=torch.Generator().manual_seed(2)))
    v, one_hot = torch.rand(13, 11), torch.eye(2)[torch.arange(13) % 2]
    means = updown(model, v, one_hot).means
    assert [len(mean) for mean in means] == [11, 7, 5 + 2, 3]
    torch.testing.assert_close(means[0], v.mean(0))
    torch.testing.assert_close(means[2][5:], one_hot.mean(0))
    assert ((means[3] > 0) & (means[3] < 1)).all()


def test_the_top_rbm_learns_from_features_as_they_are_asked_about_later() -> None:
    """A first layer that says every bit by 0.5 + 0.4 or 0.5 - 0.4, a second one that adds up many of them."""
    model = UntiedDBN(DBN([4, 400, 3, 2], generator=torch.Generator().manual_seed(2)))
    first, second = model.directed
    first.recognition.zero_()
    first.recognition[:200, 0] = 4.4  # mean 0.9 given a 1, with the bias below, and 0.1 given a 0
    first.up_bias.fill_(-2.2)
    second.recognition.zero_()
    second.recognition[0, :200] = 0.5  # wide apart for samples of the layer below, a fixed number for its means
    second.up_bias[0] = -0.5 * 200 * 0.9 - 3.0  # means: sigmoid(-3) = 0.05; samples: 0.12 on average
    v = torch.tensor([[1.0, 0, 0, 0]]).expand(4000, -1)
    mean = updown(model, v, generator=torch.Generator().manual_seed(1)).means[2][0].item()
    assert mean == pytest.approx(model.up(v)[0, 0].item(), abs=0.02)


def test_centring_allows_rates_at_which_the_plain_rules_destroy_what_was_learnt() -> None:
    generator = torch.Generator().manual_seed(5)
    v = (torch.rand(400, 31, generator=generator) < 0.5).float()
    v[:, ::2] = v[:, 1::2].repeat(1, 2)[:, :16]  # half of the pixels follow from the others

    def missing(offsets: list[torch.Tensor] | None) -> float:
        model = UntiedDBN(DBN([31, 101, 103], generator=torch.Generator().manual_seed(2)))
        for step in range(200):
            rows = v[20 * (step % 20) :][:20]
            gradient = updown(model, rows, generator=generator, offsets=offsets)
            apply_updown(model, gradient, 0.5)
            offsets = None if offsets is None else gradient.means
        return F.binary_cross_entropy(model.reconstruct(v), v).item()

    alone = F.binary_cross_entropy(v.mean(0).expand_as(v), v).item()
    assert missing(None) > 1.3 * alone
    assert missing([torch.full((size,), 0.5) for size in (31, 101, 103)]) < 0.9 * alone


def test_an_untied_dbn_begins_as_the_dbn_it_was_made_of_and_leaves_it_alone() -> None:
    dbn = DBN([11, 7, 5], n_labels=3, generator=torch.Generator().manual_seed(2))
    model = UntiedDBN(dbn)
    v = torch.rand(13, 11, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(model.classify(v), dbn.classify(v))
    torch.testing.assert_close(model.reconstruct(v), dbn.reconstruct(v))
    before = {name: tensor.clone() for name, tensor in dbn.state_dict().items()}
    apply_updown(model, updown(model, v, torch.eye(3)[torch.arange(13) % 3]), 0.5)
    assert all(torch.equal(tensor, before[name]) for name, tensor in dbn.state_dict().items())
    assert not torch.equal(model.directed[0].recognition, model.directed[0].generation)


def test_fine_tuning_improves_classification_and_the_way_down() -> None:
    generator = torch.Generator().manual_seed(5)
    label = torch.randint(0, 3, (600,), generator=generator)
    prototypes = (torch.rand(3, 23, generator=generator) < 0.5).float()
    v = (prototypes[label] - (torch.rand(600, 23, generator=generator) < 0.15).float()).abs()
    one_hot = torch.eye(3)[label]
    model = UntiedDBN(DBN([23, 17, 13], n_labels=3, generator=generator))

    def error() -> float:
        return (model.classify(v).argmax(1) != label).float().mean().item()

    def reconstructed() -> float:
        return (model.reconstruct(v) - v).square().mean().item()

    start = reconstructed()
    assert error() > 0.3
    for _ in range(600):
        apply_updown(model, updown(model, v, one_hot, generator=generator), 0.2)
    assert error() < 0.05
    assert reconstructed() < 0.7 * start


def test_labels_are_asked_for_exactly_where_there_are_label_units() -> None:
    v = torch.zeros(2, 7)
    with pytest.raises(ValueError, match="0 label units"):
        updown(UntiedDBN(DBN([7, 5, 3])), v, torch.eye(2))
    with pytest.raises(ValueError, match="3 label units"):
        updown(UntiedDBN(DBN([7, 5, 3], n_labels=3)), v)
