"""What the gradient of an RBM of any kinds of units has to hold, in float64; its truth comes by enumeration."""

from collections.abc import Sequence

import torch
from torch import Tensor

from dbn_core.models import RBM
from dbn_core.training.rules.gradients import contrastive_divergence, contrastive_phases


def prove_autograd_and_closed_form(rbm: RBM, data: Tensor, every: Tensor, truth: Sequence[Tensor]) -> None:
    """Both are the truth, d/d(W, b, c) of the mean log p of the rows of `data`. every: all visible states."""
    p = torch.softmax(-rbm.free_energy(every), 0)
    up, down = rbm.hidden_mean(data), rbm.hidden_mean(every)
    closed = (
        up.t() @ data / len(data) - (down * p[:, None]).t() @ every,
        data.mean(0) - p @ every,
        up.mean(0) - p @ down,
    )
    parameters = [rbm.W, rbm.v_bias, rbm.h_bias]
    for parameter in parameters:
        parameter.requires_grad_(True)
    log_p = -rbm.free_energy(data).mean() - torch.logsumexp(-rbm.free_energy(every), 0)
    for graph, formula, enumerated in zip(torch.autograd.grad(log_p, parameters), closed, truth, strict=True):
        torch.testing.assert_close(graph, enumerated, rtol=1e-10, atol=1e-10)
        torch.testing.assert_close(formula, enumerated, rtol=1e-10, atol=1e-10)


def prove_mean_of_cd_tends_to(truth: Sequence[Tensor], rbm: RBM, data: Tensor) -> None:
    """As k grows."""
    exact = _flat(truth)

    def error(k: int) -> float:
        generator = torch.Generator().manual_seed(5)
        estimate = contrastive_divergence(rbm, data.repeat(4001, 1), k, visible_samples=True, generator=generator)
        return (_flat(estimate) - exact).norm().item()

    one, three, thirty = error(1), error(3), error(30)
    assert one > 2 * three > 2 * thirty
    assert thirty < 0.03 * exact.norm().item()


def ascend_by_cd(rbm: RBM, data: Tensor, updates: int, rate: float, generator: torch.Generator) -> None:
    """Updates by CD-3 on all the data, in place."""
    for _ in range(updates):
        gradient = contrastive_phases(rbm, data, 3, visible_samples=True, generator=generator).gradient()
        for parameter, direction in zip((rbm.W, rbm.v_bias, rbm.h_bias), gradient, strict=True):
            parameter.add_(direction, alpha=rate)


def _flat(gradient: Sequence[Tensor]) -> Tensor:
    return torch.cat([part.flatten() for part in gradient])
