"""ZCA whitening: the linear map nearest to doing nothing after which neighbouring pixels no longer repeat each other.

With the covariance C = U diag(l) U^T of the images, A = U diag(1 / sqrt(l + epsilon)) U^T. A is symmetric, so the
whitened image still looks like the image, and invertible. Epsilon keeps directions that hardly vary, most of them
noise, from being blown up: the covariance of A x is U diag(l / (l + epsilon)) U^T, the identity up to epsilon.
(Bell & Sejnowski 1997; the epsilons: Coates & Ng 2012, Learning feature representations with k-means.)
"""

from math import isqrt

import torch
from torch import Tensor

from dbn_core.errors import DataError

LARGEST = 4096  # pixels: the map has pixels^2 numbers and its eigenvectors take pixels^3 operations
ROWS = 20_000  # images that the covariance is estimated from, at most: evenly spread over those given
CHUNK = 2000  # rows at a time: bounds memory
PATCH = 8  # pixels: the side up to which an image counts as a small patch
EPSILON_PATCH, EPSILON_IMAGE = 0.1, 0.01  # shares of the mean variance of a pixel


def refuse_too_large(shape: tuple[int, ...], pixels: int) -> None:
    """Raises DataError for images with more pixels than the map is made for."""
    if pixels > LARGEST:
        size = " x ".join(map(str, shape))
        raise DataError(
            f"Whitening (zca) is for images of at most {LARGEST:,} numbers and these have {pixels:,} ({size}). Set "
            f"data.patch to train on patches, make the images smaller, or choose data.preprocessing = standard."
        )


def spread(rows: Tensor, limit: int = ROWS) -> Tensor:
    """At most `limit` of the rows, evenly spread over all of them."""
    if len(rows) <= limit:
        return rows
    return rows.index_select(0, torch.arange(limit, device=rows.device) * len(rows) // limit)


def whitening(covariance: Tensor, side: int) -> Tensor:
    """A, (pixels, pixels) float32, from a covariance in float64. `side`: the smaller side of an image, in pixels.

    epsilon is a tenth of the mean variance for patches of up to 8 x 8 pixels and a hundredth for larger images, which
    on contrast-normalised images (variance 1) are the published 0.1 and 0.01.
    """
    variance = covariance.diagonal().mean().clamp(min=1e-12)
    epsilon = variance * (EPSILON_PATCH if side <= PATCH else EPSILON_IMAGE)
    values, vectors = torch.linalg.eigh(covariance)
    return ((vectors * (values.clamp(min=0) + epsilon).rsqrt()) @ vectors.T).float()


def inverse(matrix: Tensor) -> Tensor:
    """A^-1, float32, worked out in float64 from A itself, so that the two belong together."""
    return torch.cholesky_inverse(torch.linalg.cholesky(matrix.double())).float()


def pack(matrix: Tensor) -> Tensor:
    """The upper triangle of a symmetric matrix, (pixels (pixels + 1) / 2,): half of the memory in a checkpoint."""
    return matrix[tuple(torch.triu_indices(*matrix.shape))]


def unpack(triangle: Tensor) -> Tensor:
    """The symmetric matrix whose upper triangle this is."""
    size = (isqrt(8 * len(triangle) + 1) - 1) // 2
    above, right = torch.triu_indices(size, size)
    matrix = torch.empty(size, size, dtype=triangle.dtype)
    matrix[above, right] = triangle
    matrix[right, above] = triangle
    return matrix
