"""Training from a notebook: the same loop as a run of the lab, without a store."""

from typing import Any

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.errors import DataError
from dbn_core.models import DBN, RBM
from dbn_core.models.units import Gaussian
from dbn_core.records import RunStatus
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import Control, NullControl, NullRecorder, Recorder


def pretrain(
    dbn: DBN,
    images: Tensor,
    config: RunConfig | None = None,
    *,
    heldout: Tensor | None = None,
    labels: Tensor | None = None,
    heldout_labels: Tensor | None = None,
    recorder: Recorder | None = None,
    control: Control | None = None,
) -> RunStatus:
    """Train every layer of `dbn` in turn, in place, as `config` says (its `layers` are taken from the DBN).

    images: (cases, pixels) or (cases, height, width), uint8 0..255, or float in [0, 1].
    heldout: the same form; without it the monitor looks at the training images twice.
    labels, heldout_labels: (cases,) classes from 0, for a DBN whose top RBM has label units.
    Raises DataError for images that do not fit, DivergedError when parameters stop being finite.
    """
    gaussian = isinstance(dbn.layers[0].visible_units, Gaussian)
    model = {"layers": list(dbn.sizes[1:]), "visible": "gaussian" if gaussian else "bernoulli"}
    config = (config or RunConfig()).with_values(model | {"labels.joint": dbn.n_labels > 0})
    device = dbn.layers[0].W.device
    pixels, shape = as_pixels(images, dbn.sizes[0])
    other = pixels if heldout is None else as_pixels(heldout, dbn.sizes[0])[0]
    truth = heldout_labels if heldout is not None else labels
    names = tuple(str(label) for label in range(dbn.n_labels))
    data = TrainingData.of(config, (pixels, labels), (other, truth), names, shape, device)
    learner = StagedLearner(dbn, data, config, device)
    plan = run_plan(config, Cadence(looks=recorder is not None))
    return train(learner, plan, config, recorder or NullRecorder(), control or NullControl())


def train_rbm(rbm: RBM, images: Tensor, config: RunConfig | None = None, **settings: Any) -> RunStatus:
    """Train one RBM in place. `settings` are fields of `RunConfig` or of its `training` group: `epochs=5, k=3`.

    Otherwise as `pretrain`.
    """
    config = config or RunConfig()
    top = set(RunConfig.model_fields)
    config = config.with_values({key if key in top else f"training.{key}": value for key, value in settings.items()})
    return pretrain(DBN.of([rbm]), images, config)


def as_pixels(images: Tensor, n_visible: int) -> tuple[Tensor, tuple[int, int]]:
    """(uint8 (cases, pixels), (height, width))."""
    flat = images.reshape(len(images), -1)
    if flat.shape[1] != n_visible:
        raise DataError(f"Images have {flat.shape[1]} pixels but the model has {n_visible} visible units.")
    shape = (images.shape[1], images.shape[2]) if images.dim() == 3 else _rectangle(n_visible)
    if images.dtype == torch.uint8:
        return flat, shape
    if not bool(((flat >= 0) & (flat <= 1)).all()):
        raise DataError("Float images must lie in [0, 1]; divide by the largest value or pass uint8 pixels.")
    return flat.mul(255).round().to(torch.uint8), shape


def _rectangle(n: int) -> tuple[int, int]:
    """The most nearly square height x width with that many pixels."""
    height = max(d for d in range(1, int(n**0.5) + 1) if n % d == 0)
    return height, n // height
