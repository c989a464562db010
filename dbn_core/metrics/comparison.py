"""How well several models give images back: the same images and the same definition for all."""

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from torch import Tensor


@runtime_checkable
class Reconstructs(Protocol):
    """RBM, DBN, UntiedDBN (mean-field) and VAE (posterior mean): none of them draws anything."""

    def reconstruct(self, v: Tensor, /) -> Tensor:
        """(cases, visible) -> (cases, visible), in [0, 1]."""
        ...


@torch.no_grad()
def compare_models(
    models: Mapping[str, Reconstructs], images: Tensor | Iterable[Tensor]
) -> dict[str, dict[str, float]]:
    """Errors of each model, by name: `recon_mse` (squared error per pixel) and `recon_ce` (nats per pixel).

    images: (cases, pixels) in [0, 1], or batches of such rows. Every image weighs the same, so a last batch that is
    smaller than the others counts by its size. Raises ValueError for no images at all.
    """
    batches = [images] if isinstance(images, Tensor) else images
    sums = {name: torch.zeros(2, dtype=torch.float64) for name in models}
    numbers = 0
    for batch in batches:
        numbers += batch.numel()
        for name, model in models.items():
            mean = model.reconstruct(batch)
            squared = F.mse_loss(mean, batch, reduction="sum").item()
            sums[name] += torch.tensor([squared, F.binary_cross_entropy(mean, batch, reduction="sum").item()])
    if not numbers:
        raise ValueError("there are no images to compare models on")
    return {
        name: {"recon_mse": total[0].item() / numbers, "recon_ce": total[1].item() / numbers}
        for name, total in sums.items()
    }
