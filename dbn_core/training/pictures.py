"""Snapshots of a DBN: filters in pixel space and reconstructions, as uint8."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from dbn_core.models import DBN
from dbn_core.records import Position, Snapshot, SnapshotInfo

FILTERS = 100  # units drawn, the first ones, so that a place in the mosaic is the same unit for ever
QUANTILE = 0.999  # of |W|: what the ends of the uint8 scale stand for, so that one huge weight does not grey the rest


def linear_filters(dbn: DBN, depth: int, units: int | None = None) -> Tensor:
    """(units, pixels) weights of the first units of layer `depth` (from 1) as the visible units feel them.

    Layer 1: its weights. Deeper: the linear combination W_depth ... W_2 W_1 of the layers below. Labels are left out.
    """
    rbm = dbn.layers[depth - 1]
    weights = rbm.W[:units, : rbm.n_visible - rbm.n_labels]
    for lower in reversed(dbn.layers[: depth - 1]):
        weights = weights @ lower.W
    return weights


def filters_snapshot(
    dbn: DBN,
    depth: int,
    shape: tuple[int, ...],
    position: Position,
    to_pixels: Callable[[Tensor], Tensor] | None = None,
) -> Snapshot:
    """The first units of layer `depth` as weight images; `to_pixels` undoes the preprocessing of the visible units."""
    weights = linear_filters(dbn, depth, FILTERS)
    return weights_snapshot(
        to_pixels(weights) if to_pixels else weights, shape, position, "weights" if depth == 1 else "linear combination"
    )


def weights_snapshot(weights: Tensor, shape: tuple[int, ...], position: Position, projection: str) -> Snapshot:
    """Weights (units, pixels) as a picture of filters."""
    pixels, scale = quantise(weights)
    pixels = pixels.reshape(-1, *shape)
    return Snapshot(SnapshotInfo("filters", position, pixels.shape, scale, projection), pixels)


def quantise(weights: Tensor) -> tuple[np.ndarray, float]:
    """(uint8 array of the same shape, scale): weight = (pixel - 128) / 127 * scale, 128 is zero."""
    flat = weights.abs().flatten()
    top = max(1, round(len(flat) * (1 - QUANTILE)))
    scale = max(float(torch.topk(flat, top).values[-1]), 1e-12)
    steps = (weights / scale).clamp_(-1, 1).mul_(127).round_().add_(128)
    return steps.to(torch.uint8).cpu().numpy(), scale


def reconstructions_snapshot(originals: Tensor, means: Tensor, shape: tuple[int, ...], position: Position) -> Snapshot:
    """Originals above their reconstructions, both (cases, pixels) in [0, 1]."""
    both = torch.stack([originals, means])
    pixels = both.clamp(0, 1).mul(255).round().to(torch.uint8).cpu().numpy().reshape(2, -1, *shape)
    return Snapshot(SnapshotInfo("reconstructions", position, pixels.shape), pixels)
