"""How many directions a layer uses: singular values of its weights, eigenvalues of the covariance of its activities."""

import torch
from jaxtyping import Float
from torch import Tensor


def singular_values(weights: Float[Tensor, "hidden visible"]) -> Float[Tensor, " modes"]:
    """Singular values of W, largest first, min(hidden, visible) of them.

    Through the smaller Gram matrix in float64: values below about 1e-7 of the largest are rounding.
    """
    tall = weights if weights.shape[0] < weights.shape[1] else weights.t()
    exact = tall.double()
    return torch.linalg.eigvalsh(exact @ exact.t()).flip(0).clamp(min=0).sqrt().to(weights.dtype)


def covariance_spectrum(activities: Float[Tensor, "cases units"]) -> Float[Tensor, " modes"]:
    """Eigenvalues of the covariance of the units over the cases, largest first, min(cases, units) of them.

    Divided by the number of cases; those of the smaller Gram matrix, which has the same ones apart from zeros.
    """
    centred = (activities - activities.mean(0)).double()
    gram = centred @ centred.t() if len(centred) < centred.shape[1] else centred.t() @ centred
    return (torch.linalg.eigvalsh(gram).flip(0).clamp(min=0) / len(centred)).to(activities.dtype)


def participation_ratio(eigenvalues: Float[Tensor, " modes"]) -> float:
    """(sum l)^2 / sum l^2: the number of directions in use, between 1 and the number of modes; 0 for no variance."""
    squares = eigenvalues.square().sum().item()
    return eigenvalues.sum().item() ** 2 / squares if squares > 0 else 0.0


def decay_rate(eigenvalues: Float[Tensor, " modes"]) -> float:
    """Exponent a of the power law l_i ~ i^-a, least squares in the logarithms over the modes above 1e-4 of the largest.

    0 where there are fewer than three such modes.
    """
    used = eigenvalues[eigenvalues > 1e-4 * eigenvalues[0]].double()
    if len(used) < 3:
        return 0.0
    rank = torch.arange(1, len(used) + 1, dtype=torch.float64, device=used.device).log()
    height = used.log()
    rank = rank - rank.mean()
    return -(rank @ (height - height.mean()) / rank.square().sum()).item()
