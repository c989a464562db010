"""What a filter looks like, as numbers: how local it is, and at which spatial scale it works."""

import torch
from jaxtyping import Float
from torch import Tensor


def localisation(filters: Float[Tensor, "units height width"]) -> Float[Tensor, " units"]:
    """Share of the image that carries a filter: (sum w^2)^2 / (pixels sum w^4), in (0, 1].

    1 / pixels for a single pixel, 1 for a filter of equal strength everywhere; falls as features become local.
    A filter of zeros has 1.
    """
    squares = filters.flatten(1).double().square()
    total = squares.sum(1)
    ratio = total.square() / (squares.shape[1] * squares.square().sum(1))
    return torch.where(total > 0, ratio, torch.ones_like(ratio)).to(filters.dtype)


def spatial_scale(filters: Float[Tensor, "units height width"]) -> Float[Tensor, " units"]:
    """Dominant wavelength in pixels: one over the mean spatial frequency, weighted by power, mean weight removed.

    Strokes of width s come near 2 s; pixel noise near 2.6 on a large image. A constant filter has the image's
    larger side.
    """
    height, width = filters.shape[1:]
    centred = filters.double() - filters.double().mean((1, 2), keepdim=True)
    # Half of the spectrum: the power at a frequency is that at its negative.
    power = torch.view_as_real(torch.fft.rfft2(centred)).square().sum(-1)
    power[..., 1 : (width + 1) // 2] *= 2
    vertical = torch.fft.fftfreq(height, dtype=torch.float64, device=filters.device)
    horizontal = torch.fft.rfftfreq(width, dtype=torch.float64, device=filters.device)
    frequency = torch.sqrt(vertical[:, None].square() + horizontal[None, :].square())
    total = power.sum((1, 2))
    mean = (power * frequency).sum((1, 2)) / total
    largest = torch.full_like(mean, float(max(height, width)))
    return torch.where(total > 1e-20, 1 / mean, largest).clamp(max=max(height, width)).to(filters.dtype)
