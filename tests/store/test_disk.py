"""What a store takes on disk, and what is given up where that is more than its budget."""

import pytest

from dbn_core.config import RunConfig
from dbn_core.errors import StoreError
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.store.disk import DEFAULT_BUDGET
from tests.store.samples import trained

PICTURE = 30  # bytes


def kept(run: Run) -> list[tuple[str, int]]:
    return [(item.keep, item.position.step // 17) for item in run.checkpoints()]


def test_each_run_is_told_the_largest_first(store: RunStore) -> None:
    trained(store, "small", 1)
    trained(store, "large", 3)
    store.create_run(RunConfig(), "not begun")
    usage = store.disk.usage()
    assert [(run.name, run.checkpoints, run.epochs, run.pictures) for run in usage.runs] == [
        ("large", 5000, 3000, PICTURE),
        ("small", 3000, 1000, PICTURE),
        ("not begun", 0, 0, 0),
    ]
    assert (usage.checkpoints, usage.pictures, usage.used) == (8000, 2 * PICTURE, 8000 + 2 * PICTURE)
    assert usage.budget == DEFAULT_BUDGET
    assert usage.file > usage.used
    assert not usage.is_over


def test_within_the_budget_nothing_goes(store: RunStore) -> None:
    run = trained(store, "a run", 3)
    store.disk.set_budget(5000 + PICTURE)
    assert store.disk.thin() == 0
    assert kept(run) == [("epoch", 1), ("epoch", 2), ("epoch", 3), ("stage", 3), ("latest", 3)]


def test_the_oldest_epochs_go_first_those_of_finished_runs_before_others(store: RunStore) -> None:
    training = trained(store, "training", 2, RunStatus.RUNNING)
    old, new = trained(store, "old", 2), trained(store, "new", 2)
    revisions = {run.id: run.revision() for run in (training, old, new)}
    store.disk.set_budget(10_000)  # of 12,090: 3,090 go, that it may rest until 10,000 are there again
    assert store.disk.thin() == 4000
    assert kept(training) == [("epoch", 1), ("epoch", 2), ("stage", 2), ("latest", 2)]
    assert kept(old) == kept(new) == [("stage", 2), ("latest", 2)]
    assert [run.revision() > revisions[run.id] for run in (training, old, new)] == [False, True, True]
    assert store.disk.usage().used == 8000 + 3 * PICTURE


def test_ends_of_stages_newest_states_pictures_and_numbers_always_stay(store: RunStore) -> None:
    training, ended = trained(store, "training", 3, RunStatus.RUNNING), trained(store, "ended", 3)
    store.disk.set_budget(1)
    assert store.disk.thin() == 5000
    assert store.disk.thin() == 0
    assert kept(training) == [("epoch", 3), ("stage", 3), ("latest", 3)], "pages read its newest epoch"
    assert kept(ended) == [("stage", 3), ("latest", 3)]
    assert len(ended.metrics()) == len(ended.snapshots()) == 1
    assert store.disk.usage().is_over


def test_a_budget_holds_for_everybody_and_may_be_none(url: str, store: RunStore) -> None:
    trained(store, "a run", 3)
    store.disk.set_budget(1)
    with RunStore(url) as other:
        assert other.disk.budget() == 1
        other.disk.set_budget(None)
    assert store.disk.budget() is None
    assert store.disk.thin() == 0
    with pytest.raises(StoreError, match="at least 1"):
        store.disk.set_budget(0)


def test_compacting_gives_the_room_of_what_went_back(store: RunStore) -> None:
    run = trained(store, "large", 8, size=200_000)
    before = store.disk.usage().file
    store.disk.set_budget(1)
    store.disk.thin()
    store.disk.compact()
    assert store.disk.usage().file < before - 1_000_000
    assert run.checkpoint() is not None
    assert store.runs()[0].name == "large"
