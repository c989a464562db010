"""How local and how coarse the filters of one stored picture are: the measures of `dbn_core.metrics`, from its pixels.

Frames of diagnostics hold the same for all units, but a fast run has few of them; pictures it has of every epoch.
"""

import numpy as np

from dbn_core.view.mosaic import ZERO


def picture_measures(pixels: np.ndarray) -> tuple[float, float]:
    """(localisation, spatial scale in pixels), means over the units of a `filters` snapshot.

    A colour filter, (units, height, width, 3), is as strong at a pixel as its three weights together.
    """
    weights = pixels.astype(float) - ZERO
    if weights.ndim == 4:
        weights = np.linalg.norm(weights, axis=3)
    return float(localisation(weights).mean()), float(spatial_scale(weights).mean())


def localisation(filters: np.ndarray) -> np.ndarray:
    """(units,) share of the image that carries each filter: (sum w^2)^2 / (pixels sum w^4); 1 for a filter of zeros."""
    squares = np.square(filters.reshape(len(filters), -1))
    total, fourth = squares.sum(1), np.square(squares).sum(1)
    return np.where(total > 0, np.square(total) / np.maximum(squares.shape[1] * fourth, 1e-300), 1.0)


def spatial_scale(filters: np.ndarray) -> np.ndarray:
    """(units,) dominant wavelength in pixels: one over the mean spatial frequency, weighted by power."""
    height, width = filters.shape[1:]
    power = np.abs(np.fft.fft2(filters - filters.mean((1, 2), keepdims=True))) ** 2
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])
    total, weighted = power.sum((1, 2)), (power * frequency).sum((1, 2))
    largest = max(height, width)
    scale = np.divide(total, weighted, out=np.full(len(filters), float(largest)), where=total > 1e-20)
    return np.minimum(scale, largest)
