"""Which numbers were black and white where images were added, so that others are read as these were."""

from dataclasses import dataclass
from math import isfinite

LARGEST = 1e9


@dataclass(frozen=True, slots=True)
class Scale:
    """black, white: these numbers. is_of_files: the images were files that reach no further, such as masks of 0 and 1.

    White is 255 in image files of any other data set.
    """

    black: float = 0
    white: float = 255
    is_of_files: bool = False

    def __post_init__(self) -> None:
        if not (isfinite(self.black) and isfinite(self.white) and self.black < self.white <= LARGEST >= -self.black):
            raise ValueError(f"black is {self.black:g} and white {self.white:g}, which are no ends of a scale")

    @property
    def ends(self) -> tuple[float, float]:
        """(black, white)."""
        return float(self.black), float(self.white)


PIXELS = Scale()
