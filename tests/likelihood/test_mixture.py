"""The mixture of Bernoullis that a model is compared with."""

import pytest
import torch

from dbn_core.likelihood import Mixture

PIXELS = 7


def three_kinds(cases: int, seed: int) -> torch.Tensor:
    """Bits around three patterns."""
    generator = torch.Generator().manual_seed(seed)
    patterns = torch.tensor([[1, 1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1, 1]]).float()
    means = patterns[torch.arange(cases) % 3] * 0.9 + 0.05
    return (torch.rand(cases, PIXELS, generator=generator) < means).float()


def test_its_probabilities_of_all_states_add_up_to_one() -> None:
    mixture = Mixture(three_kinds(101, 1), 5, seed=3)
    states = (torch.arange(2**PIXELS)[:, None] >> torch.arange(PIXELS) & 1).float()
    total = sum(torch.tensor(mixture.log_likelihood(state[None])).exp() for state in states)
    assert float(total) == pytest.approx(1.0, abs=1e-5)


def test_one_component_is_base_rates_and_three_find_three_kinds() -> None:
    seen, held = three_kinds(601, 1), three_kinds(307, 2)
    mean = (seen.sum(0) + 1) / (len(seen) + 2)
    base = (held * mean.log() + (1 - held) * (1 - mean).log()).sum(1).mean().item()
    one, three = (Mixture(seen, count, seed=0).log_likelihood(held) for count in (1, 3))
    assert one == pytest.approx(base, abs=0.01)
    entropy = -(0.05 * torch.tensor(0.05).log() + 0.95 * torch.tensor(0.95).log()).item() * PIXELS
    best = -entropy - torch.tensor(3.0).log().item()
    assert best - 0.25 < three < best + 0.25
    assert three > one + 0.5


def test_it_is_the_same_for_the_same_seed_and_has_no_more_components_than_images() -> None:
    few = three_kinds(11, 4)
    assert Mixture(few, 50, 7).log_likelihood(few) == Mixture(few, 11, 7).log_likelihood(few)
