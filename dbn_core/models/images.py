"""What a person gives as images, as rows of numbers: the one way in, for training and for questions to a model alike.

Taken are tensors, NumPy arrays and what NumPy makes an array of (lists, data frames), and loaders that give batches of
them, alone or with labels behind; a batch of rows (cases, units), of images (cases, height, width), of images with
channels first or last, or one image.

    uint8     pixels 0..255; where none is above 1 the numbers 0 and 1 themselves (a model that was trained knows which)
    bool      0 and 1
    others    the numbers themselves: they are never rounded

A model whose images came on another scale, as from 0 to 16, reads numbers of every type but bool on that one: its black
becomes 0, its white 1. What lies beyond a scale is refused, never cut off.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isqrt, prod
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from dbn_core.errors import DataError

Images = Any  # see above
Ends = tuple[float, float]
"""The numbers that are black and white."""
PIXELS: Ends = (0.0, 255.0)
BITS: Ends = (0.0, 1.0)
COLOURS = (1, 3)
_SLACK = 1e-3  # of the scale's length, by which rounding or resizing may have left it


@runtime_checkable
class InputMap(Protocol):
    """How the images that a model was trained on become its visible units, and back."""

    scale: Ends
    """On which images are given: PIXELS for uint8, with other numbers themselves, or another one for all numbers."""
    shape: tuple[int, ...] | None
    """(height, width[, 3]) of an image; None where the model has learnt rows."""

    def mean(self, rows: Tensor) -> Tensor:
        """Visible units of rows (cases, units), without randomness. Raises DataError for numbers out of range."""
        ...

    def to_pixels(self, v: Tensor, like: Tensor | None = None) -> Tensor:
        """The inverse; like: the rows that `v` was made from or reconstructs."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """Images as (cases, units): uint8 pixels 0..255, or real numbers. shape: of one image, (height, width[, 3]).

    is_told: they came in that shape; that of rows is the most nearly square one.
    """

    numbers: Tensor
    shape: tuple[int, ...]
    scale: Ends  # that of uint8: BITS for those that were 0 and 1, now 0 and 255
    is_told: bool


def rows_of(images: Images, units: int, scale: Ends | None = None, wanted: tuple[int, ...] | None = None) -> Rows:
    """The images of `units` numbers each; scale: as of `InputMap`, None to find out whether uint8 are 0 and 1.

    wanted: their shape, where it is known; rows always fit. Raises DataError for what are no such images, for none at
    all, and for numbers that are not finite, or beyond the scale.
    """
    given = _tensor(images)
    told = _shape(given, units)
    shape = told or _rectangle(units)
    if told and wanted and told != wanted:
        raise DataError(
            f"Images of {_times(told)} are not for a model of images of {_times(wanted)}, though they have as many "
            f"numbers; give such, or rows of {units} numbers in that order."
        )
    if _is_channels_first(given, units):
        given = given.movedim(1, -1)
    rows = given.reshape(-1, units)
    if not len(rows):
        raise DataError("There are no images; give at least one.")
    if rows.dtype == torch.bool:
        return Rows(rows.to(torch.uint8) * 255, shape, BITS, bool(told))
    if rows.is_complex():
        raise DataError(f"Images hold {rows.dtype}, which are no real numbers; give their real parts or amounts.")
    if rows.dtype == torch.uint8:
        found = scale or (BITS if int(rows.max()) <= 1 else PIXELS)
        return Rows(_on_scale(rows, found), shape, found, bool(told))
    rows = rows if rows.is_floating_point() else rows.double()
    _refuse_not_finite(rows)
    numbers = rows if scale in {None, PIXELS, BITS} else _on_scale(rows, scale or PIXELS)
    return Rows(numbers, shape, PIXELS, bool(told))


def units_of_images(images: Images, like: Tensor, units: int, known: InputMap | None) -> tuple[Tensor, Tensor]:
    """(rows, visible units without randomness) of images, in the type and on the device of `like`.

    known: how the model's images become visible units; without it grey values are divided by 255.
    """
    if known is not None:
        rows = rows_of(images, units, known.scale, known.shape).numbers.to(like.device)
        return rows, known.mean(rows).to(like.dtype)
    rows = rows_of(images, units).numbers.to(like.device)
    return rows, rows.to(like.dtype).mul_(1 / 255) if rows.dtype == torch.uint8 else rows.to(like.dtype)


def _tensor(images: Images) -> Tensor:
    if isinstance(images, Tensor):
        return images.to_dense() if images.layout != torch.strided else images
    if isinstance(images, Iterable) and not (hasattr(images, "__array__") or isinstance(images, list | tuple | str)):
        batches = [_tensor(batch[0] if isinstance(batch, list | tuple) else batch) for batch in images]
        if not batches:
            raise DataError("The loader gives no images; give at least one.")
        return torch.cat(batches)
    if isinstance(images, list | tuple) and images and all(isinstance(image, Tensor) for image in images):
        return torch.stack(list(images))
    try:
        array = np.asarray(images)
    except ValueError as error:
        raise DataError("Images must be of one size, and these are not; give an array (images, pixels).") from error
    if array.dtype.kind not in "biuf":
        raise DataError(
            f"Images must be numbers, not {type(images).__name__} of {array.dtype}; give a tensor, a NumPy array or a "
            f"loader of them."
        )
    return torch.tensor(array)


def _shape(given: Tensor, units: int) -> tuple[int, ...] | None:
    """(height, width[, 3]) of one image, None of rows. Raises DataError where they do not have `units` numbers."""
    sizes = tuple(given.shape)
    if given.dim() <= 2 and sizes[-1:] == (units,):
        return None
    if given.dim() == 2 and prod(sizes) == units:  # one image
        return sizes
    if given.dim() not in {3, 4} or prod(sizes[1:]) != units:
        wanted = "(images, pixels), (images, height, width) or with channels first or last"
        found = f"{sizes[-1]} numbers" if given.dim() <= 2 and sizes else f"a shape of {sizes}"
        raise DataError(
            f"Images of {found} are not for a model of {units} visible units; give {wanted}, {units} numbers an image."
        )
    if given.dim() == 3:
        return sizes[1:]
    if not _is_channels_first(given, units) and sizes[-1] not in COLOURS:
        raise DataError(f"Images of shape {sizes} have no channels of 1 or 3 colours; give 1 or 3, first or last.")
    height, width, colours = (*sizes[2:], sizes[1]) if _is_channels_first(given, units) else sizes[1:]
    return (height, width) if colours == 1 else (height, width, colours)


def _is_channels_first(given: Tensor, units: int) -> bool:
    """(cases, channels, height, width), where the last size can be no colours."""
    sizes = given.shape
    return given.dim() == 4 and prod(sizes[1:]) == units and sizes[1] in COLOURS and sizes[3] not in COLOURS


def _on_scale(rows: Tensor, scale: Ends) -> Tensor:
    """Pixels 0..255 as they are, bits as 0 and 255, numbers on any other scale as those in [0, 1]."""
    if scale == PIXELS:
        return rows
    black, white = scale
    numbers = rows if rows.dtype in {torch.float32, torch.float64} else rows.float()
    least, most = numbers.min().item(), numbers.max().item()
    slack = _SLACK * (white - black)
    if least < black - slack or most > white + slack:
        raise DataError(
            f"Numbers from {least:g} to {most:g} are given to a model with images on a scale from {black:g} (black) "
            f"to {white:g} (white); bring them to that scale."
        )
    return rows * 255 if scale == BITS else ((numbers - black) / (white - black)).clamp(0, 1)


def _refuse_not_finite(rows: Tensor) -> None:
    wrong = ~torch.isfinite(rows)
    if not bool(wrong.any()):
        return
    case, unit = (int(place) for place in wrong.nonzero()[0])
    word = "NaN (no number)" if bool(rows[case, unit].isnan()) else "infinite"
    raise DataError(
        f"{int(wrong.sum()):,} numbers of the images are not finite: the first, number {unit} of image {case} (from 0),"
        f" is {word}; fill in or leave out what is missing."
    )


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _rectangle(n: int) -> tuple[int, int]:
    """The most nearly square height x width with that many pixels."""
    height = max(d for d in range(1, isqrt(n) + 1) if n % d == 0)
    return height, n // height
