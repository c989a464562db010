"""Closed-form gradients of the log-likelihood of an RBM: what each estimator puts in for the model's expectation.

    d log p / dW = <h v^T>_data - <h v^T>_model        d/db = <v>_data - <v>_model        d/dc = <h>_data - <h>_model

per example (means over the batch), in the direction of ascent. The positive phase uses probabilities of h; the negative
phase pairs the last v with p(h | that same v), since a sample would only add noise and any other pair would be wrong.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.models import RBM


class Gradient(NamedTuple):
    """Direction of ascent of the log-likelihood per example, in the shapes of the parameters."""

    W: Tensor  # (hidden, visible)
    v_bias: Tensor  # (visible,)
    h_bias: Tensor  # (hidden,)


class Offsets(NamedTuple):
    """What centring subtracts from the units in the gradient."""

    visible: Tensor  # (visible,)
    hidden: Tensor  # (hidden,)


class Phases(NamedTuple):
    """The statistics of both phases; the two may have different numbers of rows.

    Visible statistics are `Units.coupling` of the states: the states themselves, divided by s^2 for Gaussian units.
    """

    v_data: Tensor  # (batch, visible)
    h_data: Tensor  # (batch, hidden) p(h | v_data)
    v_model: Tensor  # (chains, visible)
    h_model: Tensor  # (chains, hidden) p(h | v_model)

    def differences(self) -> tuple[Tensor, Tensor]:
        """(<v>_data - <v>_model, <h>_data - <h>_model): the gradients of the biases without centring."""
        return self.v_data.mean(0) - self.v_model.mean(0), self.h_data.mean(0) - self.h_model.mean(0)

    def gradient(self, offsets: Offsets | None = None) -> Gradient:
        """The gradient, centred if offsets are given.

        Centred (Montavon & Mueller 2012; Melchior, Fischer & Wiskott 2016), in the ordinary parameters:
        dW = <(h - l)(v - m)^T>_data - <...>_model, db = <v>_data - <v>_model - dW^T l, dc = ... - dW m.
        """
        dv, dh = self.differences()
        dw = (self.h_data / len(self.v_data)).t() @ self.v_data
        dw -= (self.h_model / len(self.v_model)).t() @ self.v_model
        if offsets is None:
            return Gradient(dw, dv, dh)
        # The product of the two offsets is the same in both phases and cancels.
        dw.addr_(offsets.hidden, dv, alpha=-1).addr_(dh, offsets.visible, alpha=-1)
        return Gradient(dw, dv - dw.t() @ offsets.hidden, dh - dw @ offsets.visible)


def contrastive_phases(
    rbm: RBM,
    v: Float[Tensor, "batch visible"],
    k: int,
    *,
    visible_samples: bool = False,
    generator: torch.Generator | None = None,
) -> Phases:
    """CD-k (Hinton 2002): the chain starts at the data and makes k steps.

    The hidden state that drives the chain is a binary sample; visible units pass on their mean, or with
    `visible_samples` a sample (then, and only then, the chain is a Markov chain of the model).
    """
    h_data, h = rbm.sample_h(v, generator)
    for step in range(k):
        v_model = rbm.sample_v(h, generator)[1] if visible_samples else rbm.visible_mean(h)
        if step < k - 1:
            h = rbm.sample_h(v_model, generator)[1]
    coupling = rbm.visible_units.coupling
    return Phases(coupling(v), h_data, coupling(v_model), rbm.hidden_mean(v_model))  # pyright: ignore[reportPossiblyUnboundVariable]


def persistent_phases(
    rbm: RBM,
    v: Float[Tensor, "batch visible"],
    chains: Float[Tensor, "chains visible"],
    k: int,
    *,
    generator: torch.Generator | None = None,
) -> Phases:
    """PCD-k (Tieleman 2008): `chains` goes on by k full Gibbs steps, IN PLACE; both sides are sampled.

    The number of chains is independent of the batch, so that a last partial batch changes nothing.
    """
    h_data = rbm.hidden_mean(v)
    advance(rbm, chains, k, generator)
    coupling = rbm.visible_units.coupling
    return Phases(coupling(v), h_data, coupling(chains), rbm.hidden_mean(chains))


def advance(rbm: RBM, chains: Float[Tensor, "chains visible"], k: int, generator: torch.Generator | None) -> None:
    """k full Gibbs steps of p(v), IN PLACE; both sides are sampled."""
    h = rbm.sample_h(chains, generator)[1]
    for step in range(k):
        chains.copy_(rbm.sample_v(h, generator)[1])
        if step < k - 1:
            h = rbm.sample_h(chains, generator)[1]


def contrastive_divergence(
    rbm: RBM,
    v: Float[Tensor, "batch visible"],
    k: int = 1,
    *,
    visible_samples: bool = False,
    offsets: Offsets | None = None,
    generator: torch.Generator | None = None,
) -> Gradient:
    """The CD-k estimate of the gradient of log p at a batch, mean over the batch, direction of ascent."""
    phases = contrastive_phases(rbm, v, k, visible_samples=visible_samples, generator=generator)
    return phases.gradient(offsets)


def persistent_contrastive_divergence(
    rbm: RBM,
    v: Float[Tensor, "batch visible"],
    chains: Float[Tensor, "chains visible"],
    k: int = 1,
    *,
    offsets: Offsets | None = None,
    generator: torch.Generator | None = None,
) -> Gradient:
    """The PCD-k estimate of the gradient of log p at a batch; `chains` (binary states) advances in place."""
    return persistent_phases(rbm, v, chains, k, generator=generator).gradient(offsets)
