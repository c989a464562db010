"""Properties that hold for every size, k, batch and kind of visible units (hypothesis)."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from dbn_core.likelihood import exact_log_partition
from dbn_core.likelihood.path import Path
from dbn_core.models import RBM
from dbn_core.models.units import BernoulliWithLabel
from dbn_core.training.rules.fast_weights import FastWeights, fast_phases
from dbn_core.training.rules.gradients import Offsets, Phases, contrastive_phases, persistent_phases
from dbn_core.training.rules.tempering import Replicas, swap_log_ratio, tempered_phases
from tests.exact import states
from tests.models.test_softmax import one_hot_states

BINARY = ["bernoulli", "label", "softmax"]
KINDS = [*BINARY, "gaussian"]
GRADED = [*KINDS, "stepped"]  # the last by its hidden units
LABELS = 2
CATEGORIES = 3
proved = settings(max_examples=12, deadline=None, derandomize=True)
sizes = st.integers(2, 6)
# A training that ran before in this process may have set denormals to zero.
temperatures = st.integers(0, 1000).map(lambda part: part / 1000)
seeds = st.integers(0, 10_000)


def for_every(kinds: list[str], **more: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A property of every kind at any size and seed, and of whatever `more` ranges over."""
    ranges = {"visible": sizes, "hidden": sizes, "seed": seeds} | more

    def decorate(prove: Callable[..., None]) -> Callable[..., None]:
        proof = proved(given(**ranges)(prove))
        return pytest.mark.parametrize("kind", kinds)(proof)

    return decorate


def rbm_of(kind: str, visible: int, hidden: int, seed: int, scale: float = 0.8) -> RBM:
    generator = torch.Generator().manual_seed(seed)
    if kind == "label":
        rbm = RBM(visible + LABELS, hidden, BernoulliWithLabel(LABELS), dtype=torch.float64)
    elif kind == "softmax":
        rbm = RBM(visible * CATEGORIES, hidden, kind, categories=CATEGORIES, dtype=torch.float64)
    elif kind == "stepped":
        rbm = RBM(visible, hidden, hidden=kind, dtype=torch.float64)
    else:
        rbm = RBM(visible, hidden, kind, dtype=torch.float64)
    for parameter in rbm.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * scale)
    return rbm


def every_state(kind: str, visible: int) -> Tensor:
    """All visible states of binary kinds."""
    if kind == "bernoulli":
        return states(visible)
    if kind == "softmax":
        return one_hot_states(visible)
    pairs = itertools.product(states(visible), torch.eye(LABELS, dtype=torch.float64))
    return torch.stack([torch.cat(pair) for pair in pairs])


def batch_of(rbm: RBM, rows: int, seed: int) -> Tensor:
    mean = torch.full((rows, rbm.n_visible), 0.4, dtype=torch.float64)
    return rbm.visible_units.sample(mean, torch.Generator().manual_seed(seed))


@for_every(KINDS, rows=st.integers(1, 7))
def test_free_energy_is_minus_logsumexp_of_minus_the_energy(
    kind: str, visible: int, hidden: int, rows: int, seed: int
) -> None:
    rbm = rbm_of(kind, visible, hidden, seed)
    v, h = batch_of(rbm, rows, seed), states(hidden)
    energies = torch.stack([rbm.energy(v, one.expand(rows, -1)) for one in h])
    torch.testing.assert_close(rbm.free_energy(v), -torch.logsumexp(-energies, 0), rtol=1e-10, atol=1e-10)


@for_every(BINARY)
def test_log_partition_is_the_same_from_both_sides(kind: str, visible: int, hidden: int, seed: int) -> None:
    rbm = rbm_of(kind, visible, hidden, seed)
    h = states(hidden)
    by_visible = torch.logsumexp(-rbm.free_energy(every_state(kind, visible)), 0)
    by_hidden = torch.logsumexp(h @ rbm.h_bias + rbm.visible_units.log_partition(rbm.visible_field(h)), 0)
    torch.testing.assert_close(by_visible, by_hidden, rtol=1e-10, atol=1e-10)
    assert exact_log_partition(rbm) == pytest.approx(by_hidden.item(), rel=1e-10)


@for_every(GRADED, rows=st.integers(1, 7), chains=st.integers(1, 5))
def test_the_closed_form_is_the_gradient_of_the_difference_of_free_energies(
    kind: str, visible: int, hidden: int, rows: int, chains: int, seed: int
) -> None:
    rbm = rbm_of(kind, visible, hidden, seed)
    v, model = batch_of(rbm, rows, seed), batch_of(rbm, chains, seed + 1)
    coupling = rbm.visible_units.coupling
    formula = Phases(coupling(v), rbm.hidden_mean(v), coupling(model), rbm.hidden_mean(model)).gradient()
    parameters = [rbm.W, rbm.v_bias, rbm.h_bias]
    for parameter in parameters:
        parameter.requires_grad_(True)
    objective = rbm.free_energy(model).mean() - rbm.free_energy(v).mean()
    for mine, truth in zip(formula, torch.autograd.grad(objective, parameters), strict=True):
        torch.testing.assert_close(mine, truth, rtol=1e-9, atol=1e-9)


