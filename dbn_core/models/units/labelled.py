"""Bernoulli units beside a label, as a top RBM with label units sees them."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dbn_core.kinds import KINDS
from dbn_core.models.units.bernoulli import Bernoulli
from dbn_core.models.units.groups import draw_one
from dbn_core.models.units.shapes import Batch, PerCase, PerUnit
from dbn_core.models.units.units import Units


class BernoulliWithLabel(Units):
    """Bernoulli units followed by one label: the last `labels` units are a one-hot code, so exactly one of them is 1.

    mean = (sigmoid(f), softmax(f_label)), energy = -b x, log partition = sum softplus(f) + logsumexp(f_label).
    """

    kind = KINDS["bernoulli"]

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.labels = labels
        self._bernoulli = Bernoulli()

    def why_no_size(self, units: int) -> str:
        """There must be room for the label."""
        if 0 < self.labels <= units:
            return ""
        return f"A label of {self.labels} units does not fit on a side of {units}; give from 1 to {units} classes."

    def mean(self, field: Batch) -> Batch:
        """Sigmoid for the units, softmax over the label."""
        units, label = self._split(field)
        return torch.cat([torch.sigmoid(units), torch.softmax(label, dim=1)], dim=1)

    def sample(self, mean: Batch, generator: torch.Generator | None) -> Batch:
        """Binary units, and one of the labels."""
        units, label = self._split(mean)
        one_hot = draw_one(label, generator)
        return torch.cat([self._bernoulli.sample(units.contiguous(), generator), one_hot], dim=1)

    def energy(self, x: Batch, bias: PerUnit) -> PerCase:
        """-b . x."""
        return -(x @ bias)

    def log_partition(self, field: Batch) -> PerCase:
        """Sum of softplus over the units plus logsumexp over the label."""
        units, label = self._split(field)
        return F.softplus(units).sum(dim=1) + torch.logsumexp(label, dim=1)

    def states_near(
        self, means: Float[Tensor, "batch some"], generator: torch.Generator | None
    ) -> Float[Tensor, "batch some"]:
        """Of features without their label, as a DBN passes them up."""
        return self._bernoulli.sample(means, generator)

    def bias_for(self, mean: PerUnit) -> PerUnit:
        """Logit of the means; log of the label's frequencies."""
        units, label = mean[: -self.labels], mean[-self.labels :]
        return torch.cat([self._bernoulli.bias_for(units), label.clamp(min=1e-3).log()])

    def base_rates(self, data: Float[Tensor, "cases some"]) -> Float[Tensor, " some"]:
        """Of features without their label: labels are then equally likely."""
        return self._bernoulli.base_rates(data)

    def _split(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x[:, : -self.labels], x[:, -self.labels :]
