"""What the numbers of images are: pixels, grey values or any real numbers."""

from typing import Literal

from torch import Tensor, uint8

from dbn_core.errors import DataError

Given = Literal["pixels", "grey", "real"]
"""uint8, real numbers in [0, 1], or any."""


def given_as(rows: Tensor) -> Given:
    """What images these are."""
    if rows.dtype == uint8:
        return "pixels"
    return "grey" if bool(((rows >= 0) & (rows <= 1)).all()) else "real"


def refuse_not_grey(rows: Tensor) -> None:
    """Raises DataError for numbers outside 0 to 1."""
    if not bool(((rows >= 0) & (rows <= 1)).all()):
        raise DataError(
            f"Numbers from {rows.min().item():g} to {rows.max().item():g} are no grey values, which lie in [0, 1]: "
            f"divide by the largest, give uint8 pixels, or train gaussian visible units on such numbers."
        )
