"""Up-down fine-tuning, a contrastive wake-sleep (Hinton, Osindero & Teh 2006, appendix B).

Wake: recognise the image, a sample of every layer; each generative layer learns to give back what it was recognised
from. Means go up, as in greedy training and classification (the paper passes the samples on): else the top RBM would be
fitted to noisier features than those it is asked about, which costs it labels. The top RBM takes k Gibbs steps from
there (contrastive divergence). Sleep: from where it arrived generate down with samples; each recognition layer learns
to recognise what it was generated from. Both rules are the delta rule of a sigmoid layer:

    dG = h (x - p(x | h))^T        dR = (h - q(h | x)) x^T        means over the batch, directions of ascent

Given offsets m (running means of the layers) they are centred, in the ordinary parameters: x - m takes the place of
the layer that a rule is driven by, and the bias makes up for it, db = <x - p> - dG^T m, dc = <h - q> - dR m. A step on
weights whose inputs are on half of the time moves every unit at once; without centring rates above about
8 / (largest eigenvalue of <h h^T>), 0.03 for 1,000 hidden units that are on half of the time, are unstable.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.models import RBM
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.models.untied import DirectedLayer, UntiedDBN
from dbn_core.training.rules.gradients import Gradient, Offsets, contrastive_phases


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
    means: list[Tensor]  # of the layers while awake: the image, ..., what the top RBM sees, its hidden units


def updown(
    model: UntiedDBN,
    v: Float[Tensor, "batch visible"],
    labels: Float[Tensor, "batch labels"] | None = None,
    k: int = 1,
    generator: torch.Generator | None = None,
    offsets: Sequence[Tensor] | None = None,
    top: RBM | None = None,
) -> UpDownGradient:
    """The directions of one wake and one sleep phase at a batch; labels one-hot, where the top RBM has label units.

    v: (batch, visible) in [0, 1]. offsets: what centring subtracts from each layer, in the order and shapes of
    `UpDownGradient.means`; not centred when None. top: stands in for the top RBM in its chain (`models.mixed`). Nothing
    is changed.
    """
    if (labels is None) != (model.top.n_labels == 0):
        raise ValueError(
            f"the top RBM has {model.top.n_labels} label units: give one-hot labels if and only if it has some"
        )
    waking, mean = [v], v
    for layer in model.directed:
        mean = layer.up_mean(mean)
        waking.append(sample_bernoulli(mean, generator))
    seen = waking[-1] if labels is None else torch.cat([waking[-1], labels], dim=1)
    phases = contrastive_phases(top or model.top, seen, k, visible_samples=True, generator=generator)
    dreaming = [phases.v_model[:, : len(waking[-1][0])]]
    for layer in reversed(model.directed):
        dreaming.append(sample_bernoulli(layer.down_mean(dreaming[-1]), generator))
    dreaming.reverse()
    directed: list[LayerGradient] = []
    for depth, layer in enumerate(model.directed):
        lower, upper = (None, None) if offsets is None else (offsets[depth], offsets[depth + 1][: layer.width])
        recognition = _recognition(layer, dreaming[depth], dreaming[depth + 1], lower)
        directed.append(LayerGradient(*recognition, *_generation(layer, waking[depth], waking[depth + 1], upper)))
    associative = phases.gradient(None if offsets is None else Offsets(offsets[-2], offsets[-1]))
    means = [layer.mean(0) for layer in (*waking[:-1], seen, phases.h_data)]
    return UpDownGradient(directed, associative, means)


def apply_updown(model: UntiedDBN, gradient: UpDownGradient, rate: float) -> None:
    """One step of ascent, in place."""
    for layer, step in zip(model.directed, gradient.directed, strict=True):
        for name, direction in step._asdict().items():
            getattr(layer, name).add_(direction, alpha=rate)
    for parameter, direction in zip((model.top.W, model.top.v_bias, model.top.h_bias), gradient.top, strict=True):
        parameter.add_(direction, alpha=rate)


def _generation(layer: DirectedLayer, x: Tensor, h: Tensor, offset: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """d/d(G, b) of mean log p(x | h), centred by the means of h where they are given."""
    missing = x - layer.down_mean(h)
    dG, db = (h / len(x)).t() @ missing, missing.mean(0)
    if offset is None:
        return dG, db
    dG.addr_(offset, db, alpha=-1)
    return dG, db - offset @ dG


def _recognition(layer: DirectedLayer, x: Tensor, h: Tensor, offset: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """d/d(R, c) of mean log q(h | x), centred by the means of x where they are given."""
    missing = h - layer.up_mean(x)
    dR, dc = (missing / len(x)).t() @ x, missing.mean(0)
    if offset is None:
        return dR, dc
    dR.addr_(dc, offset, alpha=-1)
    return dR, dc - dR @ offset
