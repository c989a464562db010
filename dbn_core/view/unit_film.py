"""One unit through time: which pictures make its film, and the film itself."""

import math
from collections.abc import Sequence

import numpy as np

from dbn_core.view import mosaic
from dbn_core.view.mosaic import ZERO, Contrast, MosaicOptions
from dbn_core.view.palette import Scheme, Theme

FRAMES = 24  # pictures in a film; more would be too small to see


def chosen(steps: Sequence[int], most: int = FRAMES) -> list[int]:
    """Places of at most `most` of these rising `steps`: the first, the last, and evenly spread over log(step) between.

    Features form in the first updates and change ever more slowly, so even steps of the logarithm look even.
    """
    if len(steps) <= most:
        return list(range(len(steps)))
    far = [math.log1p(step - steps[0]) for step in steps]
    taken: list[int] = []
    for number, target in enumerate(np.linspace(0, far[-1], most)):
        first = taken[-1] + 1 if taken else 0
        last = len(steps) - (most - number)  # leaves one for each that is still to come
        taken.append(min(range(first, last + 1), key=lambda place: abs(far[place] - target)))
    return taken


def rescaled(pixels: np.ndarray, gain: float) -> np.ndarray:
    """Weights of a `filters` snapshot (uint8, 128 is zero) times `gain`, cut off at the ends."""
    signed = (pixels.astype(np.float32) - ZERO) * gain
    return np.clip(np.round(signed) + ZERO, 1, 255).astype(np.uint8)


def unit_film(
    frames: Sequence[np.ndarray],
    scales: Sequence[float],
    contrast: Contrast,
    scheme: Scheme,
    theme: Theme,
    scale: int = 1,
) -> bytes:
    """PNG of one unit's filter (height, width[, 3]) at several moments, side by side.

    `shared`: one scale, that of the strongest moment, so that one sees it grow; `each`: every moment its own.
    """
    strongest = max(scales)
    gains = [own / strongest if contrast == "shared" else 1.0 for own in scales]
    pixels = np.stack([rescaled(frame, gain) for frame, gain in zip(frames, gains, strict=True)])
    return mosaic.mosaic(pixels, MosaicOptions(len(frames), 1, theme, scheme, contrast, scale))
