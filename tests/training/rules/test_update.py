"""One parameter update: what is moved, by how much, and the settings that shape it."""

import math

import pytest
import torch

from dbn_core.config import RunConfig, TrainingConfig
from dbn_core.models import RBM
from dbn_core.training.rules import schedules
from dbn_core.training.rules.gradients import Phases
from dbn_core.training.rules.update import UpdateState, apply_update
from tests.exact import small_rbm


def phases(rbm: RBM, seed: int = 2) -> Phases:
    generator = torch.Generator().manual_seed(seed)
    v = (torch.rand(13, rbm.n_visible, generator=generator) < 0.4).double()
    model = (torch.rand(11, rbm.n_visible, generator=generator) < 0.6).double()
    return Phases(v, rbm.hidden_mean(v), model, rbm.hidden_mean(model))


def state(rbm: RBM) -> UpdateState:
    return UpdateState.zero(rbm, torch.full((rbm.n_visible,), 0.4, dtype=torch.float64))


def training(**settings: object) -> TrainingConfig:
    return TrainingConfig.model_validate({"weight_decay": 0.0, **settings})


def parameters(rbm: RBM) -> list[torch.Tensor]:
    return [rbm.W.clone(), rbm.v_bias.clone(), rbm.h_bias.clone()]


@pytest.mark.parametrize("centring", [False, True])
def test_the_fused_update_is_the_rate_times_the_written_gradient(centring: bool) -> None:
    rbm = small_rbm()
    before, statistics, memory = parameters(rbm), phases(rbm), state(rbm)
    apply_update(rbm, memory, statistics, training(centring=centring), 0.05, 0.0)
    # The offsets move first, so the gradient is centred by the means that include this batch.
    expected = Phases(*statistics).gradient(memory.offsets if centring else None)
    for old, new, direction in zip(before, parameters(rbm), expected, strict=True):
        torch.testing.assert_close(new, old + 0.05 * direction, rtol=1e-10, atol=1e-12)


def test_momentum_is_not_multiplied_by_the_learning_rate() -> None:
    rbm = small_rbm()
    memory, statistics = state(rbm), phases(rbm)
    apply_update(rbm, memory, statistics, training(), 0.05, 0.7)
    first = memory.W.clone()
    apply_update(rbm, memory, statistics, training(), 0.05, 0.7)
    torch.testing.assert_close(memory.W, 0.7 * first + first, rtol=1e-12, atol=1e-14)


