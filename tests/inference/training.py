"""Small networks trained for real, each in a store of its own, and what holds of every one of them."""

from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch

from dbn_core.archive import export, import_archive
from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError
from dbn_core.inference.at_end import evaluate, parts
from dbn_core.records import RunStatus
from dbn_core.store import CheckpointInfo, Run, RunStore
from dbn_core.training.checkpoints import unpack
from dbn_core.worker import train_run


class StoredRun(NamedTuple):
    """A finished run and its store."""

    store: RunStore
    run: Run

    @property
    def newest(self) -> tuple[str, str, int]:
        """Its last checkpoint, as questions name it."""
        return self.store.url, self.run.id, self.run.checkpoints()[-1].id


def trained_in_a_store(folders: pytest.TempPathFactory, name: str, settings: dict[str, Any]) -> StoredRun:
    """A finished run of that name with these settings, and the store it is alone in."""
    return trained_in(folders.mktemp(name), name, settings)


def trained_in(folder: Path, name: str, settings: dict[str, Any]) -> StoredRun:
    """The same in a folder that is there."""
    store = RunStore(f"sqlite:///{folder / 'lab.db'}")
    run = store.create_run(RunConfig().with_values(settings), name, executor="foreground")
    assert train_run(store.url, run.id) == RunStatus.DONE
    return StoredRun(store, run)


def evaluated(done: StoredRun) -> tuple[dict[str, float], str]:
    """Figures and note of its evaluation, but for samples: their judge takes longer to train than all else here."""
    figures: dict[str, float] = {}
    but_for_samples = islice(parts(*done.newest), 2)
    note = evaluate(but_for_samples, lambda _: None, lambda made: figures.update(made.figures), lambda: False)
    return figures, note


def branched_and_brought_back(done: StoredRun, epoch: float, folder: Path) -> tuple[CheckpointInfo, Run]:
    """A branch from the end of this epoch goes on bit for bit, and so does the archive: (where it began, what came)."""
    start = next(c for c in done.run.checkpoints() if c.position.epoch == epoch and c.keep != "latest")
    child = done.store.branch(done.run, start.id, done.run.info().config)
    assert train_run(done.store.url, child.id) == RunStatus.DONE
    export(done.run, folder / "run.zip")
    back = import_archive(done.store, folder / "run.zip")
    payloads = [run.checkpoint() for run in (done.run, child, back)]
    expected, *others = [unpack(saved.payload).tensors for saved in payloads if saved is not None]
    assert len(others) == 2
    for other in others:
        for name, tensor in expected.items():
            if name.startswith(("layer", "classifier.")):
                assert torch.equal(tensor, other[name]), name
    return start, back


def refuse(values: dict[str, Any], key: str, sentence: str) -> None:
    """A configuration with these values is refused, at this key and in these words."""
    with pytest.raises(ConfigError) as caught:
        RunConfig().with_values(values)
    assert sentence in caught.value.problems[key]
