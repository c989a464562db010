"""A classifier that begins as a DBN: its layers as a deterministic net of means under a linear head.

    x_0 = v        x_l = E[h | c_l + W_l x_(l-1)]        p(y | v) = softmax(a + U x_L)

For binary hidden units E[h | f] = sigmoid(f). W_l and c_l start as copies of the (recognition) weights, U and a at 0;
nothing is sampled, so an image has one feature vector. Dropout (Srivastava et al. 2014) leaves units out at random and
divides those that stay by their share.
"""

import math
from collections.abc import Iterator
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.models.dbn import DBN
from dbn_core.models.images import Images, InputMap, units_of_images
from dbn_core.models.linear import fill_uniform
from dbn_core.models.units import Units
from dbn_core.models.untied import UntiedDBN


class MeanLayer(nn.Module):
    """x -> E[h | c + W x] of `units`; W is (above, below), c is `bias` (above,)."""

    def __init__(self, W: Tensor, bias: Tensor, units: Units) -> None:
        super().__init__()
        self.units = units
        self.W = nn.Parameter(W.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())

    def forward(self, x: Float[Tensor, "batch below"]) -> Float[Tensor, "batch above"]:
        """The activities above."""
        return self.units.mean(self.field(x))

    def field(self, x: Float[Tensor, "batch below"]) -> Float[Tensor, "batch above"]:
        """c + W x."""
        return torch.addmm(self.bias, x, self.W.t())


class LinearHead(nn.Module):
    """x -> a + U x; U is `W` (classes, units), a is `bias` (classes,)."""

    def __init__(self, classes: int, units: int, like: Tensor) -> None:
        super().__init__()
        self.W = nn.Parameter(torch.zeros(classes, units, dtype=like.dtype, device=like.device))
        self.bias = nn.Parameter(torch.zeros(classes, dtype=like.dtype, device=like.device))

    def forward(self, x: Float[Tensor, "batch units"]) -> Float[Tensor, "batch classes"]:
        """Logits."""
        return torch.addmm(self.bias, x, self.W.t())


class FineTuner(nn.Module):
    """A copy of `model`'s layers with a linear head over `n_classes`; the model itself is left as it is.

    dropout: share of the hidden units left out where a generator is given; input_dropout: of the visible units.
    frozen: only the head learns. Gaussian visible units enter divided by their variance, as the RBM sees them. Label
    units of a top RBM are left out: its hidden units get what all labels together would give them on average.
    preprocessing: how the images that `classify` takes become visible units; the model's own, where it has one.
    Raises ValueError for fewer than 2 classes or a share outside [0, 1).
    """

    def __init__(
        self,
        model: DBN | UntiedDBN,
        n_classes: int,
        dropout: float = 0.0,
        *,
        input_dropout: float = 0.0,
        frozen: bool = False,
    ) -> None:
        super().__init__()
        if n_classes < 2:
            raise ValueError(f"a classifier needs at least 2 classes, not {n_classes}")
        if not (0 <= dropout < 1 and 0 <= input_dropout < 1):
            raise ValueError(f"shares left out must lie in [0, 1), not {dropout} and {input_dropout}")
        self.preprocessing: InputMap | None = model.preprocessing if isinstance(model, DBN) else None
        self.dropout, self.input_dropout, self.frozen = dropout, input_dropout, frozen
        layers = [MeanLayer(*way) for way in model.way_up()]
        self.stack = nn.ModuleList(layers)
        self.head = LinearHead(n_classes, len(layers[-1].bias), layers[-1].W)

    @property
    def layers(self) -> list[MeanLayer]:
        """The layers under the head, from the one that sees the image."""
        return cast("list[MeanLayer]", list(self.stack))

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.head.bias)

    def initialise(self, generator: torch.Generator | None = None) -> None:
        """Forget what was learnt: weights uniform within 4 sqrt(6 / (below + above)), biases 0 (Glorot & Bengio 2010).

        The fair start of the same net without pretraining: from a DBN's own N(0, 0.01^2) a deep sigmoid net hardly
        moves.
        """
        for layer in self.layers:
            fill_uniform(layer.W, 4 * math.sqrt(6 / sum(layer.W.shape)), generator)
            nn.init.zeros_(layer.bias)
        nn.init.zeros_(self.head.W)
        nn.init.zeros_(self.head.bias)

    @torch.no_grad()
    def shorten(self, limit: float) -> None:
        """Scale the incoming weights of every hidden unit down to a length of at most `limit` (max-norm), in place."""
        for layer in self.layers:
            layer.W.mul_((limit / layer.W.norm(dim=1, keepdim=True).clamp(min=1e-12)).clamp(max=1))

    def trained(self) -> Iterator[tuple[str, nn.Parameter]]:
        """The parameters that learn, by name: all, or those of the head when frozen."""
        return self.head.named_parameters(prefix="head") if self.frozen else self.named_parameters()

    def features(
        self, v: Float[Tensor, "batch visible"], depth: int | None = None, generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch units"]:
        """Activities of layer `depth` (the top one when None, the image itself at 0); dropout only with a generator."""
        x = left_out(v, self.input_dropout, generator)
        for layer in self.layers[:depth]:
            x = self.drop(layer(x), generator)
        return x

    def drop(
        self, hidden: Float[Tensor, "batch units"], generator: torch.Generator | None
    ) -> Float[Tensor, "batch units"]:
        """Hidden units with a share of `dropout` left out; all of them without a generator."""
        return left_out(hidden, self.dropout, generator)

    def forward(
        self, v: Float[Tensor, "batch visible"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch classes"]:
        """Logits; log p(y | v) is their log-softmax. Without a generator nothing is left out."""
        return self.head(self.features(v, generator=generator))

    def classify(self, images: Images) -> Float[Tensor, "batch classes"]:
        """p(y | image), without randomness. Raises DataError for what are no images of so many numbers."""
        W = self.layers[0].W
        return torch.softmax(self(units_of_images(images, W, W.shape[1], self.preprocessing)[1]), dim=1)


def left_out(x: Tensor, share: float, generator: torch.Generator | None) -> Tensor:
    """`x` with each entry set to 0 with probability `share`, the others divided by 1 - share.

    `x` itself without a generator or a share.
    """
    if generator is None or not share:
        return x
    kept = sample_bernoulli(torch.full(x.shape, 1 - share, device=x.device), generator)
    return x * kept.div_(1 - share)
