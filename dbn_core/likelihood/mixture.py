"""A mixture of Bernoullis with about as many parameters as an RBM: what a model of its size should at least reach.

    p(v) = sum_k w_k prod_i m_ki^v_i (1 - m_ki)^(1 - v_i)

K components have K V + K - 1 parameters, an RBM of K hidden units K V + K + V, and 2^K components in place of K. Fitted
by expectation and maximisation, each component drawn towards the images' mean by the weight of one image.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

ROUNDS = 15
MOST = 500  # components: on MNIST, 500 reach -137.64 nats (Salakhutdinov & Murray 2008)
SOFT = 0.5  # of a component's start is an image, the rest the mean of all


class Mixture:
    """Fitted on means of bits, (cases, units) in [0, 1]; `seed` decides which images the components start at."""

    def __init__(self, images: Float[Tensor, "cases units"], components: int, seed: int) -> None:
        count = min(components, MOST, len(images))
        generator = torch.Generator().manual_seed(seed)
        chosen = torch.randperm(len(images), generator=generator)[:count].to(images.device)
        average = (images.sum(0) + 1) / (len(images) + 2)
        self._set(images[chosen] * SOFT + average * (1 - SOFT), torch.full((count,), 1 / count, device=images.device))
        for _ in range(ROUNDS):
            belongs = F.softmax(self._joint(images), dim=1)
            weights = belongs.sum(0)
            means = (belongs.t() @ images + average) / (weights[:, None] + 1)
            self._set(means, (weights + 1) / (len(images) + count))

    def log_likelihood(self, cases: Float[Tensor, "cases units"]) -> float:
        """Mean of log p(v), nats a case."""
        return torch.logsumexp(self._joint(cases), dim=1).double().mean().item()

    def _set(self, means: Tensor, weights: Tensor) -> None:
        self._logits = torch.logit(means, eps=1e-6)
        self._start = weights.log() - F.softplus(self._logits).sum(1)

    def _joint(self, cases: Tensor) -> Tensor:
        """log p(v, k), (cases, components)."""
        return cases @ self._logits.t() + self._start
