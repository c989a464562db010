"""Fine-tuning from a notebook: the same learner and loop as a run of the lab, without a store."""

from dataclasses import replace
from typing import Any

import torch

from dbn_core.config import RunConfig
from dbn_core.config.stages import FINE_TUNE
from dbn_core.errors import DataError
from dbn_core.models import DBN, FineTuner
from dbn_core.models.images import Images
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.finetuning import FineTuneLearner
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, Plan, Stage
from dbn_core.training.ports import Control, NullControl, NullRecorder, Recorder
from dbn_core.training.preprocessing import Preprocessing
from dbn_core.training.pretraining import configured, training_data

EPOCHS = 20  # where the configuration does not say


def finetune(
    dbn: DBN,
    images: Images,
    labels: Any,
    config: RunConfig | None = None,
    *,
    heldout: Images | None = None,
    heldout_labels: Any = None,
    recorder: Recorder | None = None,
    control: Control | None = None,
) -> FineTuner:
    """A classifier that starts from the layers of `dbn`, trained by `config.finetune`; the DBN is left as it is.

    images: as for `pretrain`. labels: (cases,) classes from 0; there are as many as the largest label says.
    heldout, heldout_labels: what `recorder` is told errors of; without them the training images.
    `finetune.epochs` 0 means 20. The answer is the classifier, whose `classify` takes images as
    these are; where `dbn` was trained on some, as they were then.
    Raises DataError for images or labels that do not fit, DivergedError when parameters stop being finite.
    """
    config = config or RunConfig()
    epochs = {"epochs": max(config.epochs, 1), "finetune.epochs": config.finetune.epochs or EPOCHS}
    config = configured(dbn, config.with_values(epochs))
    if heldout is not None and heldout_labels is None:
        raise DataError("Held-out images without labels cannot judge a classifier: give heldout_labels, too.")
    data = _labelled(training_data(dbn, config, images, heldout, labels, heldout_labels))
    if isinstance(dbn.preprocessing, Preprocessing):
        data = replace(data, preprocessing=dbn.preprocessing)
    learner = StagedLearner(dbn, data, config, dbn.layers[0].W.device)
    plan = Plan((Stage(FINE_TUNE.name, 0, config.finetune.epochs, 0),), Cadence(looks=recorder is not None))
    train(learner, plan, config, recorder or NullRecorder(), control or NullControl())
    now = learner.now
    assert isinstance(now, FineTuneLearner)
    now.model.preprocessing = dbn.preprocessing or data.preprocessing.for_images()
    return now.model.requires_grad_(False)


def _labelled(data: TrainingData) -> TrainingData:
    """With as many classes as the largest label says. Raises DataError for fewer than two."""
    largest = int(torch.cat([data.train_labels, data.heldout_labels]).max())
    if int(data.train_labels.max()) < 1:
        raise DataError("All labels are 0, and a classifier needs at least 2 classes.")
    return replace(data, label_names=tuple(str(label) for label in range(largest + 1)))
