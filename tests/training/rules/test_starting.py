"""Where a layer's biases start: at the data's means, and where it is asked for at the sparsity target."""

import pytest
import torch

from dbn_core.config import TrainingConfig
from dbn_core.models import RBM
from dbn_core.models.units import units_of
from dbn_core.training.rules.starting import field_when_on, set_biases
from tests.training.test_stages import run, settings

CASES, VISIBLE, HIDDEN = 997, 113, 31


def data(visible: str) -> torch.Tensor:
    """Columns of very different means, as pixels have."""
    generator = torch.Generator().manual_seed(1)
    means = torch.rand(VISIBLE, generator=generator, dtype=torch.float64) ** 3
    if visible == "gaussian":
        return means * 4 + torch.randn(CASES, VISIBLE, generator=generator, dtype=torch.float64)
    return (torch.rand(CASES, VISIBLE, generator=generator) < means).double()


def started(visible: str, hidden: str, **training: object) -> tuple[RBM, torch.Tensor]:
    """The start, and how often each unit is then on, (hidden,)."""
    rbm = RBM(VISIBLE, HIDDEN, visible, hidden, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    cases = data(visible)
    set_biases(rbm, cases.mean(0), TrainingConfig.model_validate(training))
    field = rbm.hidden_field(cases)
    return rbm, rbm.hidden_units.on(field, rbm.hidden_units.mean(field)).mean(0)


@pytest.mark.parametrize("hidden", ["bernoulli", "relu", "stepped"])
@pytest.mark.parametrize("visible", ["bernoulli", "gaussian"])
@pytest.mark.parametrize("target", [0.03, 0.1, 0.6])
def test_each_unit_is_on_as_often_as_the_target_says_before_the_first_update(
    visible: str, hidden: str, target: float
) -> None:
    wanted = {"sparsity_target": target, "initial_hidden_bias": None}
    _, on = started(visible, hidden, **wanted)
    spread = 0.2 if visible == "gaussian" else 0.05  # of the fields over the images, which the formula leaves out
    torch.testing.assert_close(on, torch.full_like(on, target), rtol=spread, atol=0)


def test_bits_start_at_the_logit_less_what_the_mean_input_sends() -> None:
    rbm, _ = started("bernoulli", "bernoulli", sparsity_target=0.2, initial_hidden_bias=None)
    mean = data("bernoulli").mean(0)
    torch.testing.assert_close(rbm.h_bias, torch.logit(torch.tensor(0.2)).double() - rbm.W @ mean)
    torch.testing.assert_close(rbm.v_bias, torch.logit(mean.clamp(1e-3, 1 - 1e-3)))


def test_a_bias_that_is_set_is_the_start_and_without_a_target_it_is_0() -> None:
    rbm, _ = started("bernoulli", "bernoulli", sparsity_target=0.2, initial_hidden_bias=-1.5)
    assert (rbm.h_bias == -1.5).all()
    rbm, _ = started("bernoulli", "bernoulli", initial_hidden_bias=None)
    assert (rbm.h_bias == 0).all()


@pytest.mark.parametrize("hidden", ["bernoulli", "relu", "stepped"])
@pytest.mark.parametrize("share", [0.001, 0.3, 0.99])
def test_the_field_of_a_share_is_where_units_are_on_so_often(hidden: str, share: float) -> None:
    units = units_of(hidden, "hidden", 1)
    field = torch.tensor([[field_when_on(units, share)]], dtype=torch.float64)
    assert units.on(field, units.mean(field)).item() == pytest.approx(share, rel=1e-6)


@pytest.mark.parametrize("order", ["greedy", "together"])
def test_every_layer_is_in_the_band_from_its_first_look_on(order: str) -> None:
    config = settings(
        layers=[31, 23, 17],
        **{
            "training.order": order,
            "training.centring": True,
            "training.sparsity_target": 0.1,
            "training.sparsity_cost": 0.5,
            "training.initial_hidden_bias": None,
        },
    )
    _, recorder, _ = run(config)
    activity = [(position.stage, values["sparsity"]) for position, values in recorder.rows if "sparsity" in values]
    assert {stage for stage, _ in activity} == {"layer1", "layer2", "layer3"}
    assert all(0.05 < value < 0.2 for _, value in activity), activity
