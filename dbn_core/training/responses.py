"""What units respond to: the response-weighted average of training images, and of spikes the spike-triggered average.

    r_j = sum_n p(h_j = 1 | v_n) v_n / sum_n p(h_j = 1 | v_n) - mean_n v_n

over the first `CASES` training images (Chichilnisky 2001, "A simple white noise analysis of neuronal light responses").
A unit that never changes responds to nothing in particular: its average is zero.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.models import DBN, RBM
from dbn_core.models.dbn import with_label
from dbn_core.training.data import TrainingData

CASES = 2000
LEAST = 1 / 255  # of the scale of a picture: differences below a grey level are no response
SILENT = 1e-30  # of a sum of probabilities, below which a unit has not responded at all


class Responses:
    """The fixed images over which responses are averaged, as the visible units have them, without randomness."""

    def __init__(self, data: TrainingData) -> None:
        self.visible = data.preprocessing.mean(data.train[:CASES])
        self._centred = self.visible - self.visible.mean(0)
        self._to_pixels = data.preprocessing.filters_to_pixels

    def below(self, dbn: DBN, depth: int) -> Float[Tensor, "cases features"]:
        """What layer `depth` (from 1) gets of the images."""
        return dbn.up(self.visible, depth - 1)

    def averages(
        self, rbm: RBM, below: Float[Tensor, "cases features"], units: slice = slice(None)
    ) -> Float[Tensor, "units pixels"]:
        """Of some units of an RBM that gets `below`, as images: what lies above the mean image is positive."""
        return self._to_pixels(weighted(responses(rbm, below, units), self._centred))


def responses(
    rbm: RBM, features: Float[Tensor, "cases features"], units: slice = slice(None)
) -> Float[Tensor, "cases units"]:
    """p(h > 0 | v) of some hidden units; only their rows of W are multiplied, since hidden units see no other."""
    seen = rbm.visible_units.coupling(with_label(rbm, features))
    field = torch.mm(seen, rbm.W[units].t()).add_(rbm.h_bias[units])
    return rbm.hidden_units.on(field, rbm.hidden_units.mean(field))


def weighted(on: Float[Tensor, "cases units"], centred: Float[Tensor, "cases pixels"]) -> Float[Tensor, "units pixels"]:
    """Means of images around their mean, weighted by responses: zero for a unit without any."""
    return (on / on.sum(0).clamp_min(SILENT)).t() @ centred
