"""Measures of a model: pure functions of explicit inputs, each with its unit."""

from dbn_core.metrics.activity import (
    always_on_units,
    constant_units,
    dead_units,
    is_constant,
    is_dead,
    lifetime_sparsity,
    likeness,
    mean_activity,
    population_sparsity,
    quietest_tenth,
)
from dbn_core.metrics.comparison import compare_models
from dbn_core.metrics.errors import error_rate
from dbn_core.metrics.filters import localisation, spatial_scale
from dbn_core.metrics.purity import class_purity
from dbn_core.metrics.reconstruction import cross_entropy, squared_error, squared_errors
from dbn_core.metrics.spectra import covariance_spectrum, decay_rate, participation_ratio, singular_values

__all__ = [
    "always_on_units",
    "class_purity",
    "compare_models",
    "constant_units",
    "covariance_spectrum",
    "cross_entropy",
    "dead_units",
    "decay_rate",
    "error_rate",
    "is_constant",
    "is_dead",
    "lifetime_sparsity",
    "likeness",
    "localisation",
    "mean_activity",
    "participation_ratio",
    "population_sparsity",
    "quietest_tenth",
    "singular_values",
    "spatial_scale",
    "squared_error",
    "squared_errors",
]
