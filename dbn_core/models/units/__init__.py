"""Kinds of units: `units` is what each of them is asked; one file a kind; `dbn_core.kinds` is the table of them."""

from dbn_core.models.units.bernoulli import Bernoulli
from dbn_core.models.units.gaussian import Gaussian
from dbn_core.models.units.labelled import BernoulliWithLabel
from dbn_core.models.units.making import units_of
from dbn_core.models.units.rectified import Rectified
from dbn_core.models.units.shapes import Place
from dbn_core.models.units.softmax import Softmax
from dbn_core.models.units.stepped import Stepped
from dbn_core.models.units.units import Units

__all__ = [
    "Bernoulli",
    "BernoulliWithLabel",
    "Gaussian",
    "Place",
    "Rectified",
    "Softmax",
    "Stepped",
    "Units",
    "units_of",
]
