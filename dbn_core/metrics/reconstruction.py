"""How far reconstructions are from their originals."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def squared_error(original: Float[Tensor, "cases pixels"], mean: Float[Tensor, "cases pixels"]) -> float:
    """Mean over cases and pixels of (original - mean)^2; squared intensity, intensities in [0, 1]."""
    return F.mse_loss(mean, original).item()


def squared_errors(
    original: Float[Tensor, "cases pixels"], mean: Float[Tensor, "cases pixels"]
) -> Float[Tensor, " cases"]:
    """Of each case its mean over pixels, as `squared_error`."""
    return (original - mean).square().mean(dim=1)


def cross_entropy(original: Float[Tensor, "cases pixels"], mean: Float[Tensor, "cases pixels"]) -> float:
    """Mean over cases and pixels of -(x log p + (1 - x) log(1 - p)), nats per pixel; x and p in [0, 1].

    Grey originals keep their own entropy, so the least value is above zero. log p is bounded below by -100.
    """
    black, white = (1 - mean).log().clamp(min=-100), mean.log().clamp(min=-100)
    return -torch.lerp(black, white, original).mean().item()
