"""Where the biases of a layer start, before its first update.

    b_i = bias at which a visible unit by itself has the mean m_i of its inputs; logit(m_i) of bits
    c_j = as set, or f(t) - W_j . coupling(m)

f(t) is the field at which a hidden unit is on with probability t, the sparsity target; logit(t) of bits. Both logits
are section 8.1 of Hinton 2010, "A practical guide to training restricted Boltzmann machines". The second term takes
away what the mean input sends, so that a unit starts at its target whatever its weights and however many units the
layer below has: c_j is Hinton's bias for inputs measured from their means (Montavon & Mueller 2012, "Deep Boltzmann
machines and the centering trick").
"""

import torch
from torch import Tensor

from dbn_core.config import TrainingConfig
from dbn_core.models import RBM, Units

FARTHEST = 30.0  # field, either way, within which a unit is on with any probability that can be asked for
HALVINGS = 60  # of that range: as near as float64 comes


def set_biases(rbm: RBM, mean: Tensor, training: TrainingConfig) -> None:
    """Both biases at their start, in place; mean: (visible,) means of what the RBM will see, labels included."""
    rbm.v_bias.copy_(rbm.visible_units.bias_for(mean))
    rbm.h_bias.copy_(hidden_bias(rbm, mean, training))


def hidden_bias(rbm: RBM, mean: Tensor, training: TrainingConfig) -> Tensor:
    """(hidden,) as set; where it is left to the sparsity target, see above; 0 where there is no target either."""
    if training.initial_hidden_bias is not None:
        return torch.full_like(rbm.h_bias, training.initial_hidden_bias)
    if training.sparsity_target is None:
        return torch.zeros_like(rbm.h_bias)
    sent = rbm.W @ rbm.visible_units.coupling(mean[None])[0]
    return field_when_on(rbm.hidden_units, training.sparsity_target) - sent


def field_when_on(units: Units, share: float) -> float:
    """The field at which units are on with this probability, in (0, 1); by halving, since p(x > 0) grows with it."""
    below, above = -FARTHEST, FARTHEST
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        field = torch.tensor([[middle]], dtype=torch.float64)
        if units.on(field, units.mean(field)).item() < share:
            below = middle
        else:
            above = middle
    return (below + above) / 2
