"""Training from a notebook: the same loop as a run of the lab, without a store."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.config.data import DataConfig
from dbn_core.config.fitting import consequences
from dbn_core.errors import DataError
from dbn_core.models import DBN, RBM
from dbn_core.models.images import Ends, Images, Rows, rows_of
from dbn_core.records import RunStatus
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.numbers import refuse_not_grey
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import Control, NullControl, NullRecorder, Recorder

UNITS = ("visible", "hidden", "categories")
"""The settings that name units."""


def pretrain(
    dbn: DBN,
    images: Images,
    config: RunConfig | None = None,
    *,
    heldout: Images | None = None,
    labels: Any = None,
    heldout_labels: Any = None,
    recorder: Recorder | None = None,
    control: Control | None = None,
) -> RunStatus:
    """Train every layer of `dbn` in turn, in place, as `config` says (its `layers` and units are those of the DBN).

    images: see `models.images`: uint8 0..255 or 0 and 1, or real numbers, which stay what they are; for bernoulli units
    in [0, 1], for gaussian ones any. Where `config` does not name these units, what goes with them is set as in a run
    (`config.fitting`): gaussian ones are given standardised images, a lower rate and centring, unless `config` has a
    value of its own there.
    heldout: the same form; without it the monitor looks at the training images twice.
    labels, heldout_labels: (cases,) classes from 0, for a DBN whose top RBM has label units.

    What was fitted on the images is `dbn.preprocessing` from then on, so that `features`, `reconstruct`, `classify` and
    `sample` take and give images as these were.
    Raises DataError for images or labels that do not fit, DivergedError when parameters stop being finite.
    """
    config = configured(dbn, config or RunConfig())
    data = training_data(dbn, config, images, heldout, labels, heldout_labels)
    return _train(dbn, data, config, recorder, control)


def train_rbm(rbm: RBM, images: Images, config: RunConfig | None = None, **settings: Any) -> RunStatus:
    """Train one RBM in place. `settings` are fields of `RunConfig`, or of its `training` or `data`: `epochs=5, k=3`.

    Otherwise as `pretrain`; `rbm.preprocessing` is what was fitted.
    """
    dbn = DBN.of([rbm])
    config = configured(dbn, config or RunConfig(), {_key(name): value for name, value in settings.items()})
    return _train(dbn, training_data(dbn, config, images), config, None, None)


def settings_of(dbn: DBN) -> dict[str, Any]:
    """The fields of a configuration that ask for such a network."""
    hidden = dbn.layers[-1].hidden_units.kind.name
    model = {"layers": list(dbn.sizes[1:]), "hidden": hidden, "labels.joint": dbn.n_labels > 0}
    return dbn.layers[0].visible_units.settings() | model


def configured(dbn: DBN, config: RunConfig, values: Mapping[str, Any] = {}) -> RunConfig:
    """`config` with `values`, for this network; where it names other units, with what goes with these.

    What differs from the defaults is a person's own and stays. Raises ConfigError.
    """
    own = settings_of(dbn)
    if all(config.value(key) == own.get(key) for key in UNITS):
        return config.with_values(dict(values) | own)
    changed = {key: mine for key, (mine, _) in config.differences(RunConfig()).items()}
    more = consequences(RunConfig(), changed | dict(values) | own, given=changed)
    return config.with_values(more | dict(values) | own)


def training_data(
    dbn: DBN, config: RunConfig, images: Images, heldout: Images = None, labels: Any = None, heldout_labels: Any = None
) -> TrainingData:
    """What a network learns from and is judged by, as a person gives it; without `heldout` the images twice.

    Raises DataError for images or labels that do not fit.
    """
    W, units = dbn.layers[0].W, dbn.sizes[0]
    given = _rows_of(images, units)
    shape = given.shape if given.is_told else None
    other = given if heldout is None else _rows_of(heldout, units, given.scale, shape)
    truth = labels if heldout is None else heldout_labels
    splits = [
        (
            _numbers(rows.numbers, dbn),
            None if classes is None else whole_labels(classes, len(rows.numbers), dbn.n_labels),
        )
        for rows, classes in ((given, labels), (other, truth))
    ]
    names = tuple(str(label) for label in range(dbn.n_labels))
    data = TrainingData.of(config, splits[0], splits[1], names, given.shape, W.device, dtype=W.dtype)
    data.preprocessing.scale, data.preprocessing.shape = given.scale, shape
    return data


@torch.no_grad()
def _rows_of(images: Images, units: int, scale: Ends | None = None, shape: tuple[int, ...] | None = None) -> Rows:
    """Images to learn from, without gradients to whatever made them."""
    rows = rows_of(images, units, scale, shape)
    return replace(rows, numbers=rows.numbers.detach())


def whole_labels(given: Any, cases: int, classes: int = 0) -> Tensor:
    """(cases,) int64 classes from 0, below `classes` where that is not 0. Raises DataError for anything else."""
    labels = given if isinstance(given, Tensor) else torch.tensor(np.asarray(given))
    wanted = f"{cases:,} whole numbers from 0" + (f" to {classes - 1}" if classes else "") + ", one for each image"
    if labels.shape != (cases,) or labels.is_floating_point() or labels.is_complex() or labels.dtype == torch.bool:
        raise DataError(f"Labels must be {wanted}, not {labels.dtype} of shape {tuple(labels.shape)}.")
    wrong = (labels < 0) | (labels >= classes) if classes else labels < 0
    if bool(wrong.any()):
        place = int(wrong.nonzero()[0])
        raise DataError(f"Labels must be {wanted}, and label number {place} is {int(labels[place])}; give no others.")
    return labels.long()


def _numbers(rows: Tensor, dbn: DBN) -> Tensor:
    """Pixels as they are, real numbers in the type of the network. Raises DataError for what its units cannot be."""
    if rows.dtype == torch.uint8:
        return rows
    if dbn.layers[0].visible_units.kind.is_bounded:
        refuse_not_grey(rows)
    return rows.to(dbn.layers[0].W.dtype)


def _train(
    dbn: DBN, data: TrainingData, config: RunConfig, recorder: Recorder | None, control: Control | None
) -> RunStatus:
    learner = StagedLearner(dbn, data, config, dbn.layers[0].W.device)
    plan = run_plan(config, Cadence(looks=recorder is not None))
    dbn.layers[0].preprocessing = data.preprocessing.for_images()
    return train(learner, plan, config, recorder or NullRecorder(), control or NullControl())


def _key(name: str) -> str:
    """The dotted name of a setting of the run itself, of its data or of its training."""
    if name in RunConfig.model_fields or "." in name:
        return name
    return f"data.{name}" if name in DataConfig.model_fields else f"training.{name}"
