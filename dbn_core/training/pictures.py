"""Pictures of a DBN: filters in pixel space and reconstructions, as uint8 before they leave the device."""

from typing import Literal

import numpy as np
import torch
from torch import Tensor

from dbn_core.models import DBN
from dbn_core.projections import Drawn
from dbn_core.records import Position, Snapshot, SnapshotInfo
from dbn_core.training.drafts import Arrays, Draft

PictureKind = Literal["filters", "projection"]
FILTERS = 100  # units drawn, the first ones, so that a place in the mosaic is the same unit for ever
QUANTILE = 0.999  # of |W|: what the ends of the uint8 scale stand for, so that one huge weight does not grey the rest


def linear_filters(dbn: DBN, depth: int, units: int | None = None) -> Tensor:
    """(units, pixels) weights of the first units of layer `depth` (from 1) as the visible units feel them.

    Layer 1: its weights. Deeper: the linear combination W_depth ... W_2 W_1 of the layers below, less the mean filter
    of the layer, which all its units share: beside it their differences would not be seen. Labels are left out.
    """
    rbm = dbn.layers[depth - 1]
    weights = rbm.W[:units, : rbm.n_visible - rbm.n_labels]
    if depth > 1:
        weights = weights - rbm.W[:, : rbm.n_visible - rbm.n_labels].mean(0)
    for lower in reversed(dbn.layers[: depth - 1]):
        weights = weights @ lower.W
    return weights


def signed_draft(
    filters: Tensor,
    shape: tuple[int, ...],
    position: Position,
    projection: Drawn,
    kind: PictureKind = "filters",
    least: float = 0.0,
) -> Draft:
    """Signed images of units, (units, pixels): weights, or a projection around zero; least: as of `quantised`."""
    steps, scale = quantised(filters, least)

    def finish(arrays: Arrays) -> Snapshot:
        pixels = arrays["pixels"]
        return Snapshot(SnapshotInfo(kind, position, pixels.shape, float(arrays["scale"]), projection), pixels)

    return Draft({"pixels": steps.reshape(-1, *shape), "scale": scale}, finish)


def quantise(weights: Tensor, least: float = 0.0) -> tuple[np.ndarray, float]:
    """(uint8 array of the same shape, scale): weight = (pixel - 128) / 127 * scale, 128 is zero."""
    steps, scale = quantised(weights, least)
    return steps.cpu().numpy(), float(scale)


def quantised(weights: Tensor, least: float = 0.0) -> tuple[Tensor, Tensor]:
    """`quantise` where the weights are: (uint8 of the same shape, scale ()); the host waits for nothing.

    least: of the scale, below which differences are rounding and no picture.
    """
    flat = weights.abs().flatten()
    top = max(1, round(len(flat) * (1 - QUANTILE)))
    scale = torch.topk(flat, top).values[-1].clamp_min(max(least, 1e-12))
    return (weights / scale).clamp_(-1, 1).mul_(127).round_().add_(128).to(torch.uint8), scale


def reconstructions_draft(originals: Tensor, means: Tensor, shape: tuple[int, ...], position: Position) -> Draft:
    """Originals above their reconstructions, both (cases, pixels) in [0, 1]."""
    both = torch.stack([originals, means]).clamp_(0, 1).mul_(255).round_().to(torch.uint8)

    def finish(arrays: Arrays) -> Snapshot:
        pixels = arrays["pixels"]
        return Snapshot(SnapshotInfo("reconstructions", position, pixels.shape), pixels)

    return Draft({"pixels": both.reshape(2, -1, *shape)}, finish)
