"""The Deep Belief Network: a stack of RBMs.

After greedy training the top two layers are an undirected RBM and the layers below a directed net: a sample is drawn
by Gibbs steps in the TOP RBM only, followed by ONE down pass. An image is reconstructed by means, up through all layers
and down through all of them.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, cast

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.rbm import RBM
from dbn_core.models.units import BernoulliWithLabel


class DBN(nn.Module):
    """A stack of RBMs over `sizes` = (visible, first hidden, ..., top hidden).

    `layers[0]` sees the image. Samples come from `generator` unless a call brings its own. With `n_labels` the top RBM
    sees, beside the features below it, a one-hot label: the last `n_labels` of its visible units. `visible` is the kind
    of the units that see the image; all others are Bernoulli units.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        n_labels: int = 0,
        *,
        visible: Literal["bernoulli", "gaussian"] = "bernoulli",
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        if len(sizes) < 2:
            raise ValueError(f"a DBN needs a visible and at least one hidden layer, not sizes {list(sizes)}")
        labels = [0] * (len(sizes) - 2) + [n_labels]
        if n_labels and visible == "gaussian" and len(sizes) == 2:
            raise ValueError("label units stand beside binary units: give a DBN of gaussian units a second layer")
        kinds: list[Literal["bernoulli", "gaussian"]] = ["bernoulli"] * (len(sizes) - 1)
        kinds[0] = visible
        stack = [
            RBM(
                below + label,
                above,
                BernoulliWithLabel(label) if label else kind,
                generator=generator,
                device=device,
                dtype=dtype,
            )
            for (below, above), label, kind in zip(pairwise(sizes), labels, kinds, strict=True)
        ]
        self.generator = generator
        self.stack = nn.ModuleList(stack)

    @classmethod
    def of(cls, layers: Sequence[RBM], *, generator: torch.Generator | None = None) -> "DBN":
        """A DBN made of existing RBMs, which it shares; each must be as wide as the one below is tall."""
        for below, above in pairwise(layers):
            fed = above.n_visible - above.n_labels
            if below.n_hidden != fed:
                raise ValueError(f"a layer of {below.n_hidden} units cannot feed an RBM of {fed} visible units")
        dbn = cls((1, 1), generator=generator)
        dbn.stack = nn.ModuleList(layers)
        return dbn

    @property
    def layers(self) -> list[RBM]:
        """The RBMs, from the one that sees the image to the top one."""
        return cast("list[RBM]", list(self.stack))

    @property
    def n_labels(self) -> int:
        """Label units of the top RBM; 0 for none."""
        return self.layers[-1].n_labels

    @property
    def sizes(self) -> tuple[int, ...]:
        """(visible, first hidden, ..., top hidden)."""
        first = self.layers[0]
        return (first.n_visible - first.n_labels, *(rbm.n_hidden for rbm in self.layers))

    def up(self, v: Float[Tensor, "batch visible"], depth: int | None = None) -> Float[Tensor, "batch units"]:
        """Hidden means of layer `depth` (all layers when None, the image itself at 0), mean-field.

        A top layer with labels gets the label's probabilities given the image.
        """
        for rbm in self.layers[:depth]:
            v = rbm.hidden_mean(with_label(rbm, v))
        return v

    def down(self, h: Float[Tensor, "batch units"], depth: int | None = None) -> Float[Tensor, "batch visible"]:
        """The image that activities of layer `depth` (the top one when None) stand for, mean-field."""
        for rbm in reversed(self.layers[:depth]):
            h = without_label(rbm, rbm.visible_mean(h))
        return h

    def reconstruct(
        self, v: Float[Tensor, "batch visible"], depth: int | None = None
    ) -> Float[Tensor, "batch visible"]:
        """Up through `depth` layers (all when None) and down again, mean-field."""
        return self.down(self.up(v, depth), depth)

    def features(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch top"]:
        """Deterministic features of the top layer: the same as `up(v)`."""
        return self.up(v)

    def classify(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch labels"]:
        """p(label | features below the top), exact: a softmax over minus the free energies of the one-hot labels.

        The features are mean-field. Raises ValueError without label units.
        """
        if not self.n_labels:
            raise ValueError(
                "this DBN has no label units: build it with n_labels, or train a classifier on its features"
            )
        return label_probabilities(self.layers[-1], self.up(v, len(self.layers) - 1))

    def sample(
        self, n: int, steps: int, label: int | None = None, *, generator: torch.Generator | None = None
    ) -> Float[Tensor, "n visible"]:
        """`n` images dreamt: `steps` Gibbs steps in the top RBM from random states, then one mean-field down pass.

        n: images, `steps` >= 1. With `label` (from 0) that label is held throughout. Returned are means in [0, 1], not
        binary samples. Raises ValueError for a label the DBN does not have.
        """
        seen = dream(self.layers[-1], n, steps, label, generator or self.generator)
        return self.down(seen, len(self.layers) - 1)


def dream(
    top: RBM, n: int, steps: int, label: int | None = None, generator: torch.Generator | None = None
) -> Float[Tensor, "n features"]:
    """Means of the features that `top` sees after `steps` >= 1 Gibbs steps from random states, a label held if given.

    Raises ValueError for a label that it does not have.
    """
    if label is not None and not 0 <= label < top.n_labels:
        raise ValueError(f"label {label} is not one of the {top.n_labels} labels of this DBN")
    h = random_states(top, n, generator)
    held = None
    if label is not None:
        held = F.one_hot(torch.full((n,), label, device=h.device), top.n_labels).to(h.dtype)
    for _ in range(steps):
        v_mean, _, h = gibbs_step(top, h, held, generator=generator)
    return without_label(top, v_mean)  # pyright: ignore[reportPossiblyUnboundVariable]


def random_states(top: RBM, n: int, generator: torch.Generator | None = None) -> Float[Tensor, "n hidden"]:
    """Hidden states from which a dream starts: each unit of `top` on with probability 1/2."""
    half = torch.full((n, top.n_hidden), 0.5, device=top.W.device, dtype=top.W.dtype)
    return top.hidden_units.sample(half, generator)


def gibbs_step(
    top: RBM,
    h: Float[Tensor, "batch hidden"],
    held: Float[Tensor, "batch labels"] | None = None,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
) -> tuple[Float[Tensor, "batch visible"], Float[Tensor, "batch visible"], Float[Tensor, "batch hidden"]]:
    """One step of v ~ p(v | h), h ~ p(h | v), both at `temperature`: (mean of v, v, the new h).

    A chain of p(v, h) proportional to exp(-E / temperature); given `held`, one-hot rows, of that with the label held:
    the label of every drawn v is replaced before h is drawn.
    """
    generator = generator or top.generator
    v_mean, v = top.visible_units.sample_tempered(top.visible_field(h), temperature, generator)
    if held is not None:
        v[:, -top.n_labels :] = held
    return v_mean, v, top.hidden_units.sample_tempered(top.hidden_field(v), temperature, generator)[1]


def with_label(rbm: RBM, x: Float[Tensor, "batch features"]) -> Float[Tensor, "batch visible"]:
    """Features as an RBM with label units sees them: followed by the label's probabilities given them."""
    return torch.cat([x, label_probabilities(rbm, x)], dim=1) if rbm.n_labels else x


def without_label(rbm: RBM, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch features"]:
    """The visible units without the label."""
    return v[:, : rbm.n_visible - rbm.n_labels]


def label_probabilities(rbm: RBM, x: Float[Tensor, "batch features"]) -> Float[Tensor, "batch labels"]:
    """p(y | x) of an RBM with label units: exact, in one product and a sum for each label.

    -F(x, y) = b_y + sum_j softplus(c_j + W_j x + W_jy) + terms without y.
    """
    labels = rbm.n_labels
    field = torch.addmm(rbm.h_bias, x, rbm.W[:, :-labels].t())
    scores = [F.softplus(field + rbm.W[:, y - labels]).sum(1) + rbm.v_bias[y - labels] for y in range(labels)]
    return torch.softmax(torch.stack(scores, dim=1), dim=1)
