"""A DBN as a transformer of scikit-learn: features of its top layer."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from dbn_core.sklearn.estimator import AUTO, Array, value_errors
from dbn_core.sklearn.stack import StackEstimator


class DBNTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, StackEstimator):
    """A stack of RBMs, trained greedily, one layer after the other, as `dbn_core.training.pretrain` does.

    Parameters: hidden_layer_sizes, units of each layer. The others are those of `RBMTransformer`; hidden units other
    than "bernoulli" are for one layer alone. There is no partial_fit: a layer begins when the one below it is done.

    Attributes: dbn_, the DBN; n_features_in_.
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (256, 64),
        *,
        visible: str = AUTO,
        hidden: str = "bernoulli",
        epochs: int = 10,
        batch_size: int = 20,
        learning_rate: float | None = None,
        method: str = "cd",
        k: int = 1,
        settings: Mapping[str, Any] | None = None,
        random_state: Any = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.visible = visible
        self.hidden = hidden
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.method = method
        self.k = k
        self.settings = settings
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002
        """Train a new DBN on rows (samples, features). Raises ValueError for what is not allowed."""
        rows = self._rows(X, reset=True)
        with value_errors():
            self.dbn_ = self._pretrained(rows)[0]
        return self

    def transform(self, X: Any) -> Array:
        """E[h | row] of the top layer, mean-field all the way up; (samples, units)."""
        check_is_fitted(self)
        rows = self._seen_rows(X, self.dbn_)
        with value_errors():
            return self.dbn_.features(rows).numpy()

    @property
    def _n_features_out(self) -> int:
        return self.dbn_.sizes[-1]
