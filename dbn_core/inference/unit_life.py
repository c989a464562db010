"""One unit, seen from its data and from the units below it."""

from typing import Any

import numpy as np
import torch

from dbn_core.errors import StoreError
from dbn_core.inference.loading import layer_of, trained, training_images
from dbn_core.inference.projections import linear_combination
from dbn_core.models.dbn import with_label, without_label
from dbn_core.training.pictures import quantise

EXTREMES = 16
PARTS = 12
BINS = 40
CASES = 10_000


@torch.no_grad()
def unit_life(store_url: str, run_id: str, checkpoint_id: int, layer: int, unit: int) -> dict[str, Any]:
    """What excites unit `unit` (from 0) of `layer` (from 1), how often, and what it is made of.

    most, least: uint8 (EXTREMES, height, width), the training images with its highest and lowest probability, with
    most_activity, least_activity (float32). histogram: counts of its probability over the first training images in
    BINS equal bins of [0, 1]. cases: how many images that were. For layers above the first: parts (unit numbers of the
    layer below, strongest first), part_weights, and part_pixels / part_scale as in a filters snapshot; for layers below
    the last trained one: wholes, whole_weights (units above that use it most).
    Raises StoreError for what is not there.
    """
    model = trained(store_url, run_id, checkpoint_id)
    rbm = model.dbn.layers[layer_of(model, layer) - 1]
    if not 0 <= unit < rbm.n_hidden:
        raise StoreError(f"Layer {layer} has no unit {unit}; choose one from 0 to {rbm.n_hidden - 1}.")
    images = training_images(model, CASES)
    # The field ranks cases even where the probability is 0 or 1 to all digits.
    field = rbm.hidden_field(with_label(rbm, model.dbn.up(images, layer - 1)))[:, unit]
    order = field.argsort(descending=True)
    activity = torch.sigmoid(field)
    answer: dict[str, Any] = {"cases": len(images), "position": model.position}
    for name, index in (("most", order[:EXTREMES]), ("least", order.flip(0)[:EXTREMES])):
        shown = model.preprocessing.to_pixels(images[index], like=model.data.train[index])
        answer[name] = shown.mul(255).round().to(torch.uint8).reshape(-1, *model.shape).numpy()
        answer[f"{name}_activity"] = activity[index].numpy()
    answer["histogram"] = torch.histc(activity, BINS, 0, 1).numpy()
    if layer > 1:
        weights = without_label(rbm, rbm.W)[unit]
        strongest = weights.abs().argsort(descending=True)[:PARTS]
        pixels, scale = quantise(linear_combination(model, layer - 1, slice(None))[strongest])
        answer["parts"] = strongest.tolist()
        answer["part_weights"] = weights[strongest].numpy().astype(np.float32)
        answer["part_pixels"], answer["part_scale"] = pixels.reshape(-1, *model.shape), scale
    if layer < model.depth:
        uses = model.dbn.layers[layer].W[:, unit]
        strongest = uses.abs().argsort(descending=True)[:PARTS]
        answer["wholes"] = strongest.tolist()
        answer["whole_weights"] = uses[strongest].numpy().astype(np.float32)
    return answer
