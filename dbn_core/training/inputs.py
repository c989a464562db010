"""What a layer learns from: pixels for the first one, for the others what the layers below make of them."""

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.training.batches import Batches
from dbn_core.training.data import TrainingData

CHUNK = 2000  # rows propagated at once: bounds memory


def layer_inputs(dbn: DBN, depth: int, data: TrainingData, config: RunConfig, stage: int) -> Batches:
    """Batches for layer `depth` (from 1) of stage `stage` (from 0).

    Means of the layers below are computed once, for they stand still; with `training.propagate` samples each batch
    draws afresh from them. Batches bring classes where the layer has label units.
    """
    labels = data.train_labels if dbn.layers[depth - 1].n_labels else None
    size = config.for_layer(depth).batch_size
    if depth == 1:
        return Batches(data.inputs, size, config.seed, stage, data.preprocessing, labels=labels)
    means, units = propagated(dbn, depth - 1, data), dbn.layers[depth - 2].hidden_units
    drawn = config.for_layer(depth - 1).training.propagate == "samples"
    return Batches(means, size, config.seed, stage, drawn=drawn, labels=labels, sample=units.sample)


def propagated(dbn: DBN, depth: int, data: TrainingData) -> Tensor:
    """Mean-field activities of layer `depth` for all training images, (cases, hidden)."""
    like = dbn.layers[depth - 1].W
    rows = like.new_empty(len(data.train), dbn.sizes[depth])
    for start in range(0, len(rows), CHUNK):
        # The grey value is the mean of its binarisation, so that one input serves every epoch.
        means = data.preprocessing.mean(data.train[start : start + CHUNK])
        rows[start : start + CHUNK] = dbn.up(means, depth)
    return rows


def input_mean(batches: Batches, data: TrainingData, classes: int) -> Tensor:
    """Mean of each visible unit over all inputs, (units,); the classes' shares follow where the layer has labels."""
    inputs = batches.inputs
    total = torch.zeros(inputs.shape[1], dtype=torch.float64)
    for start in range(0, len(inputs), CHUNK):
        rows = inputs[start : start + CHUNK]
        rows = data.preprocessing.mean(rows) if batches.prepare is not None else rows
        total += rows.sum(0).double().cpu()
    return with_label_shares((total / len(inputs)).to(inputs.device, data.preprocessing.dtype), data, classes)


def with_label_shares(mean: Tensor, data: TrainingData, classes: int) -> Tensor:
    """Means of units followed by each class's share of the training images; the means alone for no classes."""
    if not classes:
        return mean
    shares = torch.bincount(data.train_labels, minlength=classes).to(mean) / len(data.train)
    return torch.cat([mean, shares])
