"""A trained model and its data, from the store: the last few stay in memory between questions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from safetensors.torch import load
from torch import Tensor, nn

from dbn_core.config import DataConfig, RunConfig
from dbn_core.config.stages import depth_of, layer_stage
from dbn_core.data import load_dataset
from dbn_core.data.seen import SeenImages
from dbn_core.errors import ConfigError, NotKeptError
from dbn_core.models import DBN, VAE, FineTuner, HybridModel, UntiedDBN
from dbn_core.records import Checkpoint, Position
from dbn_core.store import RunStore
from dbn_core.training.checkpoints import unpack
from dbn_core.training.data import TrainingData
from dbn_core.training.inputs import with_label_shares
from dbn_core.training.learners.descent import load_model
from dbn_core.training.learners.relay import load_dbn
from dbn_core.training.learners.wakesleep import load_untied
from dbn_core.training.preprocessing import Preprocessing
from dbn_core.training.rules.starting import set_biases
from dbn_core.training.start import new_dbn, training_data

M = TypeVar("M", bound=nn.Module)


@dataclass(frozen=True)
class Trained:
    """A DBN as it stood at a checkpoint, with its images and with the models made from it by then (None: not yet)."""

    dbn: DBN
    config: RunConfig
    position: Position
    data: TrainingData  # on the CPU; its preprocessing as it was fitted when the run began
    untied: UntiedDBN | None = None  # by up-down
    classifier: FineTuner | None = None  # by fine-tuning
    vae: VAE | None = None
    hybrid: HybridModel | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(height, width), or (height, width, 3), of an image."""
        return self.data.shape

    @property
    def preprocessing(self) -> Preprocessing:
        """How the run's pixels become visible units, and back."""
        return self.data.preprocessing

    @property
    def label_names(self) -> tuple[str, ...]:
        """What the classes are called; empty without labels."""
        return self.data.label_names

    @property
    def depth(self) -> int:
        """Layers that have been pretrained, at least in part: later ones are still noise."""
        if not self.config.epochs:
            return 0
        return depth_of(self.position.stage) or len(self.dbn.layers)


@lru_cache(maxsize=8)
def trained(store_url: str, run_id: str, checkpoint_id: int) -> Trained:
    """The model of one checkpoint, on the CPU. Raises NotKeptError when it is no longer kept."""
    saved = RunStore(store_url).run(run_id).checkpoint(checkpoint_id)
    if saved is None:
        raise NotKeptError(
            f"Checkpoint {checkpoint_id} of this run is no longer kept; choose another epoch, or the last one."
        )
    return restored(saved.config, saved.position, unpack(saved.payload).tensors)


def without_images(saved: Checkpoint, seen: SeenImages) -> Trained:
    """The model of a checkpoint, on the CPU, with no image in its data, which need not be on this machine.

    seen: what the images were. Raises DataError for tensors that do not fit the settings or the images.
    """
    tensors = load(saved.payload)
    return _restored(saved.config, saved.position, tensors, TrainingData.empty(seen.shape, seen.label_names))


def vae_for(mine: Trained, theirs: Trained) -> VAE:
    """The VAE of `theirs`, fit to be set beside `mine`. Raises ConfigError where there is none, or for other images."""
    if theirs.vae is None:
        raise ConfigError({"vae": "this run has no trained VAE at its last checkpoint; choose one with vae.epochs > 0"})
    one, other = (_in_words(model.config.data) for model in (mine, theirs))
    if one != other:
        raise ConfigError(
            {"vae": f"its images are {other} and those of the other run {one}; choose two runs on the same images"}
        )
    return theirs.vae


def _in_words(data: DataConfig) -> str:
    """The data set, and what is seen of its images."""
    patches = f", patches of {data.patch} x {data.patch}" if data.patch else ""
    return f"{data.name}{', grey' if data.grey else ''}{patches}"


def restored(config: RunConfig, position: Position, tensors: Mapping[str, Tensor]) -> Trained:
    """The models that the tensors of a checkpoint hold."""
    return _restored(config, position, tensors, images(config.data, config.seed))


def _restored(config: RunConfig, position: Position, tensors: Mapping[str, Tensor], plain: TrainingData) -> Trained:
    data = replace(plain, preprocessing=Preprocessing.of(config.data, tensors, plain.shape))
    dbn = new_dbn(config, data.pixels, data.classes)
    load_dbn(dbn, tensors)
    untied = classifier = vae = hybrid = None
    if _holds(tensors, "untied."):
        untied = UntiedDBN(dbn)
        load_untied(untied, tensors)
    if _holds(tensors, "classifier."):
        # Never in training mode here: without a generator nothing is left out.
        classifier = _filled(
            FineTuner(dbn, data.classes, frozen=config.finetune.mode == "frozen"), "classifier.", tensors
        )
    if _holds(tensors, "vae."):
        vae = _filled(VAE(data.pixels, config.vae.hidden, config.vae.latent), "vae.", tensors)
    if _holds(tensors, "hybrid."):
        empty = HybridModel(dbn.sizes[-1], data.shape, data.classes, config.hybrid.inputs)
        hybrid = _filled(empty, "hybrid.", tensors)
    return Trained(dbn, config, position, data, untied, classifier, vae, hybrid)


def untrained(config: RunConfig) -> Trained:
    """The network at update 0: weights N(0, 0.01^2) from the seed, biases where training starts."""
    plain = images(config.data, config.seed)
    data = replace(plain, preprocessing=Preprocessing.fit(config.data, plain.train, plain.shape))
    dbn = new_dbn(config, data.pixels, data.classes)
    first = dbn.layers[0]
    mean = with_label_shares(data.preprocessing.mean(data.train).mean(0), data, first.n_labels)
    set_biases(first, mean, config.for_layer(1).training)
    return Trained(dbn, config, Position(0, 0.0, layer_stage(1)), data)


def images(config: DataConfig, seed: int) -> TrainingData:
    """The run's images and labels, shared by all its checkpoints; with no preprocessing but the division by 255."""
    values = config.model_dump() | {"preprocessing": "unit", "contrast_normalisation": False}
    return _images(DataConfig.model_validate(values).model_dump_json(), seed)


@lru_cache(maxsize=2)
def _images(settings: str, seed: int) -> TrainingData:
    config = DataConfig.model_validate_json(settings)
    return training_data(RunConfig(data=config, seed=seed), load_dataset(config.name))


def training_images(model: Trained, limit: int | None = None) -> Tensor:
    """(cases, pixels) visible units of the run's own training images, the first `limit`, without randomness."""
    return model.preprocessing.mean(model.data.train[:limit])


def layer_of(model: Trained, layer: int) -> int:
    """The layer itself. Raises NotKeptError for one that is not there or has not begun to learn."""
    if not model.depth:
        raise NotKeptError("This run has pretrained no layer (epochs = 0); choose a run that has.")
    if not 1 <= layer <= model.depth:
        raise NotKeptError(f"Layer {layer} has learnt nothing at this epoch; choose a layer from 1 to {model.depth}.")
    return layer


def _holds(tensors: Mapping[str, Tensor], prefix: str) -> bool:
    return any(name.startswith(prefix) for name in tensors)


def _filled(model: M, prefix: str, tensors: Mapping[str, Tensor]) -> M:
    load_model(model, prefix, tensors)
    return model.requires_grad_(False)
