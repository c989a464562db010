"""Up-down: each rule is the gradient of its own conditional likelihood, and together they fine-tune."""

import pytest
import torch
import torch.nn.functional as F

from dbn_core.models import DBN
from dbn_core.models.untied import DirectedLayer, UntiedDBN
from dbn_core.training.updown import _generation, _recognition, apply_updown, updown
from tests.engine.exact import small_rbm


def binary(rows: int, columns: int, seed: int) -> torch.Tensor:
    return (torch.rand(rows, columns, generator=torch.Generator().manual_seed(seed)) < 0.5).double()


def test_generative_rule_is_the_gradient_of_the_likelihood_of_what_was_recognised() -> None:
    layer = DirectedLayer(small_rbm(7, 5))
    x, h = binary(13, 7, 1), binary(13, 5, 2)
    weights = layer.generation.clone().requires_grad_(True)
    bias = layer.down_bias.clone().requires_grad_(True)
    (-F.binary_cross_entropy_with_logits(h @ weights + bias, x, reduction="sum") / 13).backward()
    dg, db = _generation(layer, x, h)
    torch.testing.assert_close(dg, weights.grad, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(db, bias.grad, rtol=1e-10, atol=1e-12)


def test_recognition_rule_is_the_gradient_of_the_likelihood_of_what_was_dreamt() -> None:
    layer = DirectedLayer(small_rbm(7, 5))
    x, h = binary(13, 7, 1), binary(13, 5, 2)
    weights = layer.recognition.clone().requires_grad_(True)
    bias = layer.up_bias.clone().requires_grad_(True)
    (-F.binary_cross_entropy_with_logits(x @ weights.t() + bias, h, reduction="sum") / 13).backward()
    dr, dc = _recognition(layer, x, h)
    torch.testing.assert_close(dr, weights.grad, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(dc, bias.grad, rtol=1e-10, atol=1e-12)


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

    def redrawn() -> float:
        return (model.reconstruct(v) - v).square().mean().item()

    start = redrawn()
    assert error() > 0.3
    for _ in range(600):
        apply_updown(model, updown(model, v, one_hot, generator=generator), 0.2)
    assert error() < 0.05
    assert redrawn() < 0.7 * start


def test_labels_are_asked_for_exactly_where_there_are_label_units() -> None:
    v = torch.zeros(2, 7)
    with pytest.raises(ValueError, match="0 label units"):
        updown(UntiedDBN(DBN([7, 5, 3])), v, torch.eye(2))
    with pytest.raises(ValueError, match="3 label units"):
        updown(UntiedDBN(DBN([7, 5, 3], n_labels=3)), v)
