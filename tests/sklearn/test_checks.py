"""The estimators keep what scikit-learn asks of every estimator."""

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from dbn_core.sklearn import DBNClassifier, DBNTransformer, RBMTransformer

ESTIMATORS = [
    RBMTransformer(7, epochs=2, random_state=0),
    DBNTransformer((7, 5), epochs=1, random_state=0),
    DBNClassifier((17,), epochs=1, finetune_epochs=20, finetune_learning_rate=0.1, random_state=0),
    DBNClassifier(random_state=0),
]


@pytest.mark.filterwarnings("default")  # some checks warn on purpose
@parametrize_with_checks(ESTIMATORS)
def test_an_estimator_passes_the_check(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)
