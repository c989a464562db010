"""What a deep unit stands for, in pixel space, in three ways; none is the truth, so each picture names its own.

linear combination       W_l ... W_2 W_1: exact for a linear net, and signed; ignores every saturation in between.
activation maximisation  the image within a given distance of the mean training image that drives the unit's mean-field
                         input highest, by projected gradient ascent (Erhan et al. 2009).
clamp and sample down    the unit held on in the RBM it belongs to, the rest sampled by Gibbs steps, means passed down
                         and averaged over chains: what the model dreams of when the unit is on (Hinton et al. 2006).
"""

from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from dbn_core.inference.loading import Trained, layer_of, trained, training_images
from dbn_core.models import RBM
from dbn_core.models.dbn import without_label
from dbn_core.models.mixed import MixedRBM, has_bfloat16_products
from dbn_core.training.pictures import linear_filters, quantise

Projection = Literal["linear combination", "activation maximisation", "clamp and sample down"]

ASCENT_STEPS = 60
CHAINS = 8
GIBBS_STEPS = 25
TOGETHER = 512  # chains that are advanced at once: bounds the memory
SAMPLE = 2000  # training images whose mean and spread bound the ascent


@torch.no_grad()
def project(
    store_url: str,
    run_id: str,
    checkpoint_id: int,
    layer: int,
    projection: Projection,
    first: int = 0,
    count: int = 100,
) -> dict[str, Any]:
    """Pictures of units `first` .. `first + count` - 1 of `layer` (from 1).

    Returns `pixels` uint8 (units, height, width), `scale`, `signed`: signed pictures are weights as in a filters
    snapshot, the others intensities in [0, 1] = pixel / 255. `position` is that of the checkpoint.
    Raises StoreError for a layer or a checkpoint that is not there.
    """
    model = trained(store_url, run_id, checkpoint_id)
    layer_of(model, layer)
    units = slice(first, first + count)
    if projection == "linear combination":
        pixels, scale = quantise(linear_combination(model, layer, units))
    else:
        draw = activation_maximisation if projection == "activation maximisation" else clamp_and_sample_down
        images = model.preprocessing.to_pixels(draw(model, layer, units))
        pixels, scale = images.clamp(0, 1).mul(255).round().to(torch.uint8).numpy(), 1.0
    return {
        "pixels": np.ascontiguousarray(pixels.reshape(-1, *model.shape)),
        "scale": scale,
        "signed": projection == "linear combination",
        "position": model.position,
    }


def linear_combination(model: Trained, layer: int, units: slice) -> Tensor:
    """(units, pixels) weights: rows of W_l times the layers below, as pixels feel them."""
    return model.preprocessing.filters_to_pixels(linear_filters(model.dbn, layer)[units])


def activation_maximisation(model: Trained, layer: int, units: slice) -> Tensor:
    """(units, pixels) visible units, as far from the mean image as training images are on average.

    Within [0, 1] where training images are.
    """
    images = training_images(model, SAMPLE)
    mean = images.mean(0)
    radius = (images - mean).norm(dim=1).mean()
    rbm = model.dbn.layers[layer - 1]
    weights = without_label(rbm, rbm.W[units])
    x = mean.expand(len(weights), -1).clone()
    for step in range(ASCENT_STEPS):
        with torch.enable_grad():
            x.requires_grad_(True)
            drive = (rbm.visible_units.coupling(model.dbn.up(x, layer - 1)) * weights).sum()
        (slope,) = torch.autograd.grad(drive, x)
        x = x.detach()
        # Long steps first; the length, not the slope, decides, since saturated layers pass on hardly any.
        pace = radius * 0.2 * (1 - step / ASCENT_STEPS)
        x = x + pace * slope / slope.norm(dim=1, keepdim=True).clamp(min=1e-20)
        offset = x - mean
        x = mean + offset * (radius / offset.norm(dim=1, keepdim=True).clamp(min=1e-20)).clamp(max=1)
        if model.preprocessing.is_unit:
            x.clamp_(0, 1)
    return x


def clamp_and_sample_down(model: Trained, layer: int, units: slice, seed: int = 0) -> Tensor:
    """(units, pixels) mean visible units of `CHAINS` chains a unit, the unit held on throughout."""
    rbm = model.dbn.layers[layer - 1]
    generator = torch.Generator().manual_seed(seed)
    index = torch.arange(rbm.n_hidden)[units].repeat_interleave(CHAINS)
    activity = model.dbn.up(training_images(model, SAMPLE), layer).mean(0)
    # A rounded weight is off by at most 1/500 of itself; the mean of so few samples is by far more.
    sampled = MixedRBM(rbm) if has_bfloat16_products(rbm.W.device) else rbm
    below = torch.cat([_dream(sampled, activity, held, generator) for held in index.split(TOGETHER)])
    return model.dbn.down(below, layer - 1).reshape(-1, CHAINS, model.dbn.sizes[0]).mean(1)


def _dream(rbm: RBM, activity: Tensor, held: Tensor, generator: torch.Generator) -> Tensor:
    """(chains, features) mean visible units over the later half of a chain for each of the `held` hidden units.

    activity: (hidden,) what the chains start from.
    """
    rows = torch.arange(len(held))
    h = rbm.hidden_units.sample(activity.expand(len(held), -1).contiguous(), generator)
    total = torch.zeros(len(held), rbm.n_visible)
    for step in range(GIBBS_STEPS):
        h[rows, held] = 1.0
        v_mean, v = rbm.sample_v(h, generator)
        if step >= GIBBS_STEPS // 2:
            total += v_mean
        h = rbm.sample_h(v, generator)[1]
    return without_label(rbm, total / (GIBBS_STEPS - GIBBS_STEPS // 2))
