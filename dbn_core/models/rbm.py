"""The Restricted Boltzmann Machine.

    E(v, h) = visible energy(v) + hidden energy(h) - c . h - h . W v          p(v, h) = exp(-E(v, h)) / Z
    F(v)    = visible energy(v) - sum_j log_partition(c_j + W_j v)          log p(v) = -F(v) - log Z

W is (hidden, visible), b the visible bias, c the hidden bias; for Bernoulli units the visible energy is -b . v and the
hidden one 0. With visible units that have a coupling (v / s^2 of Gaussian ones) W v is W coupling(v).
"""

from typing import Literal, NamedTuple, Unpack

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.errors import ModelError
from dbn_core.models.images import Images, InputMap, units_of_images
from dbn_core.models.sizes import refuse_no_sizes
from dbn_core.models.units import Place, Units, units_of


class GibbsState(NamedTuple):
    """Where a batch of chains stands after some Gibbs steps: h was drawn given v, v was drawn with mean v_mean."""

    v_mean: Tensor  # (batch, visible)
    v: Tensor  # (batch, visible)
    h_mean: Tensor  # (batch, hidden)
    h: Tensor  # (batch, hidden)


class RBM(nn.Module):
    """An RBM of any kinds of units: `visible` and `hidden` each name one (`dbn_core.kinds`), or are `Units`.

    `categories`: of softmax visible units, of which each group of so many has exactly one that is on. Weights start as
    N(0, 0.01^2), biases at 0. `generator` draws the weights and is the default for every sample; `place`: `device` and
    `dtype` of all parameters. They take no gradients: the learning rules are closed forms (`dbn_core.training`). Raises
    ModelError for sizes below 1 and for kinds that are not there or do not fit.

    preprocessing: how images become visible units, once it was trained on some; None: they are visible units, or grey
    values 0..255 of such. `features` and `reconstruct` take images (`models.images`), all else takes states.
    """

    W: nn.Parameter  # (hidden, visible)
    v_bias: nn.Parameter  # (visible,)
    h_bias: nn.Parameter  # (hidden,)

    def __init__(
        self,
        n_visible: int,
        n_hidden: int,
        visible: str | Units = "bernoulli",
        hidden: str | Units = "bernoulli",
        *,
        categories: int | None = None,
        generator: torch.Generator | None = None,
        **place: Unpack[Place],
    ) -> None:
        super().__init__()
        refuse_no_sizes(n_visible, n_hidden)
        self.preprocessing: InputMap | None = None
        self.visible_units = units_of(visible, "visible", n_visible, categories, **place)
        self.hidden_units = units_of(hidden, "hidden", n_hidden, **place)
        self.generator = generator
        # Drawn on the CPU, so that a seed gives the same start on every device.
        start = generator if generator is not None and generator.device.type == "cpu" else None
        weights = torch.randn(n_hidden, n_visible, generator=start, dtype=place.get("dtype")).mul_(0.01)
        self.W = nn.Parameter(weights.to(place.get("device")), requires_grad=False)
        self.v_bias = nn.Parameter(torch.zeros(n_visible, **place), requires_grad=False)
        self.h_bias = nn.Parameter(torch.zeros(n_hidden, **place), requires_grad=False)

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
        try:
            return torch.mm(self.visible_units.coupling(v), self.W.t()).add_(self.h_bias)
        except RuntimeError:
            self._refuse(v, "visible")
            raise

    def visible_field(self, h: Float[Tensor, "batch hidden"]) -> Float[Tensor, "batch visible"]:
        """b + W^T h."""
        try:
            return torch.mm(h, self.W).add_(self.v_bias)
        except RuntimeError:
            self._refuse(h, "hidden")
            raise

    def hidden_mean(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch hidden"]:
        """E[h | v]; of binary units p(h = 1 | v)."""
        return self.hidden_units.mean_(self.hidden_field(v))

    def visible_mean(self, h: Float[Tensor, "batch hidden"]) -> Float[Tensor, "batch visible"]:
        """E[v | h]."""
        return self.visible_units.mean_(self.visible_field(h))

    def sample_h(
        self, v: Float[Tensor, "batch visible"], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]]:
        """(mean E[h | v], one sample of p(h | v)); of binary units the probabilities p(h = 1 | v) and bits."""
        return self.hidden_units.draw(self.hidden_field(v), generator or self.generator)

    def sample_v(
        self, h: Float[Tensor, "batch hidden"], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "batch visible"], Float[Tensor, "batch visible"]]:
        """(mean E[v | h], one sample of p(v | h))."""
        return self.visible_units.draw(self.visible_field(h), generator or self.generator)

    def gibbs(
        self, h: Float[Tensor, "batch hidden"], steps: int, generator: torch.Generator | None = None
    ) -> GibbsState:
        """`steps` >= 1 rounds of v ~ p(v | h), h ~ p(h | v), both sides sampled: a Markov chain of p(v, h)."""
        if steps < 1:
            raise ModelError(f"A Gibbs chain needs at least one step, not {steps}.")
        for _ in range(steps):
            v_mean, v = self.sample_v(h, generator)
            h_mean, h = self.sample_h(v, generator)
        return GibbsState(v_mean, v, h_mean, h)  # pyright: ignore[reportPossiblyUnboundVariable]

    def energy(self, v: Float[Tensor, "batch visible"], h: Float[Tensor, "batch hidden"]) -> Float[Tensor, " batch"]:
        """E(v, h) of each pair, in nats. Raises ModelError for units whose states have none."""
        self._refuse(v, "visible")
        self._refuse(h, "hidden")
        own = self.visible_units.energy(v, self.v_bias) + self.hidden_units.energy(h, torch.zeros_like(self.h_bias))
        return own - (h * self.hidden_field(v)).sum(dim=1)

    def free_energy(
        self, v: Float[Tensor, "batch visible"], field: Float[Tensor, "batch hidden"] | None = None
    ) -> Float[Tensor, " batch"]:
        """F(v) = -log sum_h exp(-E(v, h)), in nats; exact, and only differences of it mean anything.

        `field` is `hidden_field(v)` where a caller has it already: it is nearly all the work.
        """
        field = self.hidden_field(v) if field is None else field
        return self.visible_units.energy(v, self.v_bias) - self.hidden_units.log_partition(field)

    def features(self, images: Images) -> Float[Tensor, "batch hidden"]:
        """E[h | v] of images, deterministic: those of the first layer of a DBN. Raises DataError for no such images."""
        return self.hidden_mean(self._seen(images)[1])

    def forward(self, images: Images) -> Float[Tensor, "batch hidden"]:
        """`features`, so that an RBM stands in `nn.Sequential`; gradients pass through it to what is below."""
        return self.features(images)

    def reconstruct(self, images: Images) -> Float[Tensor, "batch visible"]:
        """Mean-field reconstruction of images: up and down with means, nothing drawn; in the space of the images.

        Raises DataError for what are no images of so many numbers.
        """
        rows, v = self._seen(images)
        mean = self.visible_mean(self.hidden_mean(v))
        return mean if self._map is None else self._map.to_pixels(mean, rows)

    @property
    def _map(self) -> InputMap | None:
        """Of images alone: states that a label belongs to are states."""
        return None if self.n_labels else self.preprocessing

    def _seen(self, images: Images) -> tuple[Tensor, Tensor]:
        return units_of_images(images, self.W, self.n_visible, self._map)

    def _refuse(self, x: Tensor, side: Literal["visible", "hidden"]) -> None:
        """Raises ModelError for what are no rows of this side. Asked where a product has failed it costs nothing."""
        units = self.n_visible if side == "visible" else self.n_hidden
        if x.dim() != 2 or x.shape[1] != units:
            raise ModelError(
                f"States of the {side} units must be rows of {units}, one row a case, not of shape {tuple(x.shape)}; "
                f"reshape them to (cases, {units})."
            )
        if x.dtype != self.W.dtype:
            raise ModelError(
                f"States of the {side} units are {x.dtype}, but the RBM computes in {self.W.dtype}; convert them with "
                f".to({self.W.dtype})."
            )

    def extra_repr(self) -> str:
        """Sizes, for print."""
        return f"{self.n_visible} visible, {self.n_hidden} hidden"
