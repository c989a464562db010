"""Mixed precision: what is rounded, how little it does, and that nothing else changes."""

import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError
from dbn_core.models import RBM
from dbn_core.models.mixed import MixedRBM, RoundedProduct
from dbn_core.training.rules.gradients import Phases, contrastive_phases
from dbn_core.training.rules.update import UpdateState, apply_update
from tests.stripes import stripes_log_likelihood


def rbm_and_batch(seed: int = 3) -> tuple[RBM, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    rbm = RBM(211, 97, generator=generator)
    rbm.W.mul_(20)
    return rbm, torch.rand(61, 211, generator=generator)


def test_fields_are_those_of_rounded_factors_and_unrounded_biases() -> None:
    rbm, v = rbm_and_batch()
    rbm.h_bias.copy_(torch.linspace(-300, 300, 97))
    field = MixedRBM(rbm).hidden_field(v)
    product = v.bfloat16().double() @ rbm.W.bfloat16().double().t()
    # The product itself is rounded once more, to 8 significant bits; a bias of 300 would lose far more.
    assert field.dtype == torch.float32
    assert ((field - rbm.h_bias).double() - product).abs().max() < 2**-8 * product.abs().max() + 1e-4


def test_a_changed_weight_is_seen_after_refresh() -> None:
    rbm, v = rbm_and_batch()
    mixed = MixedRBM(rbm)
    rbm.W.neg_()
    before = mixed.hidden_field(v)
    mixed.refresh()
    torch.testing.assert_close(mixed.hidden_field(v), -before, rtol=1e-6, atol=1e-6)


def test_the_rounded_gradient_points_where_the_exact_one_does() -> None:
    rbm, v = rbm_and_batch()
    phases = contrastive_phases(rbm, v, 1, generator=torch.Generator().manual_seed(0))
    moved = []
    for mixed in (False, True):
        other = RBM(211, 97)
        rounded = RoundedProduct(other.W) if mixed else None
        state = UpdateState.zero(other, v.mean(0))
        apply_update(other, state, phases, RunConfig().training, 0.1, 0.9, rounded=rounded)
        moved.append(state.W)
    off = (moved[1] - moved[0]).norm() / moved[0].norm()
    assert 0 < off < 0.01  # rounded, and by less than a hundredth of its length


def test_phases_with_rows_of_different_numbers_are_averaged_each_by_its_own() -> None:
    rbm, v = rbm_and_batch()
    h = rbm.hidden_mean(v)
    state = UpdateState.zero(rbm, v.mean(0))
    same = Phases(v, h, v.repeat(3, 1), h.repeat(3, 1))  # the same means in both phases: no gradient
    training = RunConfig().training.model_copy(update={"weight_decay": 0.0})
    apply_update(rbm, state, same, training, 0.1, 0.0, rounded=RoundedProduct(rbm.W))
    assert state.W.abs().max() < 0.1 * 2**-8


def test_the_memory_of_a_product_serves_batches_of_other_sizes() -> None:
    left, right = torch.rand(9, 5), torch.rand(9, 7)
    product = RoundedProduct(torch.zeros(5, 7))
    for cases in (4, 9, 3):  # grows once, then is used in part
        exact = left[:cases].t() @ right[:cases]
        given = product((left[:2], left[2:cases]), (right[:1], right[1:cases]))
        assert (given - exact).abs().max() < 2**-7 * exact.abs().max()


@pytest.mark.parametrize("precision", ["tf32", "mixed"])
def test_tempering_is_refused_with_the_choices_there_are(precision: str) -> None:
    with pytest.raises(ConfigError, match=r"choose float32, or training\.method cd, pcd or fpcd"):
        RunConfig().with_values({"precision": precision, "training.method": "tempering"})


def test_bars_and_stripes_are_learnt_as_well_as_in_float32() -> None:
    """By exact likelihood: the best there is is -log 14 = -2.639 nats."""
    reached = {precision: stripes_log_likelihood(precision) for precision in ("float32", "mixed")}
    assert reached["float32"] != reached["mixed"]  # it was in force
    assert min(reached.values()) > -3.0
    assert abs(reached["mixed"] - reached["float32"]) < 0.1