def test_decay_pulls_weights_only_and_within_the_learning_rate() -> None:
    plain, decayed = small_rbm(), small_rbm()
    start = plain.W.clone()
    apply_update(plain, state(plain), phases(plain), training(), 0.05, 0.0)
    apply_update(decayed, state(decayed), phases(decayed), training(weight_decay=0.3), 0.05, 0.0)
    torch.testing.assert_close(decayed.W, plain.W - 0.05 * 0.3 * start, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(decayed.v_bias, plain.v_bias)
    torch.testing.assert_close(decayed.h_bias, plain.h_bias)


def test_l1_decay_shrinks_each_weight_by_the_rate_times_it_and_nothing_else() -> None:
    rbm = small_rbm()
    with torch.no_grad():
        rbm.W[0, 0] = 0.0
    before, v = parameters(rbm), phases(rbm).v_data
    h = rbm.hidden_mean(v)
    # Model equal to data: the likelihood's own gradient is zero and only the pull acts.
    apply_update(rbm, state(rbm), Phases(v, h, v, h), training(l1_decay=0.03), 0.05, 0.0)
    torch.testing.assert_close(rbm.W, before[0] - 0.05 * 0.03 * before[0].sign(), rtol=0, atol=1e-15)
    assert abs(rbm.W[0, 0].item()) < 1e-15, "which has no sign"
    moved = before[0].abs() > 0.05 * 0.03
    torch.testing.assert_close((before[0].abs() - rbm.W.abs())[moved], torch.full_like(before[0], 0.0015)[moved])
    torch.testing.assert_close(parameters(rbm)[1:], before[1:], rtol=0, atol=1e-15)


def test_both_decays_add_up_and_none_is_bit_identical_with_no_such_term() -> None:
    plain, none, both = small_rbm(), small_rbm(), small_rbm()
    start = plain.W.clone()
    apply_update(plain, state(plain), phases(plain), training(), 0.05, 0.0)
    apply_update(none, state(none), phases(none), training(l1_decay=0.0), 0.05, 0.0)
    apply_update(both, state(both), phases(both), training(l1_decay=0.03, weight_decay=0.3), 0.05, 0.0)
    assert torch.equal(none.W, plain.W)
    expected = plain.W - 0.05 * (0.3 * start + 0.03 * start.sign())
    torch.testing.assert_close(both.W, expected, rtol=1e-12, atol=1e-14)


def test_l1_decay_may_come_as_a_scalar_of_the_device() -> None:
    floats, scalars = small_rbm(), small_rbm()
    rate, momentum = torch.tensor(0.05, dtype=torch.float64), torch.tensor(0.0, dtype=torch.float64)
    apply_update(floats, state(floats), phases(floats), training(l1_decay=0.03), 0.05, 0.0)
    apply_update(scalars, state(scalars), phases(scalars), training(l1_decay=0.03), rate, momentum)
    torch.testing.assert_close(scalars.W, floats.W, rtol=1e-12, atol=1e-14)


def test_clamp_bounds_weights_and_biases() -> None:
    rbm = small_rbm(scale=3.0)
    assert rbm.W.abs().max() > 0.5
    apply_update(rbm, state(rbm), phases(rbm), training(clamp=0.5), 0.05, 0.0)
    assert max(parameter.abs().max().item() for parameter in rbm.parameters()) == 0.5


@pytest.mark.parametrize("centring", [False, True])
def test_sparsity_pulls_the_mean_activity_to_its_target_from_both_sides(centring: bool) -> None:
    settings = training(sparsity_target=0.1, sparsity_cost=5.0, sparsity_decay=0.5, centring=centring)
    for bias in (-6.0, 2.0):
        rbm = small_rbm(scale=0.1)
        rbm.h_bias.fill_(bias)
        v = (torch.rand(101, 7, generator=torch.Generator().manual_seed(1)) < 0.4).double()
        memory = UpdateState.zero(rbm, v.mean(0))
        for _ in range(300):
            h = rbm.hidden_mean(v)
            # Model equal to data: the likelihood's own gradient is zero and only the pull acts.
            apply_update(rbm, memory, Phases(v, h, v, h), settings, 0.2, 0.0)
        assert rbm.hidden_mean(v).mean(0).sub(0.1).abs().max() < 0.01


def test_with_centring_the_pull_is_that_on_the_parameters_of_the_centred_model() -> None:
    """E = -(v-m).b' - (h-l).c' - (h-l) W (v-m): the pull moves W and c', and b' not at all."""
    pulled, plain, statistics = small_rbm(), small_rbm(), phases(small_rbm())
    settings = {"sparsity_target": 0.1, "sparsity_cost": 3.0, "sparsity_decay": 0.5}
    memory, other = state(pulled), state(plain)
    apply_update(pulled, memory, statistics, training(centring=True, **settings), 0.05, 0.0)
    apply_update(plain, other, statistics, training(centring=True), 0.05, 0.0)
    m, hidden_offset = memory.offsets
    dW, db, dc = (mine - theirs for mine, theirs in zip(parameters(pulled), parameters(plain), strict=True))
    pull = 0.05 * 3.0 * (0.1 - memory.activity)
    torch.testing.assert_close(dW, torch.outer(pull, statistics.v_data.mean(0) - m), rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(dc + dW @ m, pull, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(db + dW.t() @ hidden_offset, torch.zeros_like(db), rtol=0, atol=1e-12)


def test_sparsity_is_driven_by_the_data_and_not_by_the_model() -> None:
    rbm = small_rbm()
    memory, statistics = state(rbm), phases(rbm)
    start = memory.activity.clone()
    apply_update(rbm, memory, statistics, training(sparsity_decay=0.9), 0.0001, 0.0)
    torch.testing.assert_close(memory.activity, 0.9 * start + 0.1 * statistics.h_data.mean(0))


def test_staged_rates_are_those_of_the_source_article() -> None:
    staged = training(schedule="staged", learning_rate=0.1)
    at = {epoch: schedules.learning_rate(staged, epoch, 200) for epoch in (0, 5, 10, 30, 50, 75, 100, 150)}
    assert at[0] == pytest.approx(0.1)
    assert at[10] == pytest.approx(0.01)
    assert at[50] == pytest.approx(0.001)
    assert at[100] == pytest.approx(0.0001) == at[150]
    assert at[5] == pytest.approx(math.sqrt(0.1 * 0.01))
    assert at[30] == pytest.approx(math.sqrt(0.01 * 0.001))


def test_linear_rate_reaches_zero_at_the_end_and_constant_stays() -> None:
    assert schedules.learning_rate(training(schedule="linear", learning_rate=0.2), 15, 20) == pytest.approx(0.05)
    assert schedules.learning_rate(training(learning_rate=0.2), 19.9, 20) == 0.2


def test_momentum_switches_after_its_epoch_and_a_live_change_is_felt_at_once() -> None:
    config = RunConfig().with_values({"training.momentum_switch": 3})
    assert schedules.momentum(config.training, 2.99) == 0.5
    assert schedules.momentum(config.training, 3.0) == 0.9
    changed = config.with_live_value("training.momentum", 0.2)
    assert schedules.momentum(changed.training, 0.0) == 0.2
