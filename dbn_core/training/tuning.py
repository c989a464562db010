"""Fine-tuning from a notebook: the same learner and loop as a run of the lab, without a store."""

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.errors import DataError
from dbn_core.models import DBN, FineTuner
from dbn_core.models.units import Gaussian
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.finetuning import FineTuneLearner
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, Plan, Stage
from dbn_core.training.ports import Control, NullControl, NullRecorder, Recorder
from dbn_core.training.pretraining import as_pixels

EPOCHS = 20  # where the configuration does not say


def finetune(
    dbn: DBN,
    images: Tensor,
    labels: Tensor,
    config: RunConfig | None = None,
    *,
    heldout: Tensor | None = None,
    heldout_labels: Tensor | None = None,
    recorder: Recorder | None = None,
    control: Control | None = None,
) -> FineTuner:
    """A classifier that starts from the layers of `dbn`, trained by `config.finetune`; the DBN is left as it is.

    images: as for `pretrain`. labels: (cases,) classes from 0; there are as many as the largest label says.
    heldout, heldout_labels: what `recorder` is told errors of; without them the training images.
    `finetune.epochs` 0 means 20. The answer is the classifier, whose `classify(v)` takes visible units.
    Raises DataError for images or labels that do not fit, DivergedError when parameters stop being finite.
    """
    gaussian = isinstance(dbn.layers[0].visible_units, Gaussian)
    config = config or RunConfig()
    config = config.with_values(
        {
            "layers": list(dbn.sizes[1:]),
            "visible": "gaussian" if gaussian else "bernoulli",
            "labels.joint": dbn.n_labels > 0,
            "epochs": max(config.epochs, 1),
            "finetune.epochs": config.finetune.epochs or EPOCHS,
        }
    )
    device = dbn.layers[0].W.device
    pixels, shape = as_pixels(images, dbn.sizes[0])
    _check(labels, len(pixels))
    others, truth = pixels, labels
    if heldout is not None:
        if heldout_labels is None:
            raise DataError("Held-out images without labels cannot judge a classifier: give heldout_labels, too.")
        others, truth = as_pixels(heldout, dbn.sizes[0])[0], heldout_labels
        _check(truth, len(others))
    names = tuple(str(label) for label in range(int(max(labels.max(), truth.max())) + 1))
    data = TrainingData.of(config, (pixels, labels), (others, truth), names, shape, device)
    learner = StagedLearner(dbn, data, config, device)
    plan = Plan((Stage("finetune", 0, config.finetune.epochs, 0),), Cadence(looks=recorder is not None))
    train(learner, plan, config, recorder or NullRecorder(), control or NullControl())
    now = learner.now
    assert isinstance(now, FineTuneLearner)
    return now.model.requires_grad_(False)


def _check(labels: Tensor, cases: int) -> None:
    if labels.shape != (cases,) or labels.is_floating_point() or bool((labels < 0).any()):
        raise DataError(
            f"Labels must be {cases:,} whole numbers from 0, one for each image, not "
            f"{labels.dtype} of shape {tuple(labels.shape)}."
        )
    if int(torch.as_tensor(labels).max()) < 1:
        raise DataError("All labels are 0, and a classifier needs at least 2 classes.")
