"""Other software doing the same work: one pass of CD-1 (scikit-learn: of PCD-1) over the images, in batches.

Each gets its data in the form it likes best, made before the clock starts. `Round` trains a fresh model and returns
the seconds that the fitting alone took.
"""

import importlib
import importlib.util
import time
from collections.abc import Callable

import numpy as np
import torch
from sklearn.neural_network import BernoulliRBM
from torch import Tensor

Round = Callable[[], float]

RATE = 0.05
CLAMP = 4.0  # the source article's


class ArticleRBM:
    """The RBM of the source article, in its manner: `torch.bernoulli` on both sides, no momentum, no decay, a clamp.

    Its negative statistics pair v_k with the hidden sample that drew it, one matrix product fewer than is right (see
    `dbn_core.training.rules.gradients`); it is kept as printed, so this peer does less work than the others.
    """

    def __init__(self, n_visible: int, n_hidden: int, device: torch.device) -> None:
        self.W = torch.randn(n_hidden, n_visible, device=device) * 0.01
        self.v_bias = torch.zeros(n_visible, device=device)
        self.h_bias = torch.zeros(n_hidden, device=device)

    def sample_h(self, v: Tensor) -> tuple[Tensor, Tensor]:
        """(p(h = 1 | v), a sample)."""
        probability = torch.sigmoid(torch.matmul(v, self.W.t()) + self.h_bias)
        return probability, torch.bernoulli(probability)

    def sample_v(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """(p(v = 1 | h), a sample)."""
        probability = torch.sigmoid(torch.matmul(h, self.W) + self.v_bias)
        return probability, torch.bernoulli(probability)

    def contrastive_divergence(self, v: Tensor, k: int, rate: float) -> None:
        """One update from a batch of float images."""
        _, first = self.sample_h(v)
        hidden, visible = first, v
        for step in range(k):
            if step:
                _, hidden = self.sample_h(visible)
            _, visible = self.sample_v(hidden)
        positive, negative = torch.matmul(first.t(), v), torch.matmul(hidden.t(), visible)
        self.W += rate * (positive - negative) / len(v)
        self.v_bias += rate * torch.mean(v - visible, dim=0)
        self.h_bias += rate * torch.mean(first - hidden, dim=0)
        for parameter in (self.W, self.v_bias, self.h_bias):
            parameter.clamp_(-CLAMP, CLAMP)


def products(v: Tensor, W: Tensor, updates: int) -> Callable[[], None]:
    """The five matrix products of each CD-1 update at a batch, three forward and two for the gradient: nothing else."""
    h = torch.sigmoid(v @ W.t())
    up, down, gradient = torch.empty_like(h), torch.empty_like(v), torch.empty_like(W)

    def work() -> None:
        for _ in range(updates):
            torch.mm(v, W.t(), out=up)
            torch.mm(h, W, out=down)
            torch.mm(v, W.t(), out=up)
            torch.mm(h.t(), v, out=gradient)
            torch.mm(h.t(), v, out=gradient)

    return work


def article(pixels: Tensor, hidden: int, batch: int) -> Round:
    """The source article's loop on the device of `pixels`.

    Float images in memory, in a new order each time, without a DataLoader's cost.
    """
    images = pixels.float() / 255

    def fit() -> float:
        rbm = ArticleRBM(images.shape[1], hidden, images.device)
        finish(images.device)
        started = time.perf_counter()
        order = torch.randperm(len(images), device=images.device)
        for start in range(0, len(images), batch):
            rbm.contrastive_divergence(images[order[start : start + batch]], 1, RATE)
        finish(images.device)
        return time.perf_counter() - started

    return fit


def finish(device: torch.device) -> None:
    """Wait until the device has done all it was asked for: before a clock is read."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def scikit_learn(pixels: Tensor, hidden: int, batch: int) -> Round:
    """scikit-learn's BernoulliRBM on float32 images, which it does not shuffle; `fit` alone is timed."""
    images = (pixels.numpy() / 255).astype(np.float32)

    def fit() -> float:
        rbm = BernoulliRBM(n_components=hidden, batch_size=batch, learning_rate=RATE, n_iter=1, random_state=0)
        started = time.perf_counter()
        rbm.fit(images)
        return time.perf_counter() - started

    return fit


def is_installed(package: str) -> bool:
    """Some peers are optional; see requirements.txt here."""
    return importlib.util.find_spec(package) is not None


def learnergy(pixels: Tensor, hidden: int, batch: int) -> Round:
    """The RBM of learnergy through its own `fit`, with the DataLoader and the pseudo-likelihood that belong to it."""
    model = importlib.import_module("learnergy.models.bernoulli").RBM
    images = torch.utils.data.TensorDataset(pixels.float() / 255, torch.zeros(len(pixels)))

    def fit() -> float:
        rbm = model(n_visible=pixels.shape[1], n_hidden=hidden, steps=1, learning_rate=RATE)
        started = time.perf_counter()
        with torch.enable_grad():
            rbm.fit(images, batch_size=batch, epochs=1)
        return time.perf_counter() - started

    return fit


def rbms(pixels: Tensor, hidden: int, batch: int) -> Round:
    """The package `rbms`: its CD update and its optimiser, without the file that its own loop rewrites every update."""
    model = importlib.import_module("rbms.bernoulli_bernoulli.classes").BBRBM
    fit_batch = importlib.import_module("rbms.training.pcd").fit_batch_pcd
    images = pixels.float() / 255
    weights = torch.ones(len(images), 1)

    def fit() -> float:
        rbm = model(torch.randn(images.shape[1], hidden) * 0.01, torch.zeros(images.shape[1]), torch.zeros(hidden))
        rbm.init_grad()
        optimiser = torch.optim.SGD(rbm.parameters(), lr=RATE, maximize=True)
        started = time.perf_counter()
        with torch.no_grad():
            order = torch.randperm(len(images))
            for start in range(0, len(images), batch):
                chosen = order[start : start + batch]
                rows = images[chosen], weights[chosen]
                optimiser.zero_grad(set_to_none=False)
                chains = rbm.init_chains(len(chosen), weights=rows[1], start_v=rows[0])
                fit_batch(batch=rows, parallel_chains=chains, params=rbm, gibbs_steps=1, beta=1.0, centered=False)
                optimiser.step()
        return time.perf_counter() - started

    return fit
