"""The variational lower bound of a DBN's log-likelihood.

    log p(v) >= E_q [ sum_l log p(h_l-1 | h_l) + log p*(h_top-1) ] - log Z_top + H(q)

q is the factorial recognition distribution, layer by layer; p* the unnormalised marginal of the top RBM.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dbn_core.models import DBN


def dbn_log_likelihood_bound(
    dbn: DBN,
    v: Float[Tensor, "batch visible"],
    log_partition: float,
    samples: int = 10,
    generator: torch.Generator | None = None,
) -> float:
    """Mean bound over the batch, nats per case; an unbiased estimate of it from `samples` draws of q for each case.

    v: binary (batch, visible). log_partition: log Z of the top RBM (exact, or an estimate: then the bound inherits its
    error). For one layer it is log p(v) itself.
    """
    total = 0.0
    for _ in range(samples):
        below, log_q, log_p = v, torch.zeros(len(v), dtype=torch.float64), torch.zeros(len(v), dtype=torch.float64)
        for rbm in dbn.layers[:-1]:
            field = rbm.hidden_field(below)
            h = rbm.hidden_units.sample(torch.sigmoid(field), generator)
            log_q += _log_probability(h, field)
            log_p += _log_probability(below, rbm.visible_field(h))
            below = h
        log_p -= dbn.layers[-1].free_energy(below).double()
        total += (log_p - log_q).mean().item()
    return total / samples - log_partition


def _log_probability(x: Tensor, field: Tensor) -> Tensor:
    """Log of a factorial Bernoulli with this field at binary x, (batch,) float64."""
    return (x * field - F.softplus(field)).sum(1, dtype=torch.float64)
