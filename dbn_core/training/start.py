"""How a run starts: its images and its network, from a configuration and a data set."""

from collections.abc import Mapping

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.data import Dataset
from dbn_core.data.views import view
from dbn_core.errors import DataError
from dbn_core.models import DBN
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.relay import StagedLearner


def new_learner(
    config: RunConfig, data: Dataset, device: torch.device, saved: Mapping[str, Tensor] | None = None
) -> StagedLearner:
    """A network at its start, with its data, on `device`; `saved`: tensors of a checkpoint that it will go on from.

    Raises DataError for more images than there are.
    """
    material = training_data(config, data, device, saved)
    return StagedLearner(new_dbn(config, material.pixels, material.classes, device), material, config, device)


def training_data(
    config: RunConfig, data: Dataset, device: torch.device | str = "cpu", saved: Mapping[str, Tensor] | None = None
) -> TrainingData:
    """The images that a run learns from and is judged by. Raises DataError for more images than there are."""
    data = view(data, grey=config.data.grey, patch=config.data.patch, seed=config.seed)
    size = config.data.train_size or len(data.train)
    if size > len(data.train):
        raise DataError(
            f"data.train_size is {size:,} but {config.data.name} has {len(data.train):,} training images; "
            f"give at most that, or none for all."
        )
    splits = [
        (torch.tensor(images.reshape(len(images), -1)), torch.tensor(labels).long())
        for images, labels in ((data.train[:size], data.train_labels[:size]), (data.test, data.test_labels))
    ]
    return TrainingData.of(config, splits[0], splits[1], data.label_names, data.train.shape[1:], device, saved)


def new_dbn(config: RunConfig, pixels: int, classes: int, device: torch.device | str = "cpu") -> DBN:
    """The network of a configuration before its first update; its weights are drawn from the seed."""
    return DBN(
        [pixels, *config.layers],
        classes if config.labels.joint else 0,
        visible=config.visible,
        hidden=config.hidden,
        categories=config.categories,
        generator=torch.Generator().manual_seed(config.seed),
        device=device,
    )
