"""The models: mathematics only; no optimiser, no logging, no files."""

from dbn_core.models.dbn import DBN
from dbn_core.models.rbm import RBM
from dbn_core.models.units import Bernoulli, BernoulliWithLabel, Gaussian, Units

__all__ = ["DBN", "RBM", "Bernoulli", "BernoulliWithLabel", "Gaussian", "Units"]
