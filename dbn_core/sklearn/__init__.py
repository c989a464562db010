"""RBMs and DBNs as estimators of scikit-learn, for pipelines, grid searches and cross-validation; see README."""

from importlib.util import find_spec

if find_spec("sklearn") is None:
    raise ModuleNotFoundError(
        "dbn_core.sklearn needs scikit-learn, which is not installed; install it with: pip install scikit-learn",
        name="sklearn",
    )

from dbn_core.sklearn.dbn_classifier import DBNClassifier
from dbn_core.sklearn.dbn_transformer import DBNTransformer
from dbn_core.sklearn.rbm_transformer import RBMTransformer

__all__ = ["DBNClassifier", "DBNTransformer", "RBMTransformer"]
