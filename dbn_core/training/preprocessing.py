"""How pixels become visible units, and back: fitted on training images alone and stored with the run.

With u = pixel / 255, or the number itself where real numbers are given, and where images are contrast-normalised
u = (u - m) / s with the image's own mean and deviation:

unit        u                              threshold  1 where u > 1/2, else 0      bernoulli  1 with probability u
standard    (u - mean) / deviation of the pixel over the training images; a deviation below 0.1 counts as 0.1, else a
            pixel that is nearly always black would be hundreds of deviations off where it is not; of real numbers
            beyond 0..1 that is a tenth of their range, and a deviation of 0 counts as 1
robust      (u - median) / inter-quartile range of the pixel, as scikit-learn's RobustScaler; a range of 0 counts as 1
zca         A (u - mean), see `whitening`
"""

from collections.abc import Iterator, Mapping
from copy import copy
from math import prod
from typing import Self

import numpy as np
import torch
from torch import Tensor

from dbn_core.config import DataConfig
from dbn_core.errors import DataError
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.models.images import PIXELS, Ends
from dbn_core.training import whitening
from dbn_core.training.numbers import Given, given_as, refuse_not_grey

BINARY = ("threshold", "bernoulli")
CONTRAST_FLOOR = 10 / 255**2  # added to an image's variance, so that a plain one stays plain (Coates, Ng & Lee 2011)
SMALLEST_DEVIATION = 0.1
CACHE_BYTES = 512 * 2**20  # of whitened training images: as float32 where they fit, else float16, else batch by batch
CHUNK = 2000  # rows at a time: bounds memory
COLUMNS = 64  # pixels at a time, where quantiles are taken
PREFIX = "preprocessing."


