"""Kinds of units: what a unit does with the field it receives.

A unit x with bias b in an energy-based model sees a field f (its bias plus what the other side sends). Everything an
RBM needs of it is below, so that `rbm.py` is written once and knows no kind.
"""

import math
from abc import ABC, abstractmethod

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.bernoulli import sample_bernoulli


class Units(nn.Module, ABC):
    """One kind of units. Final classes only below this one."""

    labels: int = 0  # how many of the units, the last ones, are a one-hot label

    @abstractmethod
    def mean(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, "batch units"]:
        """E[x | field]."""

    def mean_(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, "batch units"]:
        """`mean`, which may write over the field."""
        return self.mean(field)

    @abstractmethod
    def sample(
        self, mean: Float[Tensor, "batch units"], generator: torch.Generator | None
    ) -> Float[Tensor, "batch units"]:
        """One draw of x for each unit, given its mean."""

    def sample_tempered(
        self, field: Float[Tensor, "batch units"], temperature: float, generator: torch.Generator | None
    ) -> tuple[Float[Tensor, "batch units"], Float[Tensor, "batch units"]]:
        """(mean, one draw) of p(x | field) proportional to exp(-E / temperature): binary units see field / T."""
        mean = self.mean(field if temperature == 1 else field / temperature)
        return mean, self.sample(mean, generator)

    @abstractmethod
    def energy(self, x: Float[Tensor, "batch units"], bias: Float[Tensor, " units"]) -> Float[Tensor, " batch"]:
        """The part of the energy that the units have by themselves, in nats."""

    @abstractmethod
    def log_partition(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, " batch"]:
        """Sum over units of log sum_x exp(x field - own energy at bias 0), in nats."""

    def coupling(self, x: Float[Tensor, "batch units"]) -> Float[Tensor, "batch units"]:
        """What the other side's weights are multiplied with: the statistic of x in the gradients."""
        return x

    def field_partition_offset(self, bias: Float[Tensor, " units"]) -> Tensor:  # noqa: ARG002
        """What `log_partition(bias + ...)` has too much because the energy is measured from the bias, in nats."""
        return torch.zeros(())

    @abstractmethod
    def bias_for(self, mean: Float[Tensor, " units"]) -> Float[Tensor, " units"]:
        """The bias at which independent units have this mean."""


class Bernoulli(Units):
    """x in {0, 1}: mean = sigmoid(f), energy = -b x, log partition = log(1 + e^f) = softplus(f)."""

    def mean(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, "batch units"]:
        """sigmoid(f)."""
        return torch.sigmoid(field)

    def mean_(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, "batch units"]:
        """The same in place."""
        return field.sigmoid_()

    def sample(
        self, mean: Float[Tensor, "batch units"], generator: torch.Generator | None
    ) -> Float[Tensor, "batch units"]:
        """1 with probability `mean`, else 0; see `sample_bernoulli` for its resolution."""
        return sample_bernoulli(mean, generator)

    def energy(self, x: Float[Tensor, "batch units"], bias: Float[Tensor, " units"]) -> Float[Tensor, " batch"]:
        """-b . x."""
        return -(x @ bias)

    def log_partition(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, " batch"]:
        """Sum of softplus(f)."""
        return F.softplus(field).sum(dim=1)

    def bias_for(self, mean: Float[Tensor, " units"]) -> Float[Tensor, " units"]:
        """logit(mean), the mean clipped to [1e-3, 1 - 1e-3] so that always-black pixels keep a finite bias."""
        return torch.logit(mean.clamp(1e-3, 1 - 1e-3))


