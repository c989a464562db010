"""The pseudo-likelihood of an RBM with binary visible units (Besag 1975): tractable without the partition function.

    log PL(v) = sum_i log p(v_i | all other units of v)     p(v_i = 1 | others) = sigmoid(F(v, v_i = 0) - F(v, v_i = 1))

Exact and without randomness: all visible units are asked, where Hinton's and scikit-learn's estimate draws one of them.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dbn_core.errors import LikelihoodError
from dbn_core.models import RBM


@torch.no_grad()
def pseudo_log_likelihood(rbm: RBM, v: Float[Tensor, "cases visible"]) -> Float[Tensor, " cases"]:
    """log PL(v) of each case, in nats. Of a grey v_i, a probability, the mean over its two values.

    A product with each visible unit in turn: (visible) times the work of a free energy. Raises LikelihoodError for
    visible units that are not binary, and for hidden ones without an energy.
    """
    _refuse_other_units(rbm)
    field, total = rbm.hidden_field(v), v.new_zeros(len(v))
    partition = rbm.hidden_units.log_partition
    for unit in range(rbm.n_visible):
        own, here = rbm.W[:, unit], v[:, unit]
        off = field - here[:, None] * own
        odds = rbm.v_bias[unit] + partition(off + own) - partition(off)
        total += here * F.logsigmoid(odds) + (1 - here) * F.logsigmoid(-odds)
    return total


def _refuse_other_units(rbm: RBM) -> None:
    if rbm.n_labels or not rbm.visible_units.kind.is_binary or not rbm.hidden_units.kind.has_energy:
        raise LikelihoodError(
            f"A pseudo-likelihood is computed for binary visible units under hidden ones with an energy, not for "
            f"{rbm.visible_units.kind.name} under {rbm.hidden_units.kind.name}; compare free energies instead."
        )
