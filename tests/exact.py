"""Enumeration of small RBMs: the truth that estimators are held against. float64 throughout."""

import itertools

import numpy as np
import torch
from torch import Tensor

from dbn_core.models import RBM


def states(n: int) -> Tensor:
    """All 2^n binary states, (2^n, n)."""
    return torch.tensor(list(itertools.product([0.0, 1.0], repeat=n)), dtype=torch.float64)


def small_rbm(n_visible: int = 7, n_hidden: int = 5, *, scale: float = 0.6, seed: int = 11) -> RBM:
    """An RBM with weights and biases far from zero."""
    generator = torch.Generator().manual_seed(seed)
    rbm = RBM(n_visible, n_hidden, generator=generator, dtype=torch.float64)
    for parameter in rbm.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * scale)
    return rbm


def joint_energy(rbm: RBM) -> Tensor:
    """-b.v - c.h - h W v for every pair, (2^visible, 2^hidden), written out and not taken from the class."""
    v, h = states(rbm.n_visible), states(rbm.n_hidden)
    return -(v @ rbm.v_bias)[:, None] - (h @ rbm.h_bias)[None, :] - v @ rbm.W.t() @ h.t()


def log_partition(rbm: RBM) -> Tensor:
    """Log Z over all pairs."""
    return torch.logsumexp(-joint_energy(rbm).flatten(), 0)


def visible_distribution(rbm: RBM) -> Tensor:
    """p(v) of every state, (2^visible,)."""
    return torch.exp(torch.logsumexp(-joint_energy(rbm), 1) - log_partition(rbm))


def exact_gradient(rbm: RBM, data: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """d/d(W, b, c) of the mean log p over the rows of `data`, by enumeration of both expectations."""
    v, h = states(rbm.n_visible), states(rbm.n_hidden)
    joint = torch.exp(-joint_energy(rbm) - log_partition(rbm))
    posterior = torch.softmax(-joint_energy(rbm), dim=1)  # p(h | v) for every v
    index = (data @ (2.0 ** torch.arange(rbm.n_visible - 1, -1, -1, dtype=torch.float64))).long()
    weights = torch.zeros_like(joint)
    weights.index_add_(0, index, posterior[index] / len(data))
    difference = weights - joint
    return h.t() @ difference.t() @ v, difference.sum(1) @ v, difference.sum(0) @ h


def index_of(rows: Tensor, every: Tensor) -> Tensor:
    """At which place of `every` each row stands."""
    return (rows[:, None, :] == every).all(2).double().argmax(1)


def drift(index: Tensor, p: Tensor) -> float:
    """Largest distance of a state's frequency from its probability, in standard deviations."""
    frequency = torch.bincount(index, minlength=len(p)).double() / len(index)
    return ((frequency - p).abs() / (p * (1 - p) / len(index)).sqrt()).max().item()


def bars_and_stripes(side: int = 3) -> Tensor:
    """Every image of 3 x 3 whose rows, or whose columns, are each of one colour: 14 of them, (14, 9)."""
    patterns = [
        pattern.reshape(side, side)
        for pattern in np.array(
            [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]
        )[:, :, None].repeat(side, 2)
    ]
    rows = {tuple(image.flatten()) for pattern in patterns for image in (pattern, pattern.T)}
    return torch.tensor(sorted(rows), dtype=torch.float32)


def ascend_exactly(rbm: RBM, v: Tensor, steps: int, rate: float = 0.5) -> None:
    """Steps up the exact gradient of the log-likelihood at binary v, in place; the model's side by enumerating h."""
    h = states(rbm.n_hidden)
    rbm.v_bias.copy_(rbm.visible_units.bias_for(v.mean(0)))
    for _ in range(steps):
        field = torch.addmm(rbm.v_bias, h, rbm.W)
        p = torch.softmax(h @ rbm.h_bias + torch.nn.functional.softplus(field).sum(1), 0)
        up, down = torch.sigmoid(torch.addmm(rbm.h_bias, v, rbm.W.t())), torch.sigmoid(field)
        rbm.W.add_(up.t() @ v / len(v) - (h * p[:, None]).t() @ down, alpha=rate)
        rbm.v_bias.add_(v.mean(0) - p @ down, alpha=rate)
        rbm.h_bias.add_(up.mean(0) - p @ h, alpha=rate)
