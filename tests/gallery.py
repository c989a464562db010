"""A small gallery, in place of the one that comes with the lab."""

from pathlib import Path

import pytest

from dbn_core import places
from dbn_core.archive import export
from dbn_core.config import RunConfig, preset
from dbn_core.gallery import make_examples
from dbn_core.records import Checkpoint, RunStatus
from dbn_core.store import RunStore
from tests.samples import HERE, make_run, weights

NAMES = ("first-look", "edges-to-digits")


def small_gallery(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Archives of two finished runs, named by presets, and nothing made of them yet."""
    gallery = folder / "gallery"
    gallery.mkdir()
    with RunStore(f"sqlite:///{folder / 'trained.db'}") as store:
        for place, name in enumerate(NAMES):
            run = make_run(store, preset(name).title)
            run.annotate(preset(name).summary)
            writer = store.claim(run.id, "a test")
            config = RunConfig.preset("first-look")
            writer.save_checkpoint(Checkpoint(HERE, weights(config, place), config, "stage"))
            writer.set_status(RunStatus.DONE)
            export(run, gallery / f"{place}-{name}.zip")
    patch.setattr(places, "GALLERY", gallery)
    patch.setenv("DBN_CACHE", str(folder / "cache"))


def made_gallery(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """The same, ready to be looked at."""
    small_gallery(folder, patch)
    make_examples()
