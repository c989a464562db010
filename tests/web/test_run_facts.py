"""What the card of a run shows."""

import numpy as np
import pytest

from dbn_core.records import Position, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import RunStore
from tests.samples import HERE, make_run
from web.run_facts import newest_filters

PIXELS = np.zeros((4, 5, 3), np.uint8)


@pytest.mark.parametrize("order", ["greedy", "together"])
@pytest.mark.parametrize("stages", [(), ("vae",), ("finetune", "vae")])
def test_the_picture_of_a_run_is_its_last_layers_whatever_was_trained_after_it(
    store: RunStore, stages: tuple[str, ...], order: str
) -> None:
    run = make_run(store, status=RunStatus.DONE, settings={"layers": (8, 6), "training.order": order})
    writer = store.claim(run.id, "a test")
    where = [Position(300 + at, 2.0 + at, stage) for at, stage in enumerate(("layer2", *stages))]
    writer.write(snapshots=[Snapshot(SnapshotInfo("filters", at, PIXELS.shape), PIXELS) for at in where])
    newest = newest_filters(run, run.info().config)
    assert newest
    assert newest.position.stage == "layer2"


def test_a_run_whose_second_layer_has_no_picture_yet_shows_its_first(store: RunStore) -> None:
    run = make_run(store, settings={"layers": (8, 6)})
    newest = newest_filters(run, run.info().config)
    assert newest
    assert newest.position == HERE


def test_a_run_without_layers_shows_what_it_has(store: RunStore) -> None:
    run = make_run(store, status=RunStatus.DONE, settings={"epochs": 0, "vae.epochs": 3})
    writer = store.claim(run.id, "a test")
    writer.write(snapshots=[Snapshot(SnapshotInfo("filters", Position(900, 3, "vae"), PIXELS.shape), PIXELS)])
    newest = newest_filters(run, run.info().config)
    assert newest
    assert newest.position.stage == "vae"
