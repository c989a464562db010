"""Samplers leave the distribution they should leave alone: chains started at p(v) stay at p(v)."""

import torch

from dbn_core.models import DBN
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.training.rules.gradients import contrastive_phases, persistent_phases
from tests.exact import drift, index_of, small_rbm, states, visible_distribution

CHAINS = 40_009


def exact_samples(seed: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    p = visible_distribution(small_rbm())
    index = torch.multinomial(p, CHAINS, replacement=True, generator=torch.Generator().manual_seed(seed))
    return states(7)[index], p


def test_gibbs_steps_keep_the_distribution_of_the_model() -> None:
    rbm, (start, p) = small_rbm(), exact_samples()
    generator = torch.Generator().manual_seed(2)
    state = rbm.gibbs(rbm.sample_h(start, generator)[1], 5, generator)
    assert drift(index_of(start, states(7)), p) < 4.5
    assert drift(index_of(state.v, states(7)), p) < 4.5


def test_persistent_chains_keep_the_distribution_of_the_model() -> None:
    rbm, (start, p) = small_rbm(), exact_samples()
    chains = start.clone()
    for seed in range(3):
        persistent_phases(rbm, start[:11], chains, 2, generator=torch.Generator().manual_seed(seed))
    assert not torch.equal(chains, start)
    assert drift(index_of(chains, states(7)), p) < 4.5


def test_cd_with_sampled_visible_units_keeps_it_and_with_means_does_not() -> None:
    rbm, (start, p) = small_rbm(), exact_samples()
    generator = torch.Generator().manual_seed(4)
    sampled = contrastive_phases(rbm, start, 3, visible_samples=True, generator=generator)
    assert drift(index_of(sampled.v_model, states(7)), p) < 4.5
    mean_field = contrastive_phases(rbm, start, 3, visible_samples=False, generator=generator)
    assert ((mean_field.v_model > 0.01) & (mean_field.v_model < 0.99)).any()


def test_thresholds_are_drawn_for_each_case_and_unit() -> None:
    # Known bug: one threshold a unit shared by the whole batch, so that all rows switch together.
    samples = sample_bernoulli(torch.full((1009, 13), 0.5), torch.Generator().manual_seed(1))
    correlation = torch.corrcoef(samples).nan_to_num().fill_diagonal_(0)
    assert samples.mean(1).std() < 0.2
    assert correlation.abs().mean() < 0.3


def test_fast_samples_follow_their_probabilities() -> None:
    generator = torch.Generator().manual_seed(7)
    probability = torch.tensor([0.0, 1e-4, 0.003, 0.1, 0.5, 0.77, 0.9999, 1.0])
    rows = 400_003
    samples = sample_bernoulli(probability.expand(rows, -1).contiguous(), generator)
    sigma = (probability * (1 - probability) / rows).sqrt()
    assert set(samples.unique().tolist()) == {0.0, 1.0}
    assert ((samples.mean(0) - probability).abs() <= 4.5 * sigma + 2**-17).all()
    assert samples[:, 0].sum() == 0
    assert samples[:, -1].mean() == 1


def test_fast_samples_are_reproducible_and_independent_between_calls() -> None:
    probability = torch.rand(101, 37, generator=torch.Generator().manual_seed(1))
    first = sample_bernoulli(probability, torch.Generator().manual_seed(9))
    generator = torch.Generator().manual_seed(9)
    assert torch.equal(first, sample_bernoulli(probability, generator))
    assert not torch.equal(first, sample_bernoulli(probability, generator))


def test_top_chain_of_a_dbn_keeps_the_distribution_of_its_top_rbm() -> None:
    top, (start, p) = small_rbm(), exact_samples()
    dbn = DBN.of([small_rbm(11, 7), top])
    generator = torch.Generator().manual_seed(6)
    state = dbn.layers[-1].gibbs(top.sample_h(start, generator)[1], 3, generator)
    assert drift(index_of(state.v, states(7)), p) < 4.5
    # ... and one down pass takes it to the image, no further sampling in the layers below.
    torch.testing.assert_close(dbn.down(state.v, 1), dbn.layers[0].visible_mean(state.v))
