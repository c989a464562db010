"""How much room a run takes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import torch

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.outbox import StoreRecorder
from dbn_core.store import RunStore
from dbn_core.training import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import NullControl
from dbn_core.training.start import new_learner

EVERY_EPOCH = Cadence(picture_seconds=0, diagnosis_seconds=0, diagnosis_share=1e9, checkpoint_seconds=1e9)


def test_a_hundred_epochs_of_784_500_with_a_picture_each_stay_under_12_mb_without_checkpoints(store_url: str) -> None:
    settings = {"data.train_size": 300, "layers": [500], "epochs": 100, "training.learning_rate": 0.1}
    config = RunConfig().with_values(settings)
    store = RunStore(store_url)
    run = store.create_run(config, executor="foreground")
    recorder = StoreRecorder(store.claim(run.id, "test"))
    learner = new_learner(config, load_dataset("digits"), torch.device("cpu"))
    train(learner, run_plan(config, EVERY_EPOCH), config, recorder, NullControl())
    recorder.flush()
    recorder.close()
    for kind in ("filters", "reconstructions", "diagnostics"):
        assert len(run.snapshots(kind=kind)) > 100
    store.close()
    file = Path(store_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("DELETE FROM dbn_checkpoint_blobs")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert 5_000_000 < file.stat().st_size < 12_000_000
