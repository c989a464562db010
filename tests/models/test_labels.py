"""Label units in the top RBM: one-hot, exactly classified, held while dreaming."""

import itertools

import pytest
import torch

from dbn_core.models import DBN, RBM
from dbn_core.models.dbn import label_probabilities
from dbn_core.models.units import BernoulliWithLabel
from dbn_core.training.rules.gradients import Phases, contrastive_phases
from tests.exact import small_rbm, states

LABELS = 3


def labelled_rbm(features: int = 5, hidden: int = 7, scale: float = 0.8) -> RBM:
    """An RBM over 5 features and a label of 3 classes, far from zero."""
    source = small_rbm(features + LABELS, hidden, scale=scale)
    rbm = RBM(features + LABELS, hidden, BernoulliWithLabel(LABELS), dtype=torch.float64)
    rbm.load_state_dict(source.state_dict())
    return rbm


def legal_states(features: int = 5) -> torch.Tensor:
    """Every feature state with every one-hot label."""
    pairs = itertools.product(states(features), torch.eye(LABELS, dtype=torch.float64))
    return torch.stack([torch.cat(pair) for pair in pairs])


def test_conditionals_and_partition_are_those_of_a_joint_with_exactly_one_label_on() -> None:
    rbm = labelled_rbm()
    v, h = legal_states(), states(7)
    joint = torch.exp(v @ rbm.v_bias[:, None] + (h @ rbm.h_bias)[None, :] + v @ rbm.W.t() @ h.t())
    conditional = (joint.t() @ v) / joint.sum(0)[:, None]
    torch.testing.assert_close(rbm.visible_mean(h), conditional, rtol=1e-10, atol=1e-12)
    by_hidden = torch.logsumexp(h @ rbm.h_bias + rbm.visible_units.log_partition(rbm.visible_field(h)), 0)
    torch.testing.assert_close(by_hidden, joint.sum().log(), rtol=1e-12, atol=1e-12)


def test_classification_is_exact_by_enumeration() -> None:
    rbm = labelled_rbm()
    x = states(5)
    score = torch.stack(
        [-rbm.free_energy(torch.cat([x, row.expand(len(x), -1)], 1)) for row in torch.eye(3).double()], 1
    )
    torch.testing.assert_close(label_probabilities(rbm, x), torch.softmax(score, 1), rtol=1e-10, atol=1e-12)


def test_samples_have_one_label_each_in_its_proportion() -> None:
    rbm = labelled_rbm()
    h = states(7)[77].expand(20_011, -1)
    mean, sample = rbm.sample_v(h, torch.Generator().manual_seed(1))
    assert torch.equal(sample[:, -LABELS:].sum(1), torch.ones(len(h), dtype=torch.float64))
    assert (sample.mean(0) - mean[0]).abs().max() < 4.5 * 0.5 / 20_011**0.5


def test_chains_with_label_units_stay_at_the_models_distribution() -> None:
    rbm = labelled_rbm()
    v = legal_states()
    p = torch.softmax(-rbm.free_energy(v), 0)
    generator = torch.Generator().manual_seed(3)
    start = v[torch.multinomial(p, 40_009, replacement=True, generator=generator)]
    end = contrastive_phases(rbm, start, 3, visible_samples=True, generator=generator).v_model
    index = (end[:, None, :] == v).all(2).double().argmax(1)
    frequency = torch.bincount(index, minlength=len(v)).double() / len(end)
    assert ((frequency - p).abs() / (p * (1 - p) / len(end)).sqrt()).max() < 4.5


def test_cd_teaches_the_top_rbm_to_classify() -> None:
    generator = torch.Generator().manual_seed(5)
    label = torch.randint(0, LABELS, (600,), generator=generator)
    prototypes = (torch.rand(LABELS, 17, generator=generator) < 0.5).float()
    x = (prototypes[label] - (torch.rand(600, 17, generator=generator) < 0.1).float()).abs()
    rbm = RBM(17 + LABELS, 13, BernoulliWithLabel(LABELS), generator=generator)
    v = torch.cat([x, torch.eye(LABELS)[label]], 1)
    for _ in range(300):
        gradient = contrastive_phases(rbm, v, 1, generator=generator).gradient()
        for parameter, direction in zip((rbm.W, rbm.v_bias, rbm.h_bias), gradient, strict=True):
            parameter.add_(direction, alpha=0.2)
    assert (label_probabilities(rbm, x).argmax(1) == label).float().mean() > 0.95


def test_a_dbn_with_labels_classifies_dreams_and_reconstructs_images_without_the_label_units() -> None:
    dbn = DBN([11, 7, 5], n_labels=LABELS, generator=torch.Generator().manual_seed(2))
    assert dbn.sizes == (11, 7, 5)
    v = torch.rand(13, 11, generator=torch.Generator().manual_seed(1))
    probability = dbn.classify(v)
    torch.testing.assert_close(probability.sum(1), torch.ones(13))
    top = dbn.layers[-1]
    expected = top.hidden_mean(torch.cat([dbn.up(v, 1), probability], 1))
    torch.testing.assert_close(dbn.features(v), expected)
    assert dbn.reconstruct(v).shape == v.shape
    dreams = dbn.sample(9, 4, label=2, generator=torch.Generator().manual_seed(1))
    assert dreams.shape == (9, 11)


def test_a_held_label_shapes_the_dream() -> None:
    top = labelled_rbm(scale=2.0)
    dbn = DBN.of([small_rbm(11, 5, scale=1.0), top])
    generator = torch.Generator().manual_seed(4)
    dreams = torch.stack([dbn.sample(4001, 30, label=label, generator=generator).mean(0) for label in range(LABELS)])
    v = legal_states()
    p = torch.softmax(-top.free_energy(v), 0)
    for label in range(LABELS):
        held = v[:, 5 + label] == 1
        h = v[held][:, :5]
        weight = p[held] / p[held].sum()
        # The down pass starts from means of v given the last h; their average is the conditional mean.
        exact = (weight[:, None] * h).sum(0)
        assert (dreams[label] - dbn.layers[0].visible_mean(exact[None])[0]).abs().max() < 0.1
    assert (dreams[0] - dreams[1]).abs().max() > 0.05


def test_labels_that_are_not_there_are_refused() -> None:
    plain = DBN([7, 5])
    with pytest.raises(ValueError, match="no label units"):
        plain.classify(torch.zeros(1, 7))
    with pytest.raises(ValueError, match="label 0 is not one of the 0"):
        plain.sample(1, 1, label=0)


def test_a_phase_without_labels_is_untouched_by_the_split() -> None:
    rbm = small_rbm()
    v = states(7)[:11]
    phases = Phases(v, rbm.hidden_mean(v), v, rbm.hidden_mean(v))
    assert phases.gradient().W.abs().max() == 0
