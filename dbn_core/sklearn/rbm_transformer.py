"""An RBM as a transformer of scikit-learn: h = E[hidden | row]."""

from collections.abc import Mapping
from typing import Any, Self

import torch
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted
from torch import Tensor

from dbn_core.kinds import KINDS
from dbn_core.likelihood.pseudo import pseudo_log_likelihood
from dbn_core.metrics import squared_error
from dbn_core.models import DBN, RBM
from dbn_core.sklearn.estimator import (
    AUTO,
    Array,
    NetworkEstimator,
    generator_of,
    refuse_beyond,
    take_any_number,
    value_errors,
)
from dbn_core.training.preprocessing import Preprocessing
from dbn_core.training.rules.layer import LayerTraining


def _is_binary(estimator: "RBMTransformer") -> bool:
    """Its visible units are, or may turn out to be."""
    fitted: RBM | None = getattr(estimator, "rbm_", None)
    kind = KINDS.get(estimator.visible) if fitted is None else fitted.visible_units.kind
    return (kind is not None and kind.is_binary) or (fitted is None and estimator.visible == AUTO)


class RBMTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, NetworkEstimator):
    """One Restricted Boltzmann Machine, trained by contrastive divergence or with persistent chains.

    n_components: hidden units. visible, hidden: kinds of units; visible "auto" is "bernoulli" where all numbers lie in
    [0, 1] and else "gaussian", with every feature standardised. epochs: passes of `fit`. batch_size: rows of an update.
    learning_rate: None for what goes with units and method, as in a run. method: "cd", "pcd", "fpcd" or "tempering"; k:
    its Gibbs steps. shuffle: another order in every pass. settings: any other settings of a run, such as
    {"training.sparsity_target": 0.1}. random_state: as in scikit-learn. verbose: print a line a pass.

    Attributes: rbm_, the RBM; components_, intercept_hidden_ and intercept_visible_, its parameters; n_features_in_.
    """

    def __init__(
        self,
        n_components: int = 256,
        *,
        visible: str = AUTO,
        hidden: str = "bernoulli",
        epochs: int = 10,
        batch_size: int = 20,
        learning_rate: float | None = None,
        method: str = "cd",
        k: int = 1,
        shuffle: bool = True,
        settings: Mapping[str, Any] | None = None,
        random_state: Any = None,
        verbose: bool = False,
    ) -> None:
        self.n_components = n_components
        self.visible = visible
        self.hidden = hidden
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.method = method
        self.k = k
        self.shuffle = shuffle
        self.settings = settings
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002
        """Train a new RBM on rows (samples, features) for `epochs` passes. Raises ValueError."""
        rows = self._rows(X, reset=True)
        with value_errors():
            self._begin(rows)
            for _ in range(self.epochs):
                self._pass(rows, self._order(len(rows)))
        return self

    def partial_fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002
        """One pass over these rows in their order; the first call starts the RBM, with biases at the means of its rows.

        A pass over all rows is the same as passes over its parts, each of a whole number of batches, one after another.
        """
        is_new = not hasattr(self, "rbm_")
        rows = self._rows(X, reset=is_new)
        with value_errors():
            if is_new:
                self._begin(rows)
            self._pass(rows, torch.arange(len(rows)))
        return self

    def transform(self, X: Any) -> Array:
        """E[h | row], (samples, n_components); of binary units the probabilities to be on."""
        v = self._units(X)
        return self.rbm_.hidden_mean(v).numpy()

    def gibbs(self, X: Any, steps: int = 1, random_state: Any = None) -> Array:
        """Rows after `steps` Gibbs steps, both sides drawn; of Gaussian units on the scale of X."""
        check_is_fitted(self)
        generator = generator_of(random_state)
        v = self._units(X)
        with value_errors():
            _, h = self.rbm_.sample_h(v, generator)
            v = self.rbm_.gibbs(h, steps, generator).v
        return self._preprocessing.to_pixels(v).numpy()

    def free_energy(self, X: Any) -> Array:
        """F(row), (samples,), in nats; only differences mean anything, the lower the likelier. Exact."""
        v = self._units(X)
        with value_errors():
            return self.rbm_.free_energy(v).numpy()

    @available_if(_is_binary)
    def score_samples(self, X: Any) -> Array:
        """Exact pseudo-log-likelihood of each row, (samples,), in nats: `likelihood.pseudo`. Of binary units alone."""
        v = self._units(X)
        with value_errors():
            return pseudo_log_likelihood(self.rbm_, v).numpy()

    @property
    def components_(self) -> Array:
        """Weights, (n_components, features)."""
        return self.rbm_.W.numpy()

    @property
    def intercept_hidden_(self) -> Array:
        """Hidden biases, (n_components,)."""
        return self.rbm_.h_bias.numpy()

    @property
    def intercept_visible_(self) -> Array:
        """Visible biases, (features,)."""
        return self.rbm_.v_bias.numpy()

    @property
    def _n_features_out(self) -> int:
        return self.rbm_.n_hidden

    def _units(self, X: Any) -> Tensor:
        """Visible units of rows, without randomness."""
        check_is_fitted(self)
        rows = self._rows(X, reset=False)
        refuse_beyond(rows, self.rbm_.visible_units.kind.name)
        with value_errors():
            return self._preprocessing.mean(rows)

    def _begin(self, rows: Tensor) -> None:
        generator, visible = self._generator(), self._visible(rows)
        sizes = [rows.shape[1], self.n_components]
        dbn = DBN(sizes, visible=visible, hidden=self.hidden, generator=generator, dtype=rows.dtype)
        refuse_beyond(rows, visible)
        self.rbm_ = dbn.layers[0]
        config = self._config(dbn, generator)
        self._preprocessing = Preprocessing.fit(config.data, rows, (1, rows.shape[1]))
        take_any_number(self._preprocessing, visible)
        mean = self._preprocessing.mean(rows).mean(0)
        self._learning = LayerTraining(self.rbm_, mean, config, config.epochs, generator)
        self._passes = 0

    def _order(self, count: int) -> Tensor:
        return torch.randperm(count, generator=self._learning.generator) if self.shuffle else torch.arange(count)

    def _pass(self, rows: Tensor, order: Tensor) -> None:
        rates = self._learning.at(self._passes)
        for chosen in order.split(self._learning.config.batch_size):
            self._learning.learn(self._preprocessing(rows[chosen], self._learning.generator), *rates)
        self._passes += 1
        if self.verbose:
            self._tell(rows)

    def _tell(self, rows: Tensor) -> None:
        v = self._preprocessing.mean(rows)
        error = squared_error(v, self.rbm_.visible_mean(self.rbm_.hidden_mean(v)))
        print(f"[RBMTransformer] pass {self._passes}: reconstruction error {error:.4f} per feature, mean-field")  # noqa: T201
