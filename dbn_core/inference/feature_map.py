"""The features of a layer on a plane: which images the layer takes for neighbours.

PCA     the two directions of greatest variance: linear, exact, the same each time
t-SNE   keeps neighbours neighbours and gives up distances (van der Maaten & Hinton 2008); starts from the PCA, so that
        it is the same each time; run on the first 50 principal components
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.manifold import TSNE

from dbn_core.errors import DataError, NotKeptError
from dbn_core.inference.loading import Trained, trained
from dbn_core.inference.stack import stack_of
from dbn_core.questions.features import Method, PlacedImages

COMPONENTS = 50  # that t-SNE sees
PERPLEXITY = 30.0
FEWEST = 100  # images, for neighbourhoods of that perplexity

Floats = npt.NDArray[np.float32]


@torch.no_grad()
def feature_map(
    store_url: str, run_id: str, checkpoint_id: int, layer: int, method: Method, cases: int = 1000
) -> PlacedImages:
    """The first held-out images at the places that their features have on a plane; layer 0 is the pixels themselves.

    Raises NotKeptError for a layer that is not there, DataError for too few images.
    """
    model = trained(store_url, run_id, checkpoint_id)
    features, units = _features(model, layer, cases)
    if len(features) < FEWEST:
        raise DataError(f"A map needs at least {FEWEST} held-out images, and these data have {len(features)}.")
    placed, shares = principal_components(features, 2 if method == "pca" else COMPONENTS)
    explained = shares[:2].tolist() if method == "pca" else None
    places = placed[:, :2] if method == "pca" else _neighbours(placed)
    labels = model.data.heldout_labels[: len(places)]
    known = model.data.is_labelled
    return {
        "places": places.astype(np.float32),
        "pixels": model.data.heldout[: len(places)].reshape(-1, *model.shape).numpy(),
        "labels": labels.numpy().astype(np.uint8) if known else np.empty(0, np.uint8),
        "label_names": model.data.label_names,
        "explained": explained,
        "agreement": agreement(places, labels.numpy()) if known else None,
        "units": units,
        "stack": stack_of(model, tuned=True).name,
        "position": model.position,
    }


def principal_components(rows: Floats, count: int) -> tuple[Floats, npt.NDArray[np.float64]]:
    """((cases, count) coordinates along the directions of greatest variance, their shares of it), exact by an SVD.

    The sign of a direction is free; the one is taken that makes its longest arm positive.
    """
    centred = rows - rows.mean(0)
    U, s, _ = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    placed = (U * s)[:, :count]
    ends = np.take_along_axis(placed, np.abs(placed).argmax(0)[None], 0)[0]
    placed = placed * np.where(ends < 0, -1.0, 1.0)
    return placed.astype(np.float32), s[:count] ** 2 / max(float((s**2).sum()), 1e-30)


def agreement(places: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float:
    """% of the places whose nearest other place has the same label."""
    squares = (places.astype(np.float64) ** 2).sum(1)
    distances = squares[:, None] + squares[None] - 2.0 * places.astype(np.float64) @ places.T.astype(np.float64)
    np.fill_diagonal(distances, np.inf)
    return 100.0 * float(np.mean(labels[distances.argmin(1)] == labels))


def _features(model: Trained, layer: int, cases: int) -> tuple[Floats, int]:
    v = model.data.preprocessing.mean(model.data.heldout[:cases])
    layers = [v, *stack_of(model, tuned=True).activities(v)]
    if not 0 <= layer < len(layers):
        raise NotKeptError(f"Layer {layer} has learnt nothing at this epoch; choose one from 0 to {len(layers) - 1}.")
    return layers[layer].numpy(), layers[layer].shape[1]


def _neighbours(rows: Floats) -> Floats:
    # From the PCA, small: random starts would give another map each time.
    start = rows[:, :2] / rows[:, 0].std() * 1e-4
    perplexity = min(PERPLEXITY, (len(rows) - 1) / 3)
    return np.asarray(TSNE(perplexity=perplexity, init=start, random_state=0, n_jobs=1).fit_transform(rows))
