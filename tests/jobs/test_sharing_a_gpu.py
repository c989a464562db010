"""Several runs on one GPU: how many a machine trains at once, and what a run that finds no memory says."""

from pathlib import Path

import pytest
import torch

from dbn_core import worker
from dbn_core.config import RunConfig
from dbn_core.jobs.cluster import has_gpu, runs_at_once
from dbn_core.records import RunStatus
from dbn_core.store import RunStore


def test_small_runs_share_a_gpu_and_none_gets_less_than_a_core() -> None:
    assert [runs_at_once(cores, gpu=False) for cores in (1, 2, 16)] == [1, 2, 2]
    assert [runs_at_once(cores, gpu=True) for cores in (1, 3, 16)] == [1, 3, 4]


def test_a_gpu_is_seen_where_the_driver_lists_one_and_it_is_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert not has_gpu(tmp_path / "no driver")
    assert not has_gpu(tmp_path), "a driver without a device"
    (tmp_path / "0000:01:00.0").mkdir()
    assert has_gpu(tmp_path)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert not has_gpu(tmp_path)


def test_a_run_that_finds_no_memory_on_the_gpu_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(worker, "new_learner", full)
    store = RunStore(f"sqlite:///{tmp_path / 'lab.db'}")
    run = store.create_run(RunConfig(), executor="foreground")
    assert worker.train_run(store.url, run.id) == RunStatus.FAILED
    assert "too little free memory" in run.info().message
    assert "smaller layers" in run.info().message
