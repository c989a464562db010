"""The question what a network makes of one image."""

from dataclasses import dataclass
from typing import Self, TypedDict

import numpy as np
import numpy.typing as npt

from dbn_core.questions.question import AtCheckpoint
from dbn_core.records import Position


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of one's own: bytes of grey or RGB values row by row, and (height, width[, 3])."""

    pixels: bytes
    shape: tuple[int, ...]

    @classmethod
    def of(cls, array: npt.NDArray[np.uint8]) -> Self:
        """The inverse of `array`."""
        return cls(np.ascontiguousarray(array).tobytes(), array.shape)

    def array(self) -> npt.NDArray[np.uint8]:
        """uint8 (height, width[, 3]), read-only."""
        return np.frombuffer(self.pixels, np.uint8).reshape(self.shape)


class RecognisedLayer(TypedDict):
    """`strongest`: units whose activity exceeds its average over training images most, `above` by how much."""

    units: int
    activity: npt.NDArray[np.float32]  # (units,)
    strongest: list[int]
    above: npt.NDArray[np.float32]
    filters: npt.NDArray[np.uint8]  # of the strongest, as in a `filters` snapshot, with
    scale: float
    reconstruction: npt.NDArray[np.uint8] | None  # the image after one way up to this layer and down again


class Recognised(TypedDict):
    """What every classifier says, and what each layer makes of the image. `seen`: as the visible units mean it."""

    classifiers: dict[str, npt.NDArray[np.float32]]  # p(class | image), (classes,)
    fitted: int  # training images that a lent probe has seen, 0 without one
    label_names: tuple[str, ...]
    layers: list[RecognisedLayer]
    seen: npt.NDArray[np.uint8]
    number: int | None  # of a held-out image,
    label: int | None  # and its class
    stack: str  # whose layers these are
    position: Position


@dataclass(frozen=True, slots=True)
class Recognise(AtCheckpoint[Recognised]):
    """What a network makes of one image: a picture of one's own, or a held-out one by its number, counted round."""

    image: Image | int
