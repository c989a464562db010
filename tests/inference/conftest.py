"""A small network trained for real, once for all questions."""

import pytest

from dbn_core.config import RunConfig
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.worker import train_run

SETTINGS = {
    "data.train_size": 1000,
    "layers": [37, 23],
    "epochs": 3,
    "batch_size": 20,
    "training.learning_rate": 0.1,
}


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunStore, Run]:
    store = RunStore(f"sqlite:///{tmp_path_factory.mktemp('trained') / 'lab.db'}")
    run = store.create_run(RunConfig().with_values(SETTINGS), "trained", executor="foreground")
    assert train_run(store.url, run.id) == RunStatus.DONE
    return store, run
