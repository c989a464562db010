"""The normalising constant of an RBM and what follows from it: exact where it can be, bracketed where it cannot."""

from dbn_core.likelihood.annealing import (
    Estimate,
    Progress,
    annealed_importance_sampling,
    reverse_annealed_importance_sampling,
)
from dbn_core.likelihood.bound import dbn_log_likelihood_bound
from dbn_core.likelihood.bracket import bracket_warning
from dbn_core.likelihood.cost import annealing_seconds
from dbn_core.likelihood.exact import ENUMERABLE, exact_log_partition, log_likelihood
from dbn_core.likelihood.mixture import Mixture
from dbn_core.likelihood.path import base_rates

__all__ = [
    "ENUMERABLE",
    "Estimate",
    "Mixture",
    "Progress",
    "annealed_importance_sampling",
    "annealing_seconds",
    "base_rates",
    "bracket_warning",
    "dbn_log_likelihood_bound",
    "exact_log_partition",
    "log_likelihood",
    "reverse_annealed_importance_sampling",
]
