"""Where a trained network lies: a run of the store, an exported archive, a checkpoint file. Never a pickle."""

from copy import copy
from pathlib import Path
from typing import NamedTuple

from dbn_core.archive import read_network
from dbn_core.archive.network import READERS
from dbn_core.data.seen import SeenImages, seen_images
from dbn_core.errors import ModelError, RunNotFoundError
from dbn_core.inference.loading import Trained, without_images
from dbn_core.loaded.model import LoadedModel, Provenance
from dbn_core.models import DBN
from dbn_core.models.images import InputMap
from dbn_core.records import Checkpoint
from dbn_core.store import RunStore


def load(source: str | Path, *, store: str | None = None) -> LoadedModel:
    """The network of a run at its newest checkpoint, ready for images. Its data set need not be on this machine.

    source: the id or name of a run (or of an example that comes with the lab), or a file that the lab has exported: a
    `.zip`, which holds a whole run, or a `.safetensors`, which holds one checkpoint. store: the URL of the run store;
    by default DBN_STORE says. Raises RunNotFoundError for no such run, StoreError for a run without a checkpoint,
    ArchiveError for any other file, DataError where weights and settings do not fit, ModelError for what names nothing.
    """
    return _model(*_found(source, store))


def load_trained(source: str | Path, *, store: str | None = None) -> Trained:
    """The same with all networks that were made of it, as the engine has them. Arguments and errors as `load`."""
    saved, seen, *_ = _found(source, store)
    return without_images(saved, seen or seen_images(saved.config.data))


class _Found(NamedTuple):
    """saved: the newest checkpoint; seen: what its images were, if anything says; source, run: as in `Provenance`."""

    saved: Checkpoint
    seen: SeenImages | None
    source: str
    run: str


def _found(source: str | Path, store: str | None) -> _Found:
    if not isinstance(source, str | Path):
        raise ModelError(f"A model is loaded by the name or id of its run, or by its file, not by {source!r:.60}.")
    if isinstance(source, Path) or source.lower().endswith(tuple(READERS)):
        return _of_file(Path(source))
    try:
        return _of_run(source, store)
    except RunNotFoundError:
        if _is_file(source):
            return _of_file(Path(source))
        raise


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # longer than any name of a file
        return False


def _of_run(name: str, url: str | None) -> _Found:
    with RunStore.from_environment() if url is None else RunStore(url) as store:
        run = store.run(name)
        saved = run.checkpoint(run.require_checkpoint().id)
        assert saved is not None, "one with an id is there or raises"
        return _Found(saved, None, run.id, run.info().name)


def _of_file(file: Path) -> _Found:
    network = read_network(file)
    return _Found(network.checkpoint, network.images, str(file), network.name)


def _model(saved: Checkpoint, seen: SeenImages | None, source: str, run: str) -> LoadedModel:
    images = seen or seen_images(saved.config.data)
    trained = without_images(saved, images)
    preprocessing = trained.preprocessing.for_images(images.scale.ends, images.shape)
    return LoadedModel(
        dbn=_taking_images(trained, preprocessing),
        preprocessing=preprocessing,
        shape=tuple(trained.shape),
        scale=images.scale,
        class_names=trained.label_names,
        config=trained.config,
        provenance=Provenance(source, run, saved.config.data.name, saved.position),
        _trained=trained,
    )


def _taking_images(trained: Trained, preprocessing: InputMap) -> DBN:
    """The layers that have learnt, sharing their parameters with `trained`, which takes visible units."""
    first, *others = trained.dbn.layers[: trained.depth or None]
    first = copy(first)
    first.preprocessing = preprocessing
    return DBN.of([first, *others])
