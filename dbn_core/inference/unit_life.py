"""One unit, seen from its data and from the units below it."""

import numpy as np
import torch
from torch import Tensor

from dbn_core.errors import NotKeptError
from dbn_core.inference.loading import Trained, layer_of, trained, training_images
from dbn_core.inference.projections import BEST, CASES, ink, linear_combination, mean_image, response_average
from dbn_core.models.dbn import with_label, without_label
from dbn_core.questions.units import Life, Parts, Wholes
from dbn_core.training.pictures import quantise
from dbn_core.training.responses import LEAST

EXTREMES = 16
PARTS = 12
BINS = 40


@torch.no_grad()
def unit_life(store_url: str, run_id: str, checkpoint_id: int, layer: int, unit: int) -> Life:
    """What excites unit `unit` (from 0) of `layer` (from 1), how often, and what it is made of.

    Raises NotKeptError for what is not there.
    """
    model = trained(store_url, run_id, checkpoint_id)
    rbm = model.dbn.layers[layer_of(model, layer) - 1]
    if not 0 <= unit < rbm.n_hidden:
        raise NotKeptError(f"Layer {layer} has no unit {unit}; choose one from 0 to {rbm.n_hidden - 1}.")
    images = training_images(model, CASES)
    # The field ranks cases even where the probability is 0 or 1 to all digits.
    field = rbm.hidden_field(with_label(rbm, model.dbn.up(images, layer - 1)))[:, unit]
    order = field.argsort(descending=True)
    activity = rbm.hidden_units.on(field[:, None], rbm.hidden_units.mean(field[:, None]))[:, 0]
    best = order[:BEST]
    responds = quantise(response_average(model, layer, slice(unit, unit + 1)), LEAST)[0]
    most, least = order[:EXTREMES], order.flip(0)[:EXTREMES]

    classes = model.label_names if model.data.is_labelled else ()

    def by_class(index: Tensor) -> np.ndarray:
        labels = model.data.train_labels[index] if classes else index[:0]
        return torch.bincount(labels, minlength=len(classes)).numpy()

    def shown(index: Tensor) -> np.ndarray:
        pixels = model.preprocessing.to_pixels(images[index], like=model.data.train[index])
        return pixels.mul(255).round().to(torch.uint8).reshape(-1, *model.shape).numpy()

    return {
        "cases": len(images),
        "position": model.position,
        "most": shown(most),
        "most_activity": activity[most].numpy(),
        "least": shown(least),
        "least_activity": activity[least].numpy(),
        "responds": responds.reshape(model.shape),
        "best": len(best),
        "best_mean": ink(mean_image(model, best)).reshape(model.shape),
        "classes": classes,
        "on": by_class((activity > 0.5).nonzero()[:, 0]),
        "on_best": by_class(best),
        "histogram": torch.histc(activity, BINS, 0, 1).numpy(),
        "parts": _parts(model, layer, unit) if layer > 1 else None,
        "wholes": _wholes(model, layer, unit) if layer < model.depth else None,
    }


def _parts(model: Trained, layer: int, unit: int) -> Parts:
    rbm = model.dbn.layers[layer - 1]
    weights = without_label(rbm, rbm.W)[unit]
    strongest = weights.abs().argsort(descending=True)[:PARTS]
    pixels, scale = quantise(linear_combination(model, layer - 1, slice(None))[strongest])
    return {
        "units": strongest.tolist(),
        "weights": weights[strongest].numpy().astype(np.float32),
        "pixels": pixels.reshape(-1, *model.shape),
        "scale": scale,
    }


def _wholes(model: Trained, layer: int, unit: int) -> Wholes:
    uses = model.dbn.layers[layer].W[:, unit]
    strongest = uses.abs().argsort(descending=True)[:PARTS]
    return {"units": strongest.tolist(), "weights": uses[strongest].numpy().astype(np.float32)}
