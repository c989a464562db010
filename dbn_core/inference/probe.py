"""A probe of each layer: how well simple classifiers read the class off its features.

It says what the features are good for, without any fine-tuning: if a layer's error is below that of the layer under
it, the layer has made classes easier to tell apart.
"""

import warnings

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from dbn_core.inference.loading import Trained, trained, training_images
from dbn_core.questions.features import Probed, ProbedFeatures

FITTED = 2000  # training images at most
JUDGED = 1000  # held-out images at most
NEIGHBOURS = 5
STEPS = 100  # of the logistic regression's optimiser


@torch.no_grad()
def probe(store_url: str, run_id: str, checkpoint_id: int) -> Probed:
    """Held-out error of a k-NN and of a logistic regression on raw pixels and on the means of each trained layer.

    Fitted on the run's first training images, judged on the first held-out ones, without randomness.
    Raises StoreError when the checkpoint is no longer kept, DataError for images without labels.
    """
    model = trained(store_url, run_id, checkpoint_id)
    data = model.data
    data.require_labels("the probe")
    inputs = training_images(model, FITTED)
    labels = data.train_labels[:FITTED].numpy()
    heldout = data.preprocessing.mean(data.heldout[:JUDGED])
    truth = data.heldout_labels[:JUDGED].numpy()
    rows: list[ProbedFeatures] = []
    for depth in range(model.depth + 1):
        fitted, judged = _features(model, inputs, depth), _features(model, heldout, depth)
        name = f"layer {depth}" if depth else "pixels"
        rows.append(
            {
                "features": name,
                "units": fitted.shape[1],
                "knn_error": _knn_error(fitted, labels, judged, truth),
                "logistic_error": _logistic_error(fitted, labels, judged, truth),
            }
        )
    return {
        "rows": rows,
        "figures": _figures(rows, len(inputs), len(heldout)),
        "fitted": len(inputs),
        "judged": len(heldout),
        "neighbours": NEIGHBOURS,
        "position": model.position,
    }


def _figures(rows: list[ProbedFeatures], fitted: int, judged: int) -> dict[str, float]:
    errors: dict[str, float] = {}
    for row in rows:
        features = row["features"].replace(" ", "")
        errors[f"probe.{features}.knn_error"] = row["knn_error"]
        errors[f"probe.{features}.logistic_error"] = row["logistic_error"]
    return errors | {"probe.fitted": float(fitted), "probe.judged": float(judged)}


def _features(model: Trained, images: torch.Tensor, depth: int) -> np.ndarray:
    """(cases, units) means of layer `depth`; 0 is the images themselves."""
    return model.dbn.up(images, depth).numpy()


def _knn_error(fitted: np.ndarray, labels: np.ndarray, judged: np.ndarray, truth: np.ndarray) -> float:
    neighbours = KNeighborsClassifier(min(NEIGHBOURS, len(fitted)), algorithm="brute").fit(fitted, labels)
    return _error(np.asarray(neighbours.predict(judged)), truth)


def _logistic_error(fitted: np.ndarray, labels: np.ndarray, judged: np.ndarray, truth: np.ndarray) -> float:
    regression = LogisticRegression(C=0.1, max_iter=STEPS, tol=1e-3)
    with warnings.catch_warnings():
        # Stopped early it is a little more regularised, which a probe may be.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(fitted, labels)
    return _error(np.asarray(regression.predict(judged)), truth)


def _error(predicted: np.ndarray, truth: np.ndarray) -> float:
    return round(100 * float(np.mean(predicted != truth)), 2)
