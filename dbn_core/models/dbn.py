"""The Deep Belief Network: a stack of RBMs.

After greedy training the top two layers are an undirected RBM and the layers below a directed net: a sample is drawn
by Gibbs steps in the TOP RBM only, followed by ONE down pass. An image is reconstructed by means, up through all layers
and down through all of them.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.rbm import RBM


class DBN(nn.Module):
    """A stack of RBMs over `sizes` = (visible, first hidden, ..., top hidden).

    `layers[0]` sees the image. Samples come from `generator` unless a call brings its own.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        if len(sizes) < 2:
            raise ValueError(f"a DBN needs a visible and at least one hidden layer, not sizes {list(sizes)}")
        stack = [RBM(below, above, generator=generator, device=device, dtype=dtype) for below, above in pairwise(sizes)]
        self.generator = generator
        self.stack = nn.ModuleList(stack)

    @classmethod
    def of(cls, layers: Sequence[RBM], *, generator: torch.Generator | None = None) -> "DBN":
        """A DBN made of existing RBMs, which it shares; each must be as wide as the one below is tall."""
        for below, above in pairwise(layers):
            if below.n_hidden != above.n_visible:
                raise ValueError(
                    f"a layer of {below.n_hidden} units cannot feed an RBM of {above.n_visible} visible units"
                )
        dbn = cls((1, 1), generator=generator)
        dbn.stack = nn.ModuleList(layers)
        return dbn

    @property
    def layers(self) -> list[RBM]:
        """The RBMs, from the one that sees the image to the top one."""
        return cast("list[RBM]", list(self.stack))

    @property
    def sizes(self) -> tuple[int, ...]:
        """(visible, first hidden, ..., top hidden)."""
        return (self.layers[0].n_visible, *(rbm.n_hidden for rbm in self.layers))

    def up(self, v: Float[Tensor, "batch visible"], depth: int | None = None) -> Float[Tensor, "batch units"]:
        """Hidden means of layer `depth` (all layers when None, the image itself at 0), mean-field."""
        for rbm in self.layers[:depth]:
            v = rbm.hidden_mean(v)
        return v

    def down(self, h: Float[Tensor, "batch units"], depth: int | None = None) -> Float[Tensor, "batch visible"]:
        """The image that activities of layer `depth` (the top one when None) stand for, mean-field."""
        for rbm in reversed(self.layers[:depth]):
            h = rbm.visible_mean(h)
        return h

    def reconstruct(
        self, v: Float[Tensor, "batch visible"], depth: int | None = None
    ) -> Float[Tensor, "batch visible"]:
        """Up through `depth` layers (all when None) and down again, mean-field."""
        return self.down(self.up(v, depth), depth)

    def features(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch top"]:
        """Deterministic features of the top layer: the same as `up(v)`."""
        return self.up(v)

    def sample(self, n: int, steps: int, *, generator: torch.Generator | None = None) -> Float[Tensor, "n visible"]:
        """`n` images dreamt: `steps` Gibbs steps in the top RBM from random states, then one mean-field down pass.

        n: images, `steps` >= 1. Returned are means in [0, 1], not binary samples.
        """
        top, generator = self.layers[-1], generator or self.generator
        start = torch.full((n, top.n_hidden), 0.5, device=top.W.device, dtype=top.W.dtype)
        state = top.gibbs(top.hidden_units.sample(start, generator), steps, generator)
        return self.down(state.v_mean, len(self.layers) - 1)
