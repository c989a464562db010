"""What the estimators of a DBN share: its parameters, and greedy pretraining by them."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.models.sizes import whole
from dbn_core.sklearn.estimator import NetworkEstimator, refuse_beyond, take_any_number
from dbn_core.training import pretrain


class StackEstimator(NetworkEstimator):
    """Base of those with the parameters that `DBNTransformer` explains."""

    hidden_layer_sizes: Sequence[int]

    def _pretrained(self, rows: Tensor) -> tuple[DBN, RunConfig]:
        """A DBN trained on these rows, as it starts where `epochs` is 0, and its settings. Raises LabError."""
        generator, visible = self._generator(), self._visible(rows)
        sizes = [rows.shape[1], *self._hidden_sizes()]
        dbn = DBN(sizes, visible=visible, hidden=self.hidden, generator=generator, dtype=rows.dtype)
        refuse_beyond(rows, visible)
        config = self._config(dbn, generator)
        if self.epochs:
            pretrain(dbn, rows, config)
            take_any_number(dbn.preprocessing, visible)
        return dbn, config

    def _hidden_sizes(self) -> tuple[int, ...]:
        """Raises ValueError for what is no sequence of sizes."""
        sizes = self.hidden_layer_sizes
        if isinstance(sizes, str | bytes) or not (isinstance(sizes, Sequence) or getattr(sizes, "ndim", 0) == 1):
            raise ValueError(
                f"hidden_layer_sizes is {sizes!r:.60}; give the units of each layer, from below, as in (256, 64) "
                f"or (64,)."
            )
        return tuple(whole(size, "a size in hidden_layer_sizes") for size in sizes)

    def _seen_rows(self, X: Any, dbn: DBN) -> Tensor:
        """Rows for a network that is trained. Raises ValueError."""
        rows = self._rows(X, reset=False)
        refuse_beyond(rows, dbn.layers[0].visible_units.kind.name)
        return rows
