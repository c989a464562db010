"""Noisy rectified linear units."""

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.errors import ModelError
from dbn_core.kinds import KINDS
from dbn_core.models.units.graded import Graded
from dbn_core.models.units.shapes import Batch, PerCase, PerUnit
from dbn_core.models.units.stepped import Stepped

_FAINT = -30.0  # the field at which the noise of a unit counts as that of any lower one: its deviation is 3e-7


class Rectified(Graded):
    """x = max(0, f + s n) with n ~ N(0, 1) and s^2 = sigmoid(f): the fast stand-in for `Stepped` (Nair & Hinton 2010).

    Exact: `mean` = f Phi(f / s) + s phi(f / s), the mean of what `draw` draws, and `on` = Phi(f / s). Approximate: as
    draws of a stepped unit. Where |f| > 4 mean and variance are those of the stepped unit to within 0.02; nearer to 0
    both are too low, the mean by up to 0.41 (at f = 0 it is 0.28 and should be 0.68), the variance by up to 0.35.

    No energy has these conditionals, since f does not enter them as exp(f x): an RBM of such units has no joint
    distribution, so `energy` raises ModelError and likelihoods, tempering and label units are refused. What stands for
    its free energy is that of the stepped units, whose gradient has the mean of those, not this one; CD and PCD follow
    differences of the means that are sampled, which is the learning rule of the paper and the gradient of nothing.
    """

    kind = KINDS["relu"]

    def __init__(self) -> None:
        super().__init__()
        self._stepped = Stepped()

    def mean(self, field: Batch) -> Batch:
        """F Phi(f / s) + s phi(f / s)."""
        return _mean(field, _deviation(field))

    def draw(self, field: Batch, generator: torch.Generator | None) -> tuple[Batch, Batch]:
        """(mean, max(0, f + s n))."""
        return _draw(field, _deviation(field), generator)

    def sample_tempered(
        self, field: Batch, temperature: float, generator: torch.Generator | None
    ) -> tuple[Batch, Batch]:
        """Variance T sigmoid(f / T), that of stepped units whose copies see their fields divided by T."""
        return _draw(field, _deviation(field / temperature) * temperature**0.5, generator)

    def on(self, field: Batch, mean: Batch) -> Batch:
        """Phi(f / s)."""
        del mean
        return torch.special.ndtr(field / _deviation(field))

    def full(self, means: Float[Tensor, "cases units"]) -> PerUnit:
        """The largest mean over the cases."""
        return means.amax(0)

    def energy(self, x: Batch, bias: PerUnit) -> PerCase:
        """Raises ModelError: there is none."""
        del x, bias
        raise ModelError("Noisy rectified units have no energy; choose hidden = stepped, which they stand in for.")

    def log_partition(self, field: Batch) -> PerCase:
        """That of stepped units."""
        return self._stepped.log_partition(field)


def _deviation(field: Tensor) -> Tensor:
    return torch.sigmoid(field.clamp(min=_FAINT)).sqrt()


def _mean(field: Tensor, deviation: Tensor) -> Tensor:
    z = field / deviation
    return field * torch.special.ndtr(z) + deviation * torch.exp(-z.square() / 2) * (2 * torch.pi) ** -0.5


def _draw(field: Tensor, deviation: Tensor, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
    noise = torch.randn(field.shape, generator=generator, device=field.device, dtype=field.dtype)
    return _mean(field, deviation), torch.addcmul(field, noise, deviation).relu_()
