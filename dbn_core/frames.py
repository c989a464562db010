"""A frame of diagnostics: small named arrays of one moment of a run, kept as one snapshot.

In the store a frame is a snapshot of kind `diagnostics` whose pixels are the bytes of a safetensors blob, compressed;
so it is thinned, listed and fetched like every picture. Scalars of the same moment are metrics.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load, save

from dbn_core.records import Position, Snapshot, SnapshotInfo


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The arrays, by name; see `training/diagnostics.py` for what they mean."""

    position: Position
    arrays: dict[str, np.ndarray]

    def to_snapshot(self) -> Snapshot:
        """As the store keeps it."""
        pixels = packed(self.arrays)
        return Snapshot(SnapshotInfo("diagnostics", self.position, pixels.shape), pixels)

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> "Frame":
        """Inverse of `to_snapshot`."""
        return cls(snapshot.info.position, unpacked(snapshot.pixels))


def packed(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """Named arrays as one row of bytes, uint8."""
    # Level 1: half the size already, a tenth of the time.
    blob = zlib.compress(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}), 1)
    return np.frombuffer(blob, np.uint8)


def unpacked(pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Inverse of `packed`."""
    return load(zlib.decompress(pixels.tobytes()))
