"""The variational lower bound of a DBN's log-likelihood.

    log p(v) >= E_q [ sum_l log p(h_l-1 | h_l) + log p*(h_top-1) ] - log Z_top + H(q)

q is the factorial recognition distribution, layer by layer; p* the unnormalised marginal of the top RBM.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.likelihood.definition import refuse_undefined
from dbn_core.models import DBN, RBM
from dbn_core.models.units import Units


def dbn_log_likelihood_bound(
    dbn: DBN,
    v: Float[Tensor, "batch visible"],
    log_partition: float,
    samples: int = 10,
    generator: torch.Generator | None = None,
) -> float:
    """Mean bound over the batch, nats per case; an unbiased estimate of it from `samples` draws of q for each case.

    v: (batch, visible) states: binary, or real for Gaussian visible units (then log p is a density in their units).
    log_partition: log Z of the top RBM (exact, or an estimate: then the bound inherits its error). For one layer it is
    log p(v) itself. Where the top RBM has label units they are summed over: the bound is of the image alone.
    Raises LikelihoodError for units that no energy describes.
    """
    for rbm in dbn.layers:
        refuse_undefined(rbm)
    total = 0.0
    for _ in range(samples):
        below, log_q = v, torch.zeros(len(v), dtype=torch.float64, device=v.device)
        log_p = torch.zeros_like(log_q)
        for rbm in dbn.layers[:-1]:
            field = rbm.hidden_field(below)
            h = rbm.hidden_units.draw(field.clone(), generator)[1]
            log_q += _log_probability(rbm.hidden_units, h, field)
            log_p += _log_probability(rbm.visible_units, below, rbm.visible_field(h))
            below = h
        log_p -= _free_energy(dbn.layers[-1], below).double()
        total += (log_p - log_q).mean().item()
    return total / samples - log_partition


def _log_probability(units: Units, x: Tensor, field: Tensor) -> Tensor:
    """Log of the factorial distribution that units have in this field, at x, (batch,) float64."""
    alone = units.energy(x, torch.zeros_like(x[0]))
    return ((units.coupling(x) * field).sum(1) - alone - units.log_partition(field)).double()


def _free_energy(top: RBM, x: Tensor) -> Tensor:
    """F(x) of what the top RBM sees; where it also sees a label, of the features alone: -log sum_y exp(-F(x, y))."""
    if x.shape[1] == top.n_visible:
        return top.free_energy(x)
    labels = torch.eye(top.n_labels, device=x.device, dtype=x.dtype)
    each = [-top.free_energy(torch.cat([x, label.expand(len(x), -1)], dim=1)) for label in labels]
    return -torch.logsumexp(torch.stack(each), dim=0)