class Gaussian(Units):
    """Real x with standard deviation s: mean = f, energy = (x - b)^2 / (2 s^2), coupling = x / s^2.

    log partition = f^2 / (2 s^2) + log(s sqrt(2 pi)), less b^2 / (2 s^2) (`field_partition_offset`). The deviations
    are kept as `log_variance` = log s^2, one for each unit, 0 at the start: right for standardised data.
    """

    def __init__(self, units: int, *, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.log_variance = nn.Parameter(torch.zeros(units, device=device, dtype=dtype), requires_grad=False)

    @property
    def precision(self) -> Float[Tensor, " units"]:
        """1 / s^2."""
        return torch.exp(-self.log_variance)

    def mean(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, "batch units"]:
        """The field itself."""
        return field

    def sample(
        self, mean: Float[Tensor, "batch units"], generator: torch.Generator | None
    ) -> Float[Tensor, "batch units"]:
        """Mean plus normal noise of deviation s."""
        noise = torch.randn(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype)
        return mean + noise * torch.exp(self.log_variance / 2)

    def sample_tempered(
        self, field: Float[Tensor, "batch units"], temperature: float, generator: torch.Generator | None
    ) -> tuple[Float[Tensor, "batch units"], Float[Tensor, "batch units"]]:
        """The mean stays, the variance is T s^2."""
        mean = self.mean(field)
        return mean, torch.lerp(mean, self.sample(mean, generator), temperature**0.5)

    def energy(self, x: Float[Tensor, "batch units"], bias: Float[Tensor, " units"]) -> Float[Tensor, " batch"]:
        """Sum of (x - b)^2 / (2 s^2)."""
        return ((x - bias).square() @ self.precision) / 2

    def log_partition(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, " batch"]:
        """Sum of f^2 / (2 s^2) + log(s sqrt(2 pi))."""
        return (field.square() @ self.precision + (self.log_variance + math.log(2 * math.pi)).sum()) / 2

    def coupling(self, x: Float[Tensor, "batch units"]) -> Float[Tensor, "batch units"]:
        """X / s^2."""
        return x * self.precision

    def field_partition_offset(self, bias: Float[Tensor, " units"]) -> Tensor:
        """Sum of b^2 / (2 s^2)."""
        return (bias.square() @ self.precision) / 2

    def bias_for(self, mean: Float[Tensor, " units"]) -> Float[Tensor, " units"]:
        """The mean itself."""
        return mean

    def variance_statistic(
        self, x: Float[Tensor, "batch units"], bias: Float[Tensor, " units"], received: Float[Tensor, "batch units"]
    ) -> Float[Tensor, " units"]:
        """Mean of -dE/d(log s^2) = (x - b)^2 / (2 s^2) - x (W^T h) / s^2, with received = W^T h: for its gradient."""
        return (((x - bias).square() / 2 - x * received) * self.precision).mean(0)


class BernoulliWithLabel(Units):
    """Bernoulli units followed by one label: the last `labels` units are a one-hot code, so exactly one of them is 1.

    mean = (sigmoid(f), softmax(f_label)), energy = -b x, log partition = sum softplus(f) + logsumexp(f_label).
    """

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.labels = labels
        self._bernoulli = Bernoulli()

    def mean(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, "batch units"]:
        """Sigmoid for the units, softmax over the label."""
        units, label = self._split(field)
        return torch.cat([torch.sigmoid(units), torch.softmax(label, dim=1)], dim=1)

    def sample(
        self, mean: Float[Tensor, "batch units"], generator: torch.Generator | None
    ) -> Float[Tensor, "batch units"]:
        """Binary units, and one of the labels."""
        units, label = self._split(mean)
        # As `torch.multinomial` draws one of each row (the same one), but without asking the host whether it may.
        race = torch.empty_like(label).exponential_(generator=generator)
        one_hot = torch.zeros_like(label).scatter_(1, (label / race).argmax(1, keepdim=True), 1.0)
        return torch.cat([self._bernoulli.sample(units.contiguous(), generator), one_hot], dim=1)

    def energy(self, x: Float[Tensor, "batch units"], bias: Float[Tensor, " units"]) -> Float[Tensor, " batch"]:
        """-b . x."""
        return -(x @ bias)

    def log_partition(self, field: Float[Tensor, "batch units"]) -> Float[Tensor, " batch"]:
        """Sum of softplus over the units plus logsumexp over the label."""
        units, label = self._split(field)
        return F.softplus(units).sum(dim=1) + torch.logsumexp(label, dim=1)

    def bias_for(self, mean: Float[Tensor, " units"]) -> Float[Tensor, " units"]:
        """Logit of the means; log of the label's frequencies."""
        units, label = mean[: -self.labels], mean[-self.labels :]
        return torch.cat([self._bernoulli.bias_for(units), label.clamp(min=1e-3).log()])

    def _split(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x[:, : -self.labels], x[:, -self.labels :]
