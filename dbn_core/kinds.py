"""The kinds of units there are: the one table, and what a configuration must know of each. No torch.

What a kind does is the class that its row names, a final class below `models.units.Units`. A new kind is one file with
that class and one row here: the settings, their help and their sentences, the RBM and the training all read this table.
"""

from dataclasses import dataclass
from typing import Literal

Numbers = Literal["grey", "binary", "real"]
"""What images are as visible units: in [0, 1], only 0 and 1, or any real numbers."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of units. `visible`, `hidden`: what such units are there, in words; empty where they cannot be there."""

    name: str
    home: str  # module:class
    visible: str = ""
    hidden: str = ""
    images: tuple[Numbers, ...] = ()  # what images may be, to be states of such visible units or means of them
    is_binary: bool = False  # each unit is 0 or 1 by itself, so that its mean is a probability
    is_bounded: bool = True  # no state lies outside a finite range
    is_grouped: bool = False  # units come in groups of `categories`, of which exactly one is on
    has_deviation: bool = False  # each unit has a standard deviation that may be learnt
    has_energy: bool = True  # it is sampled from the energy that it is described by: likelihoods mean something


_ROWS = (
    Kind(
        "bernoulli",
        "dbn_core.models.units.bernoulli:Bernoulli",
        visible="each is 0 or 1, grey values are probabilities",
        hidden="each is 0 or 1",
        images=("grey", "binary"),
        is_binary=True,
    ),
    Kind(
        "gaussian",
        "dbn_core.models.units.gaussian:Gaussian",
        visible="real numbers, for images that are standardised first",
        images=("grey", "real"),
        is_bounded=False,
        has_deviation=True,
    ),
    Kind(
        "softmax",
        "dbn_core.models.units.softmax:Softmax",
        visible="categories, for data in which exactly one of each few numbers is on",
        images=("grey", "binary"),
        is_grouped=True,
    ),
    Kind(
        "stepped",
        "dbn_core.models.units.stepped:Stepped",
        hidden="whole numbers from 0, how many of infinitely many tied binary copies are on",
        is_bounded=False,
    ),
    Kind(
        "relu",
        "dbn_core.models.units.rectified:Rectified",
        hidden="max(0, field + noise), a fast stand-in for stepped ones that has no likelihood",
        is_bounded=False,
        has_energy=False,
    ),
)

KINDS = {kind.name: kind for kind in _ROWS}
VISIBLE = tuple(kind.name for kind in _ROWS if kind.visible)
REAL = next(kind.name for kind in _ROWS if "real" in kind.images)  # visible units for any numbers
HIDDEN = tuple(kind.name for kind in _ROWS if kind.hidden)
