"""Measures of a model: pure functions of explicit inputs, each with its unit."""

from dbn_core.metrics.activity import dead_units, mean_activity
from dbn_core.metrics.reconstruction import cross_entropy, squared_error

__all__ = ["cross_entropy", "dead_units", "mean_activity", "squared_error"]
