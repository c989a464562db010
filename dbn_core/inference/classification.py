"""How well a run's classifiers tell classes apart: errors on all held-out images, who is taken for whom, the mistakes.

    label_units   softmax over minus the free energies of the labels, exact, on the greedy DBN's features
    up_down       the same on the features of the network that up-down has tuned
    fine_tuned    the linear head, on the features it was trained with
    hybrid        the CNN

Nothing is drawn: an image always gets the same answer.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from dbn_core.classifiers import ClassifierId
from dbn_core.errors import DataError
from dbn_core.inference.loading import Trained, trained
from dbn_core.metric_table import metric_of
from dbn_core.models.dbn import label_probabilities
from dbn_core.questions.classification import CellImages, Classification, ClassifierFigures
from dbn_core.training.inputs import CHUNK

MISTAKES = 60

Classifier = Callable[[Tensor], Tensor]
"""Visible units (cases, visible) -> p(class | image) (cases, classes)."""


def classifiers(model: Trained) -> dict[ClassifierId, Classifier]:
    """Every classifier the model has, by its id; none if it was never shown a label."""
    by_id: dict[ClassifierId, Classifier] = {}
    dbn, untied, classifier = model.dbn, model.untied, model.classifier
    if dbn.n_labels and model.depth == len(dbn.layers):
        by_id["label_units"] = lambda v: label_probabilities(dbn.layers[-1], dbn.up(v, len(dbn.layers) - 1))
    if untied is not None and untied.top.n_labels:
        by_id["up_down"] = untied.classify
    if classifier is not None:
        by_id["fine_tuned"] = lambda v: torch.softmax(classifier(v), dim=1)
    if model.hybrid is not None:
        by_id["hybrid"] = _of_hybrid(model)
    return by_id


def newest_classifier(model: Trained) -> Classifier | None:
    """The one that was trained last: the hybrid, else the fine-tuned net, else label units, after up-down or not."""
    return next(reversed(classifiers(model).values()), None)


@torch.no_grad()
def classify(store_url: str, run_id: str, checkpoint_id: int) -> Classification:
    """Figures of each classifier on all held-out images of the run.

    Raises StoreError for a checkpoint that is gone, DataError without a classifier or without labels.
    """
    model = trained(store_url, run_id, checkpoint_id)
    model.data.require_labels("classification")
    rows = [_judged(name, answer, model) for name, answer in _some(model).items()]
    wrong = metric_of("test_error")
    return {
        "rows": rows,
        "metrics": {row["metric"]: row["error"] for row in rows},
        "images": len(model.data.heldout),
        "label_names": model.data.label_names,
        "unit": f"{wrong.unit}, {wrong.split}",
        "position": model.position,
    }


@torch.no_grad()
def probabilities(model: Trained, visible: Tensor) -> dict[ClassifierId, np.ndarray]:
    """p(class | image), float32 (cases, classes), of each classifier for visible units (cases, visible)."""
    return {name: answer(visible).numpy() for name, answer in classifiers(model).items()}


@torch.no_grad()
def held_out_images(store_url: str, run_id: str, checkpoint_id: int, numbers: Sequence[int]) -> npt.NDArray[np.uint8]:
    """uint8 (images, height, width[, 3]): the held-out images of these numbers. Raises DataError for one not there."""
    data = trained(store_url, run_id, checkpoint_id).data
    wrong = [number for number in numbers if not 0 <= number < len(data.heldout)]
    if wrong:
        raise DataError(f"There is no held-out image {wrong[0]}; choose numbers from 0 to {len(data.heldout) - 1:,}.")
    return data.heldout[torch.tensor(list(numbers), dtype=torch.int64)].reshape(-1, *data.shape).numpy()


@torch.no_grad()
def images_of_cell(
    store_url: str, run_id: str, checkpoint_id: int, classifier: str, cell: tuple[int, int], limit: int = 100
) -> CellImages:
    """The held-out images behind one cell (true class, answer) of the confusion matrix, the surest answers first.

    Raises DataError for a classifier that the model does not have.
    """
    model = trained(store_url, run_id, checkpoint_id)
    by_id = _some(model)
    if classifier not in by_id:
        raise DataError(f"This run has no classifier {classifier!r}; it has {', '.join(by_id)}.")
    given = _answers(by_id[classifier], model)
    sure, answer = given.max(1)
    here = ((model.data.heldout_labels == cell[0]) & (answer == cell[1])).nonzero().flatten()
    here = here[sure[here].argsort(descending=True, stable=True)][:limit]
    return {
        "numbers": here.tolist(),
        "probability": sure[here].numpy(),
        "pixels": model.data.heldout[here].reshape(-1, *model.shape).numpy(),
        "position": model.position,
    }


def _some(model: Trained) -> dict[ClassifierId, Classifier]:
    by_id = classifiers(model)
    if not by_id:
        raise DataError(
            "This run has no classifier at this epoch: train one with finetune.epochs above 0, or give its top RBM "
            "label units (labels.joint = true)."
        )
    return by_id


def _of_hybrid(model: Trained) -> Classifier:
    hybrid, features = model.hybrid, model.dbn.up if model.untied is None else model.untied.features
    assert hybrid is not None
    return lambda visible: hybrid.classify(features(visible) if hybrid.inputs != "images" else None, visible)


def _answers(classifier: Classifier, model: Trained) -> Tensor:
    """p(class | image) of all held-out images, (cases, classes)."""
    mean = model.preprocessing.mean
    return torch.cat([classifier(mean(part)) for part in model.data.heldout.split(CHUNK)])


def _judged(name: ClassifierId, classifier: Classifier, model: Trained) -> ClassifierFigures:
    truth, classes = model.data.heldout_labels, model.data.classes
    given = _answers(classifier, model)
    sure, answer = given.max(1)
    wrong = answer != truth
    confusion = torch.bincount(truth * classes + answer, minlength=classes**2).reshape(classes, classes)
    totals, right = confusion.sum(1), confusion.diagonal()
    share = wrong.double().mean().item()
    mistakes = wrong.nonzero().flatten()
    mistakes = mistakes[sure[mistakes].argsort(descending=True, stable=True)][:MISTAKES]
    return {
        "classifier": name,
        "metric": f"test_error_{name}",
        "error": 100 * share,
        "error_deviation": 100 * (share * (1 - share) / len(truth)) ** 0.5,
        "loss": -given.double().gather(1, truth[:, None]).clamp(min=1e-300).log().mean().item(),
        "confusion": confusion.numpy(),
        "class_errors": [
            None if not total else 100 * (1 - hit / total)
            for hit, total in zip(right.tolist(), totals.tolist(), strict=True)
        ],
        "mistakes": [(n, int(truth[n]), int(answer[n]), float(sure[n])) for n in mistakes.tolist()],
    }
