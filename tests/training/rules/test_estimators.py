"""The estimators behind `training.method`: one interface, and what each carries from update to update."""

import pytest
import torch
from torch import Tensor

from dbn_core.config import TrainingConfig
from dbn_core.errors import LikelihoodError
from dbn_core.kinds import HIDDEN
from dbn_core.models import RBM
from dbn_core.models.dbn import dream
from dbn_core.models.units import BernoulliWithLabel
from dbn_core.training.rules.estimators import Estimator, FastPersistentChains, new_estimator
from dbn_core.training.rules.fast_weights import FastWeights, fast_phases
from dbn_core.training.rules.gradients import Phases, persistent_phases
from dbn_core.training.rules.update import UpdateState, apply_update
from tests.exact import bars_and_stripes, drift, index_of, log_partition, small_rbm, states, visible_distribution
from tests.models.test_labels import labelled_rbm, legal_states
from tests.training.rules.test_chains import CHAINS, exact_samples
from tests.training.test_chain_health import two_wells

METHODS = ["cd", "pcd", "fpcd", "tempering"]
KINDS = ["bernoulli", "gaussian", "label", "softmax", "stepped", "relu"]


def training(method: str, **settings: object) -> TrainingConfig:
    sizes = {"chains": 17, "temperatures": 5}
    return TrainingConfig.model_validate({"method": method, "weight_decay": 0.0, **sizes, **settings})


def rbm_of(kind: str) -> RBM:
    if kind in HIDDEN:
        return RBM(11, 7, hidden=kind, generator=torch.Generator().manual_seed(1))
    units = BernoulliWithLabel(3) if kind == "label" else kind
    categories = 11 if kind == "softmax" else None
    return RBM(11, 7, units, categories=categories, generator=torch.Generator().manual_seed(1))


def batch_of(rbm: RBM, rows: int = 13) -> Tensor:
    mean = torch.full((rows, rbm.n_visible), 1 / 3)
    return rbm.visible_units.sample(mean, torch.Generator().manual_seed(2))


