"""One image before a trained network: its class by every classifier there is, and what each layer makes of it.

The classifiers are those of `inference.classification`; a run that has none is lent a probe, a logistic regression on
its top features (each at deviation 1), fitted on the spot. Activities are the probabilities of units to be on, given
the means below; a reconstruction goes up to a layer and down again, mean-field.
"""

import warnings
from collections.abc import Sequence
from functools import lru_cache

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
from dbn_core.questions.recognition import Image, Recognised, RecognisedLayer
from dbn_core.training.pictures import quantise

STRONGEST = 12  # units of a layer whose filters are shown
USUAL = 1000  # training images over which a unit's usual activity is averaged
FITTED = 2000  # training images of a probe
STEPS = 100  # of the probe's optimiser


@torch.no_grad()
def recognise(store_url: str, run_id: str, checkpoint_id: int, image: Image | int) -> Recognised:
    """What the network makes of one image: one of the shape of its data, or the number of a held-out one.

    Numbers beyond the last held-out image begin again with the first; number and label (None for a picture of one's
    own, or without labels) say which one it is.
    The probe speaks only where there is no other classifier, and nobody where the images have no labels.
    Raises StoreError when the checkpoint is gone, DataError for an image of another shape.
    """
    model = trained(store_url, run_id, checkpoint_id)
    if isinstance(image, Image):
        number, rows = None, _rows(model, image)
    else:
        number = image % len(model.data.heldout)
        rows = model.data.heldout[number : number + 1]
    v = model.data.preprocessing.mean(rows)
    _check_states(model, v)
    stack = stack_of(model)
    usual = _usual(store_url, run_id, checkpoint_id)
    backs = stack.reconstructions(v)
    layers = []
    for depth, activity in enumerate(stack.on(v), 1):
        back = None if backs is None else _image(model, model.data.preprocessing.to_pixels(backs[depth - 1], rows))
        layers.append(_layer(model, stack, depth, activity[0], usual[depth - 1], back))
    seen = _image(model, model.data.preprocessing.to_pixels(v, rows))
    classifiers, fitted = _opinions(store_url, run_id, checkpoint_id, model, v)
    return {
        "classifiers": classifiers,
        "fitted": fitted,
        "label_names": model.data.label_names,
        "layers": layers,
        "seen": seen,
        "number": number,
        "label": None if number is None or not model.data.is_labelled else int(model.data.heldout_labels[number]),
        "stack": stack.name,
        "position": model.position,
    }


def _rows(model: Trained, image: Image) -> Tensor:
    pixels = image.array()
    if pixels.shape != tuple(model.shape):
        raise DataError(
            f"This picture is {_size(pixels.shape)} but the network of this run has learnt images of "
            f"{_size(model.shape)}. Choose a run on such images, or another picture."
        )
    return torch.tensor(pixels).reshape(1, -1)


def _check_states(model: Trained, v: Tensor) -> None:
    problem = model.dbn.layers[0].visible_units.why_not(v)
    if problem:
        raise DataError(f"{problem}, and this picture is not so. Choose a held-out image.")


def _size(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape))


def _image(model: Trained, unit: Tensor) -> npt.NDArray[np.uint8]:
    return unit[0].clamp(0, 1).mul(255).round().to(torch.uint8).reshape(model.shape).numpy()


def _layer(
    model: Trained, stack: Stack, depth: int, activity: Tensor, usual: Tensor, back: npt.NDArray[np.uint8] | None
) -> RecognisedLayer:
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
        "reconstruction": back,
    }


# -- what is kept for the next image ----------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _usual(store_url: str, run_id: str, checkpoint_id: int) -> list[Tensor]:
    """Average activity of each unit of each layer over the first training images."""
    model = trained(store_url, run_id, checkpoint_id)
    return [layer.mean(0) for layer in stack_of(model).on(training_images(model, USUAL))]


def _opinions(
    store_url: str, run_id: str, checkpoint_id: int, model: Trained, v: Tensor
) -> tuple[dict[str, npt.NDArray[np.float32]], int]:
    """(what every classifier says, on how many images the probe was fitted if it had to step in)."""
    opinions, fitted = probabilities(model, v), 0
    if not opinions and model.data.is_labelled:
        regression, fitted = _probe(store_url, run_id, checkpoint_id)
        features = _top(model, v)
        every = np.zeros((1, model.data.classes), np.float32)
        every[:, regression.classes_] = regression.predict_proba(features)
        opinions = {"probe": every}
    return {name: given[0] for name, given in opinions.items()}, fitted


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
