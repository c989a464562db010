"""A DBN as a classifier of scikit-learn: pretrained layer by layer, then fine-tuned under a linear head."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from dbn_core.sklearn.estimator import AUTO, KEPT, Array, as_tensor, take_any_number, value_errors
from dbn_core.sklearn.stack import StackEstimator
from dbn_core.training import finetune


class DBNClassifier(ClassifierMixin, StackEstimator):
    """A `DBNTransformer` whose layers go on learning with a softmax over the classes above them.

    Parameters: those of `DBNTransformer`, and finetune_epochs: passes with labels, by mini-batch gradient descent on
    all layers; finetune_learning_rate: of its AdamW, at the start. `settings` may say more, such as {"finetune.mode":
    "frozen"}. epochs 0 leaves pretraining out. The defaults are for tables of some hundreds or thousands of rows; with
    more rows fewer passes and a rate of 0.001 do.

    Attributes: classifier_, the network; dbn_, as it was pretrained; classes_; n_features_in_.
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (256, 64),
        *,
        visible: str = AUTO,
        hidden: str = "bernoulli",
        epochs: int = 10,
        finetune_epochs: int = 50,
        finetune_learning_rate: float = 0.01,
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
        self.finetune_epochs = finetune_epochs
        self.finetune_learning_rate = finetune_learning_rate
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.method = method
        self.k = k
        self.settings = settings
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Train on rows (samples, features) of the classes y (samples,), at least two. Raises ValueError."""
        X, y = validate_data(self, X, y, accept_sparse=("csr", "csc"), dtype=list(KEPT))
        rows, labels = as_tensor(X), self._labels(y)
        with value_errors():
            self.dbn_, config = self._pretrained(rows)
            own = {"finetune.epochs": self.finetune_epochs, "finetune.learning_rate": self.finetune_learning_rate}
            named = {key: value for key, value in (self.settings or {}).items() if key in own}
            config = config.with_values(own | named)
            self.classifier_ = finetune(self.dbn_, rows, labels, config)
            take_any_number(self.classifier_.preprocessing, self.dbn_.layers[0].visible_units.kind.name)
        return self

    def predict_proba(self, X: Any) -> Array:
        """p(class | row), (samples, classes), in the order of `classes_`."""
        check_is_fitted(self)
        rows = self._seen_rows(X, self.dbn_)
        with value_errors():
            return self.classifier_.classify(rows).numpy()

    def predict(self, X: Any) -> Array:
        """The likeliest class of each row, (samples,)."""
        shares = self.predict_proba(X)
        return self.classes_[np.argmax(shares, axis=1)]

    def _labels(self, y: Any) -> Array:
        check_classification_targets(y)
        self.classes_, labels = np.unique(column_or_1d(y), return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"All rows are of one class, {self.classes_[0]!r}; a classifier needs rows of 2 or more.")
        return labels
