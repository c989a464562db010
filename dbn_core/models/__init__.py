"""The models: mathematics only; no optimiser, no logging, no files."""

from dbn_core.models.classifier import FineTuner
from dbn_core.models.dbn import DBN
from dbn_core.models.hybrid import HybridModel
from dbn_core.models.rbm import RBM
from dbn_core.models.units import Bernoulli, BernoulliWithLabel, Gaussian, Units
from dbn_core.models.untied import UntiedDBN
from dbn_core.models.vae import VAE

__all__ = [
    "DBN",
    "RBM",
    "VAE",
    "Bernoulli",
    "BernoulliWithLabel",
    "FineTuner",
    "Gaussian",
    "HybridModel",
    "Units",
    "UntiedDBN",
]