class Preprocessing:
    """The map of one run. Build it by `fit` on training images, or by `of` from a checkpoint.

    Rows are uint8 (cases, pixels), or real numbers where it was fitted on such; visible units are real numbers of
    `dtype` and of the same shape, both on one device. scale, shape: of images as they are given, see `models.images`.
    """

    scale: Ends = PIXELS
    shape: tuple[int, ...] | None = None

    def __init__(
        self,
        how: str,
        contrast: bool,
        fitted: Mapping[str, Tensor],
        device: torch.device | str,
        given: Given = "pixels",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.how, self.contrast, self.given, self.dtype = how, contrast, given, dtype
        self._tensors = {name: tensor.detach().cpu() for name, tensor in fitted.items()}
        self._centre, self._scale = (
            None if name not in fitted else fitted[name].to(device) for name in ("centre", "scale")
        )
        self._matrix = self._inverse = None
        if "whitening" in fitted:
            matrix = whitening.unpack(self._tensors["whitening"])
            self._matrix, self._inverse = matrix.to(device), whitening.inverse(matrix).to(device, dtype)

    @classmethod
    def fit(cls, config: DataConfig, rows: Tensor, shape: tuple[int, ...], dtype: torch.dtype = torch.float32) -> Self:
        """Fitted on `rows`, which must be training images only; shape: (height, width[, 3]) of one.

        zca estimates the covariance from at most 20,000 of them, evenly spread. Raises DataError for images that are
        too large for zca.
        """
        given, dtype = given_as(rows), rows.dtype if rows.is_floating_point() else dtype
        how, contrast = config.preprocessing, config.contrast_normalisation
        if how == "zca":
            whitening.refuse_too_large(shape, prod(shape))
        images = _Images(rows, contrast)
        fitted = images.typical() if contrast else {}
        match how:
            case "standard":
                mean, covariance = images.moments(full=False)
                fitted |= {"centre": mean, "scale": _scale(covariance.sqrt(), rows, given, contrast)}
            case "robust":
                fitted |= images.quartiles()
            case "zca":
                mean, covariance = _Images(whitening.spread(rows), contrast).moments(full=True)
                fitted |= {"centre": mean, "whitening": whitening.pack(whitening.whitening(covariance, min(shape[:2])))}
            case _:
                pass
        return cls(
            how, contrast, {name: tensor.to(dtype) for name, tensor in fitted.items()}, rows.device, given, dtype
        )

    @classmethod
    def of(
        cls,
        config: DataConfig,
        tensors: Mapping[str, Tensor],
        shape: tuple[int, ...],
        device: torch.device | str = "cpu",
    ) -> Self:
        """As it was fitted: from the tensors of a checkpoint, among which others may be. Raises DataError."""
        how, contrast = config.preprocessing, config.contrast_normalisation
        wanted = {"standard": ("centre", "scale"), "robust": ("centre", "scale"), "zca": ("centre", "whitening")}
        names = (*wanted.get(how, ()), *(("contrast",) if contrast else ()))
        pixels = prod(shape)
        sizes = {"contrast": 2, "whitening": pixels * (pixels + 1) // 2}
        for name in names:
            saved = tensors.get(PREFIX + name)
            if saved is None or saved.shape != (sizes.get(name, pixels),):
                raise DataError(
                    f"The checkpoint does not hold the fitted preprocessing '{how}' for images of "
                    f"{' x '.join(map(str, shape))} (it lacks {PREFIX}{name}); start the run afresh."
                )
        return cls(how, contrast, {name: tensors[PREFIX + name] for name in names}, device)

    @property
    def is_unit(self) -> bool:
        """Visible units lie in [0, 1] and stand for the grey values themselves."""
        return not self.contrast and self.how in {"unit", *BINARY} and self.given != "real"

    def for_images(self, scale: Ends | None = None, shape: tuple[int, ...] | None = None) -> Self:
        """The same map for whatever images come, and without those kept by `prepared`.

        scale, shape: those of the images; None for what is known already.
        """
        other = copy(self)
        other.scale, other.shape = scale or self.scale, shape or self.shape
        other.given = "grey" if self.given == "pixels" else self.given
        return other

    # -- pixels to units --------------------------------------------------------------------------------------------

    def __call__(self, rows: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Visible units; `generator` serves the one random choice, bernoulli. What `prepared` gave passes through."""
        if self._is_prepared(rows):
            return rows.to(self.dtype)
        return self._in_unit(rows, self.how, generator) if self.is_unit else self._real(rows)

    def mean(self, rows: Tensor) -> Tensor:
        """Visible units without randomness: for bernoulli the grey value, which is the mean of its samples."""
        if self._is_prepared(rows) or not self.is_unit:
            return self(rows)
        return self._in_unit(rows, "threshold" if self.how == "threshold" else "unit")

    def numbers(self, rows: Tensor) -> Tensor:
        """u of the definitions, a new tensor. Raises DataError for grey values outside 0 to 1."""
        if rows.dtype == torch.uint8:
            return rows.to(self.dtype).mul_(1 / 255)
        if self.given == "grey" and not torch.compiler.is_exporting():  # a graph has no sentences
            refuse_not_grey(rows)
        return rows.to(self.dtype, copy=True)

    def prepared(self, rows: Tensor) -> Tensor:
        """What to keep of training images and hand to this object batch by batch.

        The rows themselves, but for zca, which is as costly as an update: whitened once where that takes at most
        512 MiB, as float32 or else float16.
        """
        if self._matrix is None or self.given != "pixels":
            return rows
        kinds = (torch.float32, torch.float16)
        kind = next((kind for kind in kinds if rows.numel() * kind.itemsize <= CACHE_BYTES), None)
        if kind is None:
            return rows
        whitened = torch.empty(rows.shape, dtype=kind, device=rows.device)
        for start in range(0, len(rows), CHUNK):
            whitened[start : start + CHUNK] = self._real(rows[start : start + CHUNK])
        return whitened

    def _real(self, rows: Tensor) -> Tensor:
        v = self.numbers(rows)
        if self.contrast:
            mean, deviation = _contrast(v)
            v.sub_(mean).div_(deviation)
        if self._centre is not None:
            v.sub_(self._centre)
        if self._scale is not None:
            v.div_(self._scale)
        return v if self._matrix is None else v @ self._matrix

    def _in_unit(self, rows: Tensor, how: str, generator: torch.Generator | None = None) -> Tensor:
        """Visible units in [0, 1]; see `data.preprocessing` for the choices."""
        unit = self.numbers(rows)
        match how:
            case "unit":
                return unit
            case "threshold":
                return (unit > 0.5).to(self.dtype)
            case _:
                return sample_bernoulli(unit, generator)

    def _is_prepared(self, rows: Tensor) -> bool:
        """Real numbers among pixels come from `prepared`."""
        return self.given == "pixels" and rows.dtype != torch.uint8

    # -- units to pixels --------------------------------------------------------------------------------------------

    def to_pixels(self, v: Tensor, like: Tensor | None = None) -> Tensor:
        """The inverse: visible units (cases, pixels) as images in [0, 1], or as the real numbers that they were.

        like: the rows that `v` was made from or reconstructs; contrast normalisation takes their means and
        deviations. Without it (a dream has no image of its own) it takes those that are usual in the training images.
        """
        if self.is_unit:
            return v.clamp(0, 1)
        if self._inverse is not None:
            v = v @ self._inverse
        if self._scale is not None:
            v = v * self._scale
        if self._centre is not None:
            v = v + self._centre
        if self.contrast:
            usual = self._tensors["contrast"].to(v.device)
            mean, deviation = usual if like is None else _contrast(self.numbers(like))
            v = v * deviation + mean
        return v if self.given == "real" else v.clamp(0, 1)

    def filters_to_pixels(self, W: Tensor) -> Tensor:
        """What each hidden unit adds to the image when it is on, (units, pixels), from its weights.

        The inverse map without its offsets: de-whitened for zca, times the scale of each pixel for standard and
        robust. Contrast normalisation only scales whole images, so it changes nothing here.
        """
        if self._inverse is not None:
            return W @ self._inverse
        return W if self._scale is None else W * self._scale

    def tensors(self) -> dict[str, Tensor]:
        """What was fitted, on the CPU, by its name in checkpoints; nothing where nothing had to be."""
        return {PREFIX + name: tensor for name, tensor in self._tensors.items()}


class _Images:
    """Training images as numbers in [0, 1], contrast-normalised or not, a part at a time; for fitting."""

    def __init__(self, rows: Tensor, contrast: bool) -> None:
        self._rows, self._contrast = rows, contrast
        self._own = [_contrast(_unit(part)) for part in rows.split(CHUNK)] if contrast else []

    def typical(self) -> dict[str, Tensor]:
        """Mean over the images of their own means and of their own deviations, (2,)."""
        return {"contrast": torch.stack([torch.cat(parts).mean() for parts in zip(*self._own, strict=True)])}

    def moments(self, *, full: bool) -> tuple[Tensor, Tensor]:
        """(mean, covariance or, unless `full`, variance) of the pixels, float64 on the CPU."""
        size = self._rows.shape[1]
        mean = torch.zeros(size, dtype=torch.float64)
        for part in self._parts():
            mean += part.sum(0, dtype=part.dtype).double().cpu()
        mean /= len(self._rows)
        centre = mean.to(self._rows.device, _unit(self._rows[:0]).dtype)
        spread = torch.zeros((size, size) if full else size, dtype=torch.float64)
        for part in self._parts():
            part.sub_(centre)
            spread += (part.T @ part if full else part.square_().sum(0)).double().cpu()
        return mean, spread / len(self._rows)

    def quartiles(self) -> dict[str, Tensor]:
        """Median and inter-quartile range (0 -> 1) of each pixel over all images, linear between neighbours."""
        rows = self._rows.cpu().numpy()
        own = [torch.cat(parts).cpu().numpy() for parts in zip(*self._own, strict=True)]
        quarters = np.empty((3, rows.shape[1]))
        for start in range(0, rows.shape[1], COLUMNS):
            part = rows[:, start : start + COLUMNS]
            part = part.astype(np.float32) * np.float32(1 / 255) if part.dtype == np.uint8 else part
            part = (part - own[0]) / own[1] if own else part
            quarters[:, start : start + COLUMNS] = np.percentile(part, [25, 50, 75], axis=0)
        width = quarters[2] - quarters[0]
        width[width < 10 * np.finfo(np.float32).eps] = 1.0
        return {"centre": torch.from_numpy(quarters[1]), "scale": torch.from_numpy(width)}

    def _parts(self) -> Iterator[Tensor]:
        for index, part in enumerate(self._rows.split(CHUNK)):
            unit = _unit(part)
            if self._contrast:
                mean, deviation = self._own[index]
                unit.sub_(mean).div_(deviation)
            yield unit


def _contrast(unit: Tensor) -> tuple[Tensor, Tensor]:
    """(mean, deviation) of each image, both (cases, 1)."""
    variance, mean = torch.var_mean(unit, dim=1, keepdim=True, correction=0)
    return mean, (variance + CONTRAST_FLOOR).sqrt_()


def _unit(part: Tensor) -> Tensor:
    """A new tensor: numbers as they are, pixels / 255."""
    return part.to(torch.float32).mul_(1 / 255) if part.dtype == torch.uint8 else part.clone()


def _scale(deviation: Tensor, rows: Tensor, given: Given, contrast: bool) -> Tensor:
    """What each pixel is divided by, float64 on the CPU, from its deviation."""
    if contrast or given != "real":
        return deviation.clamp(min=SMALLEST_DEVIATION)
    reach = (rows.amax(0) - rows.amin(0)).double().cpu()
    return torch.where(reach > 0, torch.maximum(deviation, SMALLEST_DEVIATION * reach), 1.0)
