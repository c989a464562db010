"""What the estimators of a DBN share: its parameters, and greedy pretraining by them."""

from collections.abc import Sequence

from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.sklearn.estimator import NetworkEstimator, take_any_number
from dbn_core.training import pretrain


class StackEstimator(NetworkEstimator):
    """Base of those with the parameters that `DBNTransformer` explains."""

    hidden_layer_sizes: Sequence[int]

    def _pretrained(self, rows: Tensor) -> tuple[DBN, RunConfig]:
        """A DBN trained on these rows, as it starts where `epochs` is 0, and its settings. Raises LabError."""
        generator, visible = self._generator(), self._visible(rows)
        sizes = [rows.shape[1], *self.hidden_layer_sizes]
        dbn = DBN(sizes, visible=visible, hidden=self.hidden, generator=generator, dtype=rows.dtype)
        config = self._config(dbn, generator)
        if self.epochs:
            pretrain(dbn, rows, config)
            take_any_number(dbn.preprocessing, visible)
        return dbn, config
