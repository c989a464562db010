"""Learnt standard deviations of Gaussian visible units: the right gradient, bounded, and found on real spreads."""

import math

import pytest
import torch

from dbn_core.config import TrainingConfig
from dbn_core.models import RBM
from dbn_core.models.units import Gaussian
from dbn_core.training.rules.gradients import Phases, contrastive_phases
from dbn_core.training.rules.update import UpdateState, apply_update
from tests.models.test_gaussian import gaussian_rbm

SPREADS = torch.tensor([0.2, 0.5, 0.9], dtype=torch.float64)


def deviations(rbm: RBM) -> torch.Tensor:
    assert isinstance(rbm.visible_units, Gaussian)
    return torch.exp(rbm.visible_units.log_variance / 2)


def training(**settings: object) -> TrainingConfig:
    return TrainingConfig.model_validate({"weight_decay": 0.0, "learn_variance": True, **settings})


@pytest.mark.parametrize("visible_samples", [True, False])
def test_the_update_is_the_rate_times_the_gradient_of_the_difference_of_free_energies(visible_samples: bool) -> None:
    rbm = gaussian_rbm(3, 5)
    units = rbm.visible_units
    assert isinstance(units, Gaussian)
    units.log_variance.fill_(-1.0)
    generator = torch.Generator().manual_seed(2)
    v, model = (torch.randn(rows, 3, generator=generator, dtype=torch.float64) for rows in (13, 11))
    phases = Phases(units.coupling(v), rbm.hidden_mean(v), units.coupling(model), rbm.hidden_mean(model))
    units.log_variance.requires_grad_(True)
    (rbm.free_energy(model).mean() - rbm.free_energy(v).mean()).backward()
    gradient = units.log_variance.grad
    units.log_variance.requires_grad_(False)
    assert gradient is not None
    # Means of v lack their own spread: E[(v - b)^2] / (2 s^2) is larger by one half.
    expected = gradient - (0.0 if visible_samples else 0.5)
    state = UpdateState.zero(rbm, v.mean(0))
    apply_update(rbm, state, phases, training(visible_samples=visible_samples), 0.01, 0.0)
    torch.testing.assert_close(units.log_variance, -1.0 + 0.01 * expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("visible_samples", [True, False])
def test_the_spread_of_each_pixel_is_found(visible_samples: bool) -> None:
    generator = torch.Generator().manual_seed(1)
    data = torch.randn(4001, 3, generator=generator, dtype=torch.float64) * SPREADS
    rbm = RBM(3, 2, "gaussian", generator=generator, dtype=torch.float64)
    state, config = UpdateState.zero(rbm, data.mean(0)), training(visible_samples=visible_samples)
    for step in range(600):
        rows = data[torch.arange(97) + 97 * (step % 41)]
        phases = contrastive_phases(rbm, rows, 1, visible_samples=visible_samples, generator=generator)
        rbm.W.zero_()  # hidden units that learnt the spread would leave less of it to the deviations
        apply_update(rbm, state, phases, config, 0.06 * (1 - step / 600), 0.0)
    assert ((deviations(rbm) / SPREADS).log().abs() < math.log(1.15)).all()


def test_deviations_stay_within_their_bounds_on_data_that_pull_outside() -> None:
    rbm = RBM(3, 2, "gaussian", generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    generator = torch.Generator().manual_seed(1)
    data = torch.randn(101, 3, generator=generator, dtype=torch.float64) * torch.tensor([0.001, 0.5, 9.0]).double()
    state = UpdateState.zero(rbm, data.mean(0))
    for _ in range(400):
        phases = contrastive_phases(rbm, data, 1, visible_samples=True, generator=generator)
        rbm.W.zero_()
        apply_update(rbm, state, phases, training(visible_samples=True), 0.02, 0.5)
    assert deviations(rbm).min().item() == pytest.approx(0.1)
    assert deviations(rbm).max().item() == pytest.approx(1.1)


def test_deviations_stand_still_unless_they_are_to_be_learnt() -> None:
    rbm = gaussian_rbm(3, 5)
    before = deviations(rbm).clone()
    v = torch.randn(13, 3, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    phases = contrastive_phases(rbm, v, 1, generator=torch.Generator().manual_seed(3))
    state = UpdateState.zero(rbm, v.mean(0))
    apply_update(rbm, state, phases, training(learn_variance=False), 0.1, 0.0)
    assert torch.equal(deviations(rbm), before)
    assert "velocity.log_variance" in state.tensors()
