"""The normalising constant of an RBM and what follows from it: exact where it can be, bracketed where it cannot."""

from dbn_core.likelihood.annealing import (
    Estimate,
    annealed_importance_sampling,
    base_rates,
    reverse_annealed_importance_sampling,
)
from dbn_core.likelihood.bound import dbn_log_likelihood_bound
from dbn_core.likelihood.exact import ENUMERABLE, exact_log_partition, log_likelihood

__all__ = [
    "ENUMERABLE",
    "Estimate",
    "annealed_importance_sampling",
    "base_rates",
    "dbn_log_likelihood_bound",
    "exact_log_partition",
    "log_likelihood",
    "reverse_annealed_importance_sampling",
]
