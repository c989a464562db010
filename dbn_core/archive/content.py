"""What the frames, findings and pictures of an archive must hold, so that no page and no export breaks on them later.

Each check raises ValueError with the rest of a sentence that begins with the name of the file.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from dbn_core.records import SnapshotInfo

LARGEST = 1e30  # of any figure: sums and squares of those on a page stay finite
UNIT_FIGURES = ("activity", "bias", "lifetime_sparsity", "norm", "usefulness")
HISTOGRAMS = ("W", "v_bias", "h_bias", "dW")
NEEDED = {"hidden", *(f"unit.{name}" for name in UNIT_FIGURES), *(f"histogram.{name}" for name in HISTOGRAMS)}


def check_frame(arrays: Mapping[str, np.ndarray]) -> None:
    """A frame of diagnostics: float32 figures as `training/diagnostics.py` lists them, and activities as uint8."""
    missing = sorted(NEEDED - arrays.keys())
    if missing:
        raise ValueError(f"it lacks {missing[0]}")
    units = arrays["unit.activity"].shape
    for name, array in arrays.items():
        if not _fits(name, array, units):
            raise ValueError(f"{name[:40]!r} is not of the type and shape of such figures: {array.dtype} {array.shape}")
        check_numbers(name, array)


def _fits(name: str, array: np.ndarray, units: tuple[int, ...]) -> bool:
    if name == "hidden":
        return array.dtype == np.uint8 and array.ndim == 2 and array.size > 0
    if name.startswith("unit."):
        return array.dtype == np.float32 and array.shape == units and array.ndim == 1 and array.size > 0
    least = 3 if name.startswith("histogram.") else 0  # a count and the two ends
    return array.dtype == np.float32 and array.ndim == 1 and array.size >= least


def check_numbers(name: str, array: np.ndarray) -> None:
    """Real numbers that are finite, and not so large that what is made of them is not."""
    if array.dtype.kind not in "buif":
        raise ValueError(f"{name[:40]!r} holds no numbers")
    if array.size and not bool((np.abs(array.astype(np.float64)) <= LARGEST).all()):
        raise ValueError(f"{name[:40]!r} holds a number that is not finite, or beyond {LARGEST:g}")


def check_pictures(infos: Iterable[SnapshotInfo]) -> None:
    """All of a run's pictures are of one size, which is that of its images."""
    first: SnapshotInfo | None = None
    for info in infos:
        first = first or info
        if _image(info) != _image(first):
            raise ValueError(f"it has pictures of different sizes, {_image(first)} and {_image(info)}")


def _image(info: SnapshotInfo) -> tuple[int, ...]:
    return info.shape[2:] if info.kind == "reconstructions" else info.shape[1:]
