"""One image before a trained network: its class by every classifier there is, and what each layer makes of it.

The classifiers are those of `inference.classification`; a run that has none is lent a probe, a logistic regression on
its top features (each at deviation 1), fitted on the spot. Activities are means, without randomness; a reconstruction
goes up to a layer and down again, mean-field.
"""

import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from dbn_core.errors import DataError
from dbn_core.inference.classification import probabilities
from dbn_core.inference.loading import Trained, trained, training_images
from dbn_core.inference.stack import Stack, stack_of
from dbn_core.training.pictures import quantise

STRONGEST = 12  # units of a layer whose filters are shown
USUAL = 1000  # training images over which a unit's usual activity is averaged
FITTED = 2000  # training images of a probe
STEPS = 100  # of the probe's optimiser
PROBE = "probe"  # the name of its row


@torch.no_grad()
def recognise(store_url: str, run_id: str, checkpoint_id: int, image: npt.NDArray[np.uint8] | int) -> dict[str, Any]:
    """What the network makes of one image: uint8 of the shape of its data, or the number of a held-out one.

    Numbers beyond the last held-out image begin again with the first; number and label (None for a picture of one's
    own, or without labels) say which one it is.

    classifiers: name -> p(class | image), float32 (classes,); the probe only where there is no other, and nothing where
    the images have no labels; fitted: how many training images the probe has seen, 0 without it; label_names.
    layers: for each trained layer units, activity (float32 (units,)), reconstruction (uint8 image, or None), strongest
    (units whose activity exceeds its average over training images most), above (by how much), filters and scale as in
    a filters snapshot. seen: uint8, the image as the visible units mean it. stack: whose layers these are.
    Raises StoreError when the checkpoint is gone, DataError for an image of another shape.
    """
    model = trained(store_url, run_id, checkpoint_id)
    number = image % len(model.data.heldout) if isinstance(image, int) else None
    rows = _rows(model, image) if number is None else model.data.heldout[number : number + 1]
    v = model.data.preprocessing.mean(rows)
    stack = stack_of(model)
    usual = _usual(store_url, run_id, checkpoint_id)
    backs = stack.reconstructions(v)
    layers = []
    for depth, activity in enumerate(stack.activities(v), 1):
        back = None if backs is None else _image(model, model.data.preprocessing.to_pixels(backs[depth - 1], rows))
        layers.append(_layer(model, stack, depth, activity[0], usual[depth - 1]) | {"reconstruction": back})
    seen = _image(model, model.data.preprocessing.to_pixels(v, rows))
    return {
        **_opinions(store_url, run_id, checkpoint_id, model, v),
        "label_names": model.data.label_names,
        "layers": layers,
        "seen": seen,
        "number": number,
        "label": None if number is None or not model.data.is_labelled else int(model.data.heldout_labels[number]),
        "stack": stack.name,
        "position": model.position,
    }


def _rows(model: Trained, image: npt.NDArray[np.uint8] | int) -> Tensor:
    pixels = np.asarray(image)
    if pixels.shape != tuple(model.shape):
        raise DataError(
            f"This picture is {_size(pixels.shape)} but the network of this run has learnt images of "
            f"{_size(model.shape)}. Choose a run on such images, or another picture."
        )
    return torch.tensor(np.ascontiguousarray(pixels)).reshape(1, -1)


def _size(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape))


def _image(model: Trained, unit: Tensor) -> npt.NDArray[np.uint8]:
    return unit[0].clamp(0, 1).mul(255).round().to(torch.uint8).reshape(model.shape).numpy()


def _layer(model: Trained, stack: Stack, depth: int, activity: Tensor, usual: Tensor) -> dict[str, Any]:
    above = activity - usual
    strongest = above.argsort(descending=True)[:STRONGEST]
    weights = model.data.preprocessing.filters_to_pixels(stack.filters(depth, strongest))
    filters, scale = quantise(weights)
    return {
        "units": len(activity),
        "activity": activity.numpy().astype(np.float32),
        "strongest": strongest.tolist(),
        "above": above[strongest].numpy().astype(np.float32),
        "filters": filters.reshape(-1, *model.shape),
        "scale": scale,
    }


# -- what is kept for the next image ----------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _usual(store_url: str, run_id: str, checkpoint_id: int) -> list[Tensor]:
    """Average activity of each unit of each layer over the first training images."""
    model = trained(store_url, run_id, checkpoint_id)
    return [layer.mean(0) for layer in stack_of(model).activities(training_images(model, USUAL))]


def _opinions(store_url: str, run_id: str, checkpoint_id: int, model: Trained, v: Tensor) -> dict[str, Any]:
    """What every classifier says, and on how many images the probe was fitted if it had to step in."""
    found, fitted = probabilities(model, v), 0
    if not found and model.data.is_labelled:
        regression, fitted = _probe(store_url, run_id, checkpoint_id)
        features = _top(model, v)
        every = np.zeros((1, model.data.classes), np.float32)
        every[:, regression.classes_] = regression.predict_proba(features)
        found = {PROBE: every}
    return {"classifiers": {name: given[0] for name, given in found.items()}, "fitted": fitted}


@lru_cache(maxsize=8)
def _probe(store_url: str, run_id: str, checkpoint_id: int) -> tuple[Pipeline, int]:
    model = trained(store_url, run_id, checkpoint_id)
    images = training_images(model, FITTED)
    labels = model.data.train_labels[: len(images)].numpy()
    # Features of a young layer hardly differ from their means: brought to one scale they can be told apart.
    regression = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=STEPS, tol=1e-3))
    with warnings.catch_warnings():
        # Stopped early it is a little more regularised, which a probe may be.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(_top(model, images), labels)
    return regression, len(images)


def _top(model: Trained, v: Tensor) -> npt.NDArray[np.float32]:
    """(cases, units) features of the top layer that has learnt something; the image itself where none has."""
    return [v, *stack_of(model).activities(v)][-1].numpy()
