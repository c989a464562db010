"""What a unit stands for, in pixel space, in five ways; none is the truth, so each picture names its own.

response_average         the mean of the training images weighted by p(h = 1 | v), minus their mean: what it responds
                         to (Chichilnisky 2001); see `dbn_core.training.responses`.
most_exciting            the mean of the few training images that drive the unit highest.
linear_combination       W_l ... W_2 W_1, less the layer's mean filter: exact for a linear net, and signed; ignores all
                         saturation in between.
activation_maximisation  the image within a given distance of the mean training image that drives the unit's mean-field
                         input highest, by projected gradient ascent (Erhan et al. 2009).
clamp_and_sample_down    the unit held on in the RBM it belongs to, the rest sampled by Gibbs steps, means passed down
                         and averaged over chains: what the model dreams of when the unit is on (Hinton et al. 2006).
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from dbn_core.inference.loading import Trained, layer_of, trained, training_images
from dbn_core.models import RBM
from dbn_core.models.dbn import with_label, without_label
from dbn_core.models.mixed import MixedRBM, has_bfloat16_products
from dbn_core.projections import INK, Projection
from dbn_core.questions.units import Projected
from dbn_core.training.pictures import linear_filters, quantise
from dbn_core.training.responses import LEAST, Responses

ASCENT_STEPS = 60
CHAINS = 8
GIBBS_STEPS = 25
TOGETHER = 512  # chains that are advanced at once: bounds the memory
SAMPLE = 2000  # training images whose mean and spread bound the ascent
BEST = 40  # images that excite a unit most, as many as its class purity is had from,
CASES = 10_000  # of the first so many training images


@torch.no_grad()
def project(
    store_url: str,
    run_id: str,
    checkpoint_id: int,
    layer: int,
    projection: Projection,
    first: int = 0,
    count: int = 100,
) -> Projected:
    """Pictures of units `first` .. `first + count` - 1 of `layer` (from 1).

    Raises StoreError for a layer or a checkpoint that is not there.
    """
    model = trained(store_url, run_id, checkpoint_id)
    layer_of(model, layer)
    units = slice(first, first + count)
    made = _WAYS[projection](model, layer, units)
    least = LEAST if projection == "response_average" else 0.0
    pixels, scale = (ink(made), 1.0) if projection in INK else quantise(made, least)
    return {
        "pixels": np.ascontiguousarray(pixels.reshape(-1, *model.shape)),
        "scale": scale,
        "signed": projection not in INK,
        "position": model.position,
    }


def ink(images: Tensor) -> np.ndarray:
    """Images in [0, 1] as uint8 of the same shape."""
    return images.clamp(0, 1).mul(255).round().to(torch.uint8).numpy()


def response_average(model: Trained, layer: int, units: slice) -> Tensor:
    """(units, pixels) around zero: how the images that a unit responds to differ from all of them."""
    seen = Responses(model.data)
    return seen.averages(model.dbn.layers[layer - 1], seen.below(model.dbn, layer), units)


def most_exciting(model: Trained, layer: int, units: slice) -> Tensor:
    """(units, pixels) in [0, 1]: the mean of the `BEST` images with the highest field, each as it was given."""
    rows = model.data.train[:CASES]
    rbm = model.dbn.layers[layer - 1]
    field = rbm.hidden_field(with_label(rbm, model.dbn.up(model.preprocessing.mean(rows), layer - 1)))[:, units]
    best = field.topk(min(BEST, len(rows)), dim=0).indices
    return torch.stack([mean_image(model, own) for own in best.t()])


def mean_image(model: Trained, cases: Tensor) -> Tensor:
    """(pixels,) in [0, 1]: the mean of these training images."""
    return model.data.train[cases].float().mean(0) / 255


def linear_combination(model: Trained, layer: int, units: slice) -> Tensor:
    """(units, pixels) weights: rows of W_l times the layers below, as pixels feel them, around the layer's mean."""
    return model.preprocessing.filters_to_pixels(linear_filters(model.dbn, layer)[units])


def activation_maximisation(model: Trained, layer: int, units: slice) -> Tensor:
    """(units, pixels) images, as far from the mean one as training images are on average."""
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
    return model.preprocessing.to_pixels(x)


def clamp_and_sample_down(model: Trained, layer: int, units: slice, seed: int = 0) -> Tensor:
    """(units, pixels) mean images of `CHAINS` chains a unit, the unit held on throughout."""
    rbm = model.dbn.layers[layer - 1]
    generator = torch.Generator().manual_seed(seed)
    index = torch.arange(rbm.n_hidden)[units].repeat_interleave(CHAINS)
    means = model.dbn.up(training_images(model, SAMPLE), layer)
    activity, full = means.mean(0), rbm.hidden_units.full(means)
    # A rounded weight is off by at most 1/500 of itself; the mean of so few samples is by far more.
    sampled = MixedRBM(rbm) if has_bfloat16_products(rbm.W.device) else rbm
    below = torch.cat([_dream(sampled, activity, full, held, generator) for held in index.split(TOGETHER)])
    means = model.dbn.down(below, layer - 1).reshape(-1, CHAINS, model.dbn.sizes[0]).mean(1)
    return model.preprocessing.to_pixels(means)


def _dream(rbm: RBM, activity: Tensor, full: Tensor, held: Tensor, generator: torch.Generator) -> Tensor:
    """(chains, features) mean visible units over the later half of a chain for each of the `held` hidden units.

    activity: (hidden,) means that the chains start from; full: (hidden,) the states at which units are held.
    """
    rows = torch.arange(len(held))
    h = rbm.hidden_units.sample(activity.expand(len(held), -1).contiguous(), generator)
    total = torch.zeros(len(held), rbm.n_visible)
    for step in range(GIBBS_STEPS):
        h[rows, held] = full[held]
        v_mean, v = rbm.sample_v(h, generator)
        if step >= GIBBS_STEPS // 2:
            total += v_mean
        h = rbm.sample_h(v, generator)[1]
    return without_label(rbm, total / (GIBBS_STEPS - GIBBS_STEPS // 2))


_WAYS: Mapping[Projection, Callable[[Trained, int, slice], Tensor]] = {
    "response_average": response_average,
    "most_exciting": most_exciting,
    "linear_combination": linear_combination,
    "activation_maximisation": activation_maximisation,
    "clamp_and_sample_down": clamp_and_sample_down,
}
