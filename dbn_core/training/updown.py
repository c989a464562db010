"""Up-down fine-tuning, a contrastive wake-sleep (Hinton, Osindero & Teh 2006, appendix B).

Wake: recognise the image with samples; each generative layer learns to give back what it was recognised from. The top
RBM takes k Gibbs steps from there (contrastive divergence). Sleep: from where it arrived generate down with samples;
each recognition layer learns to recognise what it was generated from. Both rules are the delta rule of a sigmoid layer:

    dG = h (x - p(x | h))^T        dR = (h - q(h | x)) x^T        means over the batch, directions of ascent
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.models.untied import DirectedLayer, UntiedDBN
from dbn_core.training.gradients import Gradient, contrastive_phases


class LayerGradient(NamedTuple):
    """Ascent directions of one directed layer, in the shapes of its parameters."""

    recognition: Tensor
    up_bias: Tensor
    generation: Tensor
    down_bias: Tensor


class UpDownGradient(NamedTuple):
    """Of all directed layers, from the image up, and of the top RBM."""

    directed: list[LayerGradient]
    top: Gradient


def updown(
    model: UntiedDBN,
    v: Float[Tensor, "batch visible"],
    labels: Float[Tensor, "batch labels"] | None = None,
    k: int = 1,
    generator: torch.Generator | None = None,
) -> UpDownGradient:
    """The directions of one wake and one sleep phase at a batch; labels one-hot, where the top RBM has label units.

    v: (batch, visible) in [0, 1]. Nothing is changed.
    """
    if (labels is None) != (model.top.n_labels == 0):
        raise ValueError(
            f"the top RBM has {model.top.n_labels} label units: give one-hot labels if and only if it has some"
        )
    waking = [v]
    for layer in model.directed:
        waking.append(sample_bernoulli(layer.up_mean(waking[-1]), generator))
    seen = waking[-1] if labels is None else torch.cat([waking[-1], labels], dim=1)
    phases = contrastive_phases(model.top, seen, k, visible_samples=True, generator=generator)
    dreaming = [phases.v_model[:, : len(waking[-1][0])]]
    for layer in reversed(model.directed):
        dreaming.append(sample_bernoulli(layer.down_mean(dreaming[-1]), generator))
    dreaming.reverse()
    directed = [
        LayerGradient(*_recognition(layer, below, above), *_generation(layer, x, h))
        for layer, x, h, below, above in zip(model.directed, waking, waking[1:], dreaming, dreaming[1:], strict=False)
    ]
    return UpDownGradient(directed, phases.gradient())


def apply_updown(model: UntiedDBN, gradient: UpDownGradient, rate: float) -> None:
    """One step of ascent, in place."""
    for layer, step in zip(model.directed, gradient.directed, strict=True):
        for name, direction in step._asdict().items():
            getattr(layer, name).add_(direction, alpha=rate)
    for parameter, direction in zip((model.top.W, model.top.v_bias, model.top.h_bias), gradient.top, strict=True):
        parameter.add_(direction, alpha=rate)


def _generation(layer: DirectedLayer, x: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """d/d(G, b) of mean log p(x | h)."""
    missing = x - layer.down_mean(h)
    return h.t() @ missing / len(x), missing.mean(0)


def _recognition(layer: DirectedLayer, x: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """d/d(R, c) of mean log q(h | x)."""
    missing = h - layer.up_mean(x)
    return missing.t() @ x / len(x), missing.mean(0)