def learn(rbm: RBM, estimator: Estimator, state: UpdateState, config: TrainingConfig, seed: int, updates: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(updates):
        phases = estimator.phases(rbm, batch_of(rbm), config.k, generator)
        apply_update(rbm, state, phases, config, 0.05, 0.5)
        estimator.updated(config, 0.05, phases)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", METHODS)
def test_a_restored_estimator_goes_on_bit_for_bit(method: str, kind: str) -> None:
    config, mean = training(method, k=2), torch.full((11,), 1 / 3)
    rbm = rbm_of(kind)
    if (method, kind) == ("tempering", "relu"):
        with pytest.raises(LikelihoodError, match="relu units has no likelihood"):
            new_estimator(config, rbm, mean, torch.Generator().manual_seed(3))
        return
    estimator = new_estimator(config, rbm, mean, torch.Generator().manual_seed(3))
    state = UpdateState.zero(rbm, mean)
    learn(rbm, estimator, state, config, 4, 3)
    saved = {name: tensor.clone() for name, tensor in (estimator.tensors() | state.tensors()).items()}

    other = rbm_of(kind)
    other.load_state_dict(rbm.state_dict())
    again = new_estimator(config, other, mean, torch.Generator().manual_seed(99))
    other_state = UpdateState.zero(other, mean)
    again.load(saved)
    other_state.load(saved)
    learn(rbm, estimator, state, config, 5, 3)
    learn(other, again, other_state, config, 5, 3)
    assert torch.equal(rbm.W, other.W)
    for name, tensor in (estimator.tensors() | state.tensors()).items():
        assert torch.equal(tensor, (again.tensors() | other_state.tensors())[name]), name
    assert estimator.health() == again.health()


@pytest.mark.parametrize("method", METHODS)
def test_chains_are_visible_states_of_the_model_and_cd_has_none(method: str) -> None:
    rbm = rbm_of("bernoulli")
    estimator = new_estimator(training(method), rbm, torch.full((11,), 0.3), torch.Generator().manual_seed(3))
    if method == "cd":
        assert estimator.chains is None
    else:
        assert estimator.chains is not None
        assert estimator.chains.shape == (17, 11)


@pytest.mark.parametrize("method", METHODS[1:])
def test_a_branch_from_another_method_or_size_starts_its_chains_afresh(method: str) -> None:
    rbm, mean = rbm_of("bernoulli"), torch.full((11,), 0.3)
    estimator = new_estimator(training(method), rbm, mean, torch.Generator().manual_seed(3))
    before = {name: tensor.clone() for name, tensor in estimator.tensors().items()}
    larger = new_estimator(training(method, chains=19), rbm, mean, torch.Generator().manual_seed(4))
    estimator.load(larger.tensors())
    estimator.load({})
    assert all(torch.equal(tensor, before[name]) for name, tensor in estimator.tensors().items())


def test_fast_weights_of_rate_zero_are_plain_persistent_chains() -> None:
    results = []
    for method in ("pcd", "fpcd"):
        config, rbm, mean = training(method, fast_learning_rate=0.0, k=2), rbm_of("bernoulli"), torch.full((11,), 0.3)
        estimator = new_estimator(config, rbm, mean, torch.Generator().manual_seed(3))
        learn(rbm, estimator, UpdateState.zero(rbm, mean), config, 4, 7)
        results.append((rbm.W.clone(), estimator.chains))
    assert torch.equal(results[0][0], results[1][0])
    assert torch.equal(results[0][1], results[1][1])


def test_fast_weights_follow_the_gradient_with_their_own_rate_and_shrink_by_a_twentieth() -> None:
    rbm = small_rbm()
    fast = FastWeights(rbm)
    generator = torch.Generator().manual_seed(2)
    v, model = ((torch.rand(rows, 7, generator=generator) < 0.5).double() for rows in (13, 11))
    phases = Phases(v, rbm.hidden_mean(v), model, rbm.hidden_mean(model))
    gradient = phases.gradient()
    fast.learn(phases, 0.3)
    fast.learn(phases, 0.3)
    for mine, direction in zip((fast.W, fast.v_bias, fast.h_bias), gradient, strict=True):
        torch.testing.assert_close(mine, 0.3 * (0.95 + 1) * direction, rtol=1e-10, atol=1e-12)


def test_chains_with_fast_weights_stay_at_the_distribution_of_the_sum() -> None:
    slow, target = small_rbm(scale=0.3, seed=12), small_rbm()
    fast = FastWeights(slow)
    fast.load({f"fast.{n}": getattr(target, n) - getattr(slow, n) for n in ("W", "v_bias", "h_bias")})
    start, p = exact_samples()
    chains = start.clone()
    phases = fast_phases(slow, start[:11], chains, fast, 3, generator=torch.Generator().manual_seed(3))
    assert drift(index_of(chains, states(7)), p) < 4.5
    # The statistics are those of the model that learns, not of the sum.
    torch.testing.assert_close(phases.h_model, slow.hidden_mean(chains))


def test_fast_weights_drive_chains_out_of_a_well_in_which_they_would_stay() -> None:
    data = torch.cat([torch.zeros(10, 19), torch.ones(10, 19)])

    def share_of_ones(rate: float) -> float:
        rbm = two_wells(1.0)
        config = training("fpcd", fast_learning_rate=rate)
        estimator = FastPersistentChains(rbm, torch.ones(101, 19))
        generator = torch.Generator().manual_seed(3)
        seen = []
        for _ in range(300):
            estimator.updated(config, 0.0, estimator.phases(rbm, data, 1, generator))
            seen.append(estimator.chains.mean().item())
        return sum(seen[100:]) / 200

    assert share_of_ones(0.0) > 0.95
    assert 0.2 < share_of_ones(0.5) < 0.8


@pytest.mark.parametrize("method", ["fpcd", "tempering"])
def test_bars_and_stripes_are_learnt_to_near_their_entropy(method: str) -> None:
    data = bars_and_stripes()
    rbm = RBM(9, 11, generator=torch.Generator().manual_seed(3))
    config = training(method, centring=True, chains=100, temperatures=4)
    state = UpdateState.zero(rbm, data.mean(0))
    generator = torch.Generator().manual_seed(4)
    estimator = new_estimator(config, rbm, data.mean(0), generator)
    updates = 1500
    for i in range(updates):
        rate = 0.05 * (1 - i / updates)
        phases = estimator.phases(rbm, data, config.k, generator)
        apply_update(rbm, state, phases, config, rate, 0.9)
        estimator.updated(config, rate, phases)
    exact = rbm.double()
    log_likelihood = (-exact.free_energy(data.double()) - log_partition(exact)).mean().item()
    assert -2.9 < log_likelihood < -2.639  # the entropy is log 14 = 2.639 nats; the uniform distribution has -6.24


def test_dreams_with_a_held_label_stay_at_the_distribution_given_the_label() -> None:
    top, v = labelled_rbm(), legal_states()
    p = torch.softmax(-top.free_energy(v), 0)
    for label in range(3):
        held = v[:, 5 + label] == 1
        exact = (p[held] / p[held].sum()) @ v[held][:, :5]
        means = dream(top, 20_011, 25, label, torch.Generator().manual_seed(label))
        assert ((means.mean(0) - exact).abs() / (means.std(0) / 20_011**0.5)).max() < 4.5


def test_a_partial_batch_takes_the_same_chains_as_a_full_one() -> None:
    rbm, p = small_rbm(), visible_distribution(small_rbm())
    every = states(7)
    start = every[torch.multinomial(p, CHAINS, replacement=True, generator=torch.Generator().manual_seed(1))]
    full, partial = start.clone(), start.clone()
    persistent_phases(rbm, every[:100], full, 1, generator=torch.Generator().manual_seed(2))
    persistent_phases(rbm, every[:3], partial, 1, generator=torch.Generator().manual_seed(2))
    assert torch.equal(full, partial)
