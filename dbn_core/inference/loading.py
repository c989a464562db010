"""A trained model and its data, from the store: the last few stay in memory between questions."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.errors import StoreError
from dbn_core.models import DBN
from dbn_core.records import Position
from dbn_core.store import RunStore
from dbn_core.training.batches import preprocess
from dbn_core.training.checkpoints import unpack


@dataclass(frozen=True)
class Trained:
    """A DBN as it stood at a checkpoint."""

    dbn: DBN
    config: RunConfig
    position: Position
    shape: tuple[int, int]  # height, width of an image

    @property
    def depth(self) -> int:
        """Layers that have been trained, at least in part: later ones are still noise."""
        stage = self.position.stage
        return int(stage.removeprefix("layer")) if stage.startswith("layer") else len(self.dbn.layers)


@lru_cache(maxsize=8)
def trained(store_url: str, run_id: str, checkpoint_id: int) -> Trained:
    """The model of one checkpoint, on the CPU. Raises StoreError when it is no longer kept."""
    saved = RunStore(store_url).run(run_id).checkpoint(checkpoint_id)
    if saved is None:
        raise StoreError(
            f"Checkpoint {checkpoint_id} of this run is no longer kept; choose another epoch, or the last one."
        )
    tensors = unpack(saved.payload).tensors
    data = load_dataset(saved.config.data.name)
    height, width = data.shape[:2]
    dbn = DBN([height * width, *saved.config.layers])
    for index, rbm in enumerate(dbn.layers):
        for name, parameter in rbm.named_parameters():
            parameter.copy_(tensors[f"layer{index + 1}.{name}"])
    return Trained(dbn, saved.config, saved.position, (height, width))


def training_images(config: RunConfig, limit: int | None = None) -> Tensor:
    """(cases, pixels) visible units of the run's own training images, without randomness."""
    data = load_dataset(config.data.name)
    size = min(config.data.train_size or len(data.train), limit or len(data.train))
    pixels = torch.tensor(data.train[:size].reshape(size, -1))
    return preprocess(pixels, "threshold" if config.data.preprocessing == "threshold" else "unit")


def layer_of(model: Trained, layer: int) -> int:
    """The layer itself. Raises StoreError for one that is not there or has not begun to learn."""
    if not 1 <= layer <= model.depth:
        raise StoreError(f"Layer {layer} has learnt nothing at this epoch; choose a layer from 1 to {model.depth}.")
    return layer
