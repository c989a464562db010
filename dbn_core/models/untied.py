"""A DBN whose way up and way down have weights of their own: what up-down fine-tuning trains.

Below the top RBM each layer has recognition weights (up) and generative weights (down); both begin as the greedy RBM's
W and part ways (Hinton, Osindero & Teh 2006). The top RBM, with its label units, stays undirected.
"""

from collections.abc import Sequence
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.errors import ModelError
from dbn_core.models.dbn import DBN, Recognition, dream, label_probabilities, recognition, with_label, without_label
from dbn_core.models.rbm import RBM
from dbn_core.models.units import Bernoulli


class DirectedLayer(nn.Module):
    """One layer below the top: p(above | below) = sigmoid(c + R below), p(below | above) = sigmoid(b + G^T above).

    R and G are (above, below), c (above,), b (below,).
    """

    def __init__(self, rbm: RBM) -> None:
        super().__init__()
        self.recognition = nn.Parameter(rbm.W.clone(), requires_grad=False)
        self.generation = nn.Parameter(rbm.W.clone(), requires_grad=False)
        self.up_bias = nn.Parameter(rbm.h_bias.clone(), requires_grad=False)
        self.down_bias = nn.Parameter(rbm.v_bias.clone(), requires_grad=False)

    @property
    def width(self) -> int:
        """Units above."""
        return len(self.up_bias)

    def up_mean(self, below: Float[Tensor, "batch below"]) -> Float[Tensor, "batch above"]:
        """Recognition: the mean of the layer above."""
        return torch.sigmoid(torch.addmm(self.up_bias, below, self.recognition.t()))

    def down_mean(self, above: Float[Tensor, "batch above"]) -> Float[Tensor, "batch below"]:
        """Generation: the mean of the layer below."""
        return torch.sigmoid(torch.addmm(self.down_bias, above, self.generation))


class UntiedDBN(nn.Module):
    """Directed layers under an undirected top RBM; made of a greedily trained DBN, which is left as it is.

    Raises ModelError for units that are not binary: the directed layers are sigmoid ones, both ways.
    """

    def __init__(self, dbn: DBN) -> None:
        super().__init__()
        for kind in [units.kind for rbm in dbn.layers for units in (rbm.visible_units, rbm.hidden_units)]:
            if not kind.is_binary:
                raise ModelError(f"Up-down fine-tuning is for binary units, and this DBN has {kind.name} ones.")
        top = dbn.layers[-1]
        self.top = RBM(
            top.n_visible, top.n_hidden, top.visible_units, top.hidden_units, device=top.W.device, dtype=top.W.dtype
        )
        self.top.load_state_dict(top.state_dict())
        self._directed = nn.ModuleList([DirectedLayer(rbm) for rbm in dbn.layers[:-1]])

    @property
    def directed(self) -> Sequence[DirectedLayer]:
        """The layers below the top, from the image up."""
        return cast("list[DirectedLayer]", list(self._directed))

    def up(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch penultimate"]:
        """Mean-field recognition up to what the top RBM sees."""
        for layer in self.directed:
            v = layer.up_mean(v)
        return v

    def way_up(self) -> list[Recognition]:
        """Through every layer, the top included, without labels."""
        directed = [Recognition(layer.recognition, layer.up_bias, Bernoulli()) for layer in self.directed]
        return [*directed, recognition(self.top)]

    def down(self, penultimate: Float[Tensor, "batch penultimate"]) -> Float[Tensor, "batch visible"]:
        """Mean-field generation from what the top RBM sees to the image."""
        for layer in reversed(self.directed):
            penultimate = layer.down_mean(penultimate)
        return penultimate

    def reconstruct(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch visible"]:
        """Up through all layers, the top included, and down again, mean-field."""
        seen = self.top.visible_mean(self.features(v))
        return self.down(without_label(self.top, seen))

    def features(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch top"]:
        """Hidden means of the top RBM, mean-field recognition all the way."""
        return self.top.hidden_mean(with_label(self.top, self.up(v)))

    def sample(
        self, n: int, steps: int, label: int | None = None, *, generator: torch.Generator | None = None
    ) -> Float[Tensor, "n visible"]:
        """`n` images dreamt as by `DBN.sample`: Gibbs steps in the top RBM, then one mean-field way down."""
        return self.down(dream(self.top, n, steps, label, generator))

    def classify(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch labels"]:
        """p(label | recognised features), exact by free energies. Raises ModelError without label units."""
        if not self.top.n_labels:
            raise ModelError("This DBN has no label units.")
        return label_probabilities(self.top, self.up(v))
