"""The Restricted Boltzmann Machine.

    E(v, h) = visible energy(v) - c . h - h . W v          p(v, h) = exp(-E(v, h)) / Z
    F(v)    = visible energy(v) - sum_j log_partition(c_j + W_j v)          log p(v) = -F(v) - log Z

W is (hidden, visible), b the visible bias, c the hidden bias; for Bernoulli visible units the visible energy is -b . v.
"""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.units import Bernoulli, Gaussian, Units


class GibbsState(NamedTuple):
    """Where a batch of chains stands after some Gibbs steps: h was drawn given v, v was drawn with mean v_mean."""

    v_mean: Tensor  # (batch, visible)
    v: Tensor  # (batch, visible)
    h_mean: Tensor  # (batch, hidden)
    h: Tensor  # (batch, hidden)


class RBM(nn.Module):
    """An RBM with Bernoulli hidden units; `visible` names the kind of its visible units, or is one.

    Weights start as N(0, 0.01^2), biases at 0. `generator` draws the weights and is the default for every sample.
    Parameters take no gradients: the learning rules are closed forms (`dbn_core.training`).
    """

    W: nn.Parameter  # (hidden, visible)
    v_bias: nn.Parameter  # (visible,)
    h_bias: nn.Parameter  # (hidden,)

    def __init__(
        self,
        n_visible: int,
        n_hidden: int,
        visible: Literal["bernoulli", "gaussian"] | Units = "bernoulli",
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        if visible == "gaussian":
            visible = Gaussian(n_visible, device=device, dtype=dtype)
        self.visible_units: Units = Bernoulli() if visible == "bernoulli" else visible
        self.hidden_units: Units = Bernoulli()
        self.generator = generator
        # Drawn on the CPU, so that a seed gives the same start on every device.
        start = generator if generator is not None and generator.device.type == "cpu" else None
        weights = torch.randn(n_hidden, n_visible, generator=start, dtype=dtype).mul_(0.01).to(device)
        self.W = nn.Parameter(weights, requires_grad=False)
        self.v_bias = nn.Parameter(torch.zeros(n_visible, dtype=dtype, device=device), requires_grad=False)
        self.h_bias = nn.Parameter(torch.zeros(n_hidden, dtype=dtype, device=device), requires_grad=False)

    @property
    def n_visible(self) -> int:
        """Number of visible units."""
        return self.W.shape[1]

    @property
    def n_labels(self) -> int:
        """How many of the visible units, the last ones, are a one-hot label."""
        return self.visible_units.labels

    @property
    def n_hidden(self) -> int:
        """Number of hidden units."""
        return self.W.shape[0]

    def hidden_field(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch hidden"]:
        """c + W v (for Gaussian visible units c + W v / s^2)."""
        # In two steps: `addmm` spreads the bias over its result first, which takes longer than adding it afterwards.
        return torch.mm(self.visible_units.coupling(v), self.W.t()).add_(self.h_bias)

    def visible_field(self, h: Float[Tensor, "batch hidden"]) -> Float[Tensor, "batch visible"]:
        """b + W^T h."""
        return torch.mm(h, self.W).add_(self.v_bias)

    def hidden_mean(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch hidden"]:
        """p(h = 1 | v)."""
        return self.hidden_units.mean_(self.hidden_field(v))

    def visible_mean(self, h: Float[Tensor, "batch hidden"]) -> Float[Tensor, "batch visible"]:
        """E[v | h]."""
        return self.visible_units.mean_(self.visible_field(h))

    def sample_h(
        self, v: Float[Tensor, "batch visible"], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]]:
        """(probability p(h = 1 | v), one binary sample of it)."""
        mean = self.hidden_mean(v)
        return mean, self.hidden_units.sample(mean, generator or self.generator)

    def sample_v(
        self, h: Float[Tensor, "batch hidden"], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "batch visible"], Float[Tensor, "batch visible"]]:
        """(mean E[v | h], one sample of p(v | h))."""
        mean = self.visible_mean(h)
        return mean, self.visible_units.sample(mean, generator or self.generator)

    def gibbs(
        self, h: Float[Tensor, "batch hidden"], steps: int, generator: torch.Generator | None = None
    ) -> GibbsState:
        """`steps` >= 1 rounds of v ~ p(v | h), h ~ p(h | v), both sides sampled: a Markov chain of p(v, h)."""
        if steps < 1:
            raise ValueError(f"a Gibbs chain needs at least one step, not {steps}")
        for _ in range(steps):
            v_mean, v = self.sample_v(h, generator)
            h_mean, h = self.sample_h(v, generator)
        return GibbsState(v_mean, v, h_mean, h)  # pyright: ignore[reportPossiblyUnboundVariable]

    def energy(self, v: Float[Tensor, "batch visible"], h: Float[Tensor, "batch hidden"]) -> Float[Tensor, " batch"]:
        """E(v, h) of each pair, in nats."""
        return self.visible_units.energy(v, self.v_bias) - (h * self.hidden_field(v)).sum(dim=1)

    def free_energy(
        self, v: Float[Tensor, "batch visible"], field: Float[Tensor, "batch hidden"] | None = None
    ) -> Float[Tensor, " batch"]:
        """F(v) = -log sum_h exp(-E(v, h)), in nats; exact, and only differences of it mean anything.

        `field` is `hidden_field(v)` where a caller has it already: it is nearly all the work.
        """
        field = self.hidden_field(v) if field is None else field
        return self.visible_units.energy(v, self.v_bias) - self.hidden_units.log_partition(field)

    def reconstruct(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch visible"]:
        """Mean-field reconstruction: up and down with means, nothing drawn."""
        return self.visible_mean(self.hidden_mean(v))

    def extra_repr(self) -> str:
        """Sizes, for print."""
        return f"{self.n_visible} visible, {self.n_hidden} hidden"
