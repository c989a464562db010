"""What the estimators share: rows in, numbers out, settings by the names of a run, errors as scikit-learn expects them.

Rows are numbers as they are, float32 or float64 (anything else becomes float64), and sparse ones are made dense; the
network computes in their type. Pixels 0..255 belong divided by 255: numbers in [0, 1] stand for Bernoulli units.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.base import BaseEstimator
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import validate_data
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.config.fitting import with_choices
from dbn_core.errors import ConfigError, LabError
from dbn_core.kinds import KINDS, REAL
from dbn_core.models import DBN
from dbn_core.models.images import InputMap
from dbn_core.training.preprocessing import Preprocessing
from dbn_core.training.pretraining import settings_of

Array = npt.NDArray[Any]
AUTO = "auto"
KEPT = np.float64, np.float32  # types of rows that are computed in
_PARAMETERS = {"epochs", "batch_size", "seed", "device", "layers", "visible", "hidden", "data.name", "data.train_size"}


class NetworkEstimator(BaseEstimator):
    """Base of all, with the parameters that every one has; `RBMTransformer` explains them."""

    visible: str
    hidden: str
    epochs: int
    batch_size: int
    learning_rate: float | None
    method: str
    k: int
    settings: Mapping[str, Any] | None
    random_state: Any

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        if tags.transformer_tags is not None:
            tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _rows(self, X: Any, *, reset: bool) -> Tensor:
        """(samples, features), dense and finite, a copy. Raises ValueError, as scikit-learn words it."""
        return as_tensor(validate_data(self, X, reset=reset, accept_sparse=("csr", "csc"), dtype=list(KEPT)))

    def _visible(self, rows: Tensor) -> str:
        """The kind of visible units: as set, or what the rows are."""
        if self.visible != AUTO:
            return self.visible
        return "bernoulli" if bool(((rows >= 0) & (rows <= 1)).all()) else REAL

    def _generator(self) -> torch.Generator:
        """At its start, from `random_state`."""
        return generator_of(self.random_state)

    def _config(self, dbn: DBN, generator: torch.Generator) -> RunConfig:
        """As a run with these parameters has it, with what goes with them; the rate stays, for passes may go on.

        Raises ValueError for fewer than no passes, and for settings that are none, or parameters already.
        """
        if self.epochs < 0:
            raise ValueError(f"epochs is {self.epochs}; give how many passes there are, or 0 for none.")
        if not isinstance(self.settings, Mapping | None):
            raise ConfigError(
                {"settings": f"{self.settings!r:.60} is no mapping; give one of settings to values, or None"}
            )
        settings = dict(self.settings or {})
        if taken := sorted(_PARAMETERS & settings.keys()):
            raise ValueError(
                f"settings hold {', '.join(taken)}, which follow from the data and the estimator's own parameters; "
                f"leave them out, and give those."
            )
        values = {
            "epochs": max(self.epochs, 1),
            "batch_size": self.batch_size,
            "seed": generator.initial_seed(),
            "device": "cpu",
            "training.method": self.method,
            "training.k": self.k,
            "training.schedule": "constant",
        }
        rate = {} if self.learning_rate is None else {"training.learning_rate": self.learning_rate}
        return with_choices(RunConfig(), settings_of(dbn) | values | rate | settings)


def generator_of(random_state: Any) -> torch.Generator:
    """At the start that a `random_state` of scikit-learn stands for."""
    return torch.Generator().manual_seed(int(check_random_state(random_state).randint(2**31 - 1)))


def as_tensor(rows: Any) -> Tensor:
    """Validated rows, dense, as a copy."""
    dense = rows.toarray() if hasattr(rows, "toarray") else rows
    return torch.tensor(np.ascontiguousarray(dense))  # the order in memory must change no bit of what is learnt


def refuse_beyond(rows: Tensor, visible: str) -> None:
    """Raises ValueError for numbers outside [0, 1] and units that stand for such alone, with what keeps them inside."""
    if KINDS[visible].is_bounded and not bool(((rows >= 0) & (rows <= 1)).all()):
        raise ValueError(
            f"Numbers from {rows.min().item():g} to {rows.max().item():g} are no grey values, which lie in [0, 1]. Put "
            f"MinMaxScaler(clip=True) before this estimator, which keeps other rows in [0, 1], too, or "
            f'choose visible="gaussian".'
        )


def take_any_number(preprocessing: InputMap | None, visible: str) -> None:
    """Units without bounds were perhaps trained on numbers in [0, 1], and take others as well."""
    if isinstance(preprocessing, Preprocessing) and not KINDS[visible].is_bounded:
        preprocessing.given = "real"


@contextmanager
def value_errors() -> Iterator[None]:
    """What is wrong with rows and settings, as the ValueError that scikit-learn's own estimators raise."""
    try:
        yield
    except LabError as error:
        raise ValueError(str(error)) from error