@for_every(GRADED, rows=st.integers(2, 9), cut=st.integers(1, 8))
def test_the_gradient_of_a_batch_is_the_weighted_mean_over_any_cut_of_it(
    kind: str, visible: int, hidden: int, rows: int, cut: int, seed: int
) -> None:
    rbm, cut = rbm_of(kind, visible, hidden, seed), min(cut, rows - 1)
    v, model = batch_of(rbm, rows, seed), batch_of(rbm, 5, seed + 1)
    coupling = rbm.visible_units.coupling
    offsets = Offsets(coupling(v).mean(0), rbm.hidden_mean(v).mean(0))

    def gradient(part: Tensor) -> Tensor:
        phases = Phases(coupling(part), rbm.hidden_mean(part), coupling(model), rbm.hidden_mean(model))
        return torch.cat([each.flatten() for each in phases.gradient(offsets)])

    parts = (cut * gradient(v[:cut]) + (rows - cut) * gradient(v[cut:])) / rows
    torch.testing.assert_close(gradient(v), parts, rtol=1e-9, atol=1e-12)


@for_every(GRADED, k=st.integers(1, 4), chains=st.integers(1, 5))
def test_every_negative_phase_pairs_its_states_with_their_own_probabilities(
    kind: str, visible: int, hidden: int, k: int, chains: int, seed: int
) -> None:
    rbm = rbm_of(kind, visible, hidden, seed)
    v, start = batch_of(rbm, 3, seed), batch_of(rbm, chains, seed + 1)
    generator = torch.Generator().manual_seed(seed)
    replicas = Replicas.start(rbm, rbm.v_bias, chains, 3, generator)
    several = [
        contrastive_phases(rbm, v, k, visible_samples=True, generator=generator),
        persistent_phases(rbm, v, start.clone(), k, generator=generator),
        fast_phases(rbm, v, start.clone(), FastWeights(rbm), k, generator=generator),
        tempered_phases(rbm, v, replicas, k, generator=generator),
    ]
    scale = rbm.visible_units.coupling(torch.ones(1, rbm.n_visible, dtype=torch.float64))
    for phases in several:
        torch.testing.assert_close(phases.h_model, rbm.hidden_mean(phases.v_model / scale), rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(phases.h_data, rbm.hidden_mean(v), rtol=1e-12, atol=1e-12)


@for_every(KINDS, low=temperatures, high=temperatures)
def test_a_swap_is_in_detailed_balance_for_every_pair_of_states(
    kind: str, visible: int, hidden: int, low: float, high: float, seed: int
) -> None:
    rbm = rbm_of(kind, visible, hidden, seed)
    v, h, path = batch_of(rbm, 4, seed), states(hidden), Path(rbm, rbm.v_bias.flip(0))

    def log_p(t: float) -> Tensor:
        """Log p*_t(v) by summing over every hidden state."""
        base = rbm.visible_units.energy(v, path.base)
        joint = torch.stack([rbm.energy(v, one.expand(len(v), -1)) for one in h])
        return torch.logsumexp(-(1 - t) * base - t * joint, 0)

    field, t, other = (
        rbm.hidden_field(v)[None],
        torch.tensor([low], dtype=torch.float64),
        torch.tensor([high], dtype=torch.float64),
    )
    up, down = swap_log_ratio(path, v[None], field, t, other)[0], swap_log_ratio(path, v[None], field, other, t)[0]
    torch.testing.assert_close(up, log_p(high) - log_p(low), rtol=1e-8, atol=1e-8)
    torch.testing.assert_close(up, -down, rtol=1e-10, atol=1e-10)


@for_every(BINARY, visible=st.integers(2, 4), hidden=st.integers(2, 4))
def test_a_full_gibbs_step_leaves_the_distribution_as_it_is_by_its_matrix(
    kind: str, visible: int, hidden: int, seed: int
) -> None:
    rbm, every, h = rbm_of(kind, visible, hidden, seed), every_state(kind, visible), states(hidden)
    p = torch.softmax(-rbm.free_energy(every), 0)
    mean = rbm.hidden_mean(every)[:, None]
    up = torch.where(h[None] == 1, mean, 1 - mean).prod(2)
    field = rbm.visible_field(h)
    down = torch.exp(field @ every.t() - rbm.visible_units.log_partition(field)[:, None])
    torch.testing.assert_close(down.sum(1), torch.ones(len(h), dtype=torch.float64))
    torch.testing.assert_close(p @ up @ down, p, rtol=1e-10, atol=1e-12)
