"""The experiment as a branch of a trained run: what a page starts, and what it reads."""

from dbn_core.records import RunStatus
from dbn_core.view.few_labels import few_labels_config, few_labels_points, few_labels_progress
from dbn_core.worker import train_run
from tests.inference.training import StoredRun


def test_the_experiment_branches_off_and_its_points_can_be_read(trained_run: StoredRun) -> None:
    store, parent = trained_run
    end = next(c for c in reversed(parent.checkpoints()) if c.keep == "stage" and c.position.stage == "layer2")
    config = few_labels_config(parent.info().config, seeds=1, updates=7)
    child = store.branch(parent, end.id, config, "few labels")
    assert train_run(store.url, child.id) == RunStatus.DONE
    points = few_labels_points(child.metrics())
    assert few_labels_progress(points, config) == (15, 15)
    assert [point.method for point in points] == ["frozen"] * 5 + ["global"] * 5 + ["scratch"] * 5
    assert [point.labels for point in points[:5]] == [100, 180, 320, 560, 1000]
    assert all(0 < point.mean < 100 for point in points)
    child.delete()
