"""Branching: a child goes on where its parent was, the same if nothing was changed."""

import pytest
import torch

from dbn_core.errors import ConfigError
from dbn_core.frames import Frame
from dbn_core.records import Position, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run
from dbn_core.training.checkpoints import unpack
from dbn_core.worker import train_run
from tests.inference.training import StoredRun


def weights(run: Run) -> dict[str, torch.Tensor]:
    saved = run.checkpoint()
    assert saved is not None
    return {name: tensor for name, tensor in unpack(saved.payload).tensors.items() if name.startswith("layer")}


@pytest.mark.parametrize("epoch", [1, 2, 3, 4])
def test_a_branch_with_nothing_changed_is_its_parent_bit_for_bit(trained_run: StoredRun, epoch: int) -> None:
    store, parent = trained_run
    start = next(c for c in parent.checkpoints() if c.position.epoch == epoch and c.keep != "latest")
    child = store.branch(parent, start.id, parent.info().config)
    info = child.info()
    assert (info.status, info.parent, info.branched_at) == (RunStatus.QUEUED, parent.id, start.position)
    assert train_run(store.url, child.id) == RunStatus.DONE
    for name, tensor in weights(parent).items():
        assert torch.equal(tensor, weights(child)[name]), name
    assert min(point.position.step for point in child.metrics()) >= start.position.step
    child.delete()


def test_a_branch_with_another_rate_learns_differently(trained_run: StoredRun) -> None:
    store, parent = trained_run
    start = next(c for c in parent.checkpoints() if c.position.epoch == 1 and c.keep == "epoch")
    child = store.branch(parent, start.id, parent.info().config.with_values({"training.learning_rate": 0.01}), "slower")
    train_run(store.url, child.id)
    assert child.info().name == "slower"
    assert not torch.equal(weights(parent)["layer1.W"], weights(child)["layer1.W"])
    child.delete()


def test_a_branch_may_switch_the_estimator(trained_run: StoredRun) -> None:
    store, parent = trained_run
    start = next(c for c in parent.checkpoints() if c.position.epoch == 2 and c.keep == "epoch")
    child = store.branch(parent, start.id, parent.info().config.with_values({"training.method": "pcd"}))
    assert train_run(store.url, child.id) == RunStatus.DONE
    child.delete()


def test_settings_that_a_checkpoint_depends_on_cannot_change_in_a_branch(trained_run: StoredRun) -> None:
    store, parent = trained_run
    before = len(store.runs())
    config = parent.info().config.with_values({"layers": [5], "seed": 8, "training.k": 2})
    with pytest.raises(ConfigError) as refused:
        store.branch(parent, parent.checkpoints()[-1].id, config)
    assert set(refused.value.problems) == {"layers", "seed"}
    assert len(store.runs()) == before


def test_every_epochs_end_can_be_branched_from(trained_run: StoredRun) -> None:
    _, parent = trained_run
    epochs = {c.position.epoch for c in parent.checkpoints() if c.keep in {"epoch", "stage"}}
    assert {1.0, 2.0, 3.0, 4.0, 5.0, 6.0} <= epochs


def test_frames_come_back_as_they_were_and_end_each_layer(trained_run: StoredRun) -> None:
    _, run = trained_run
    frames = [Frame.from_snapshot(run.snapshot(info.id)) for info in run.snapshots(kind="diagnostics")]
    assert {frame.position.epoch for frame in frames} >= {0.0, 3.0, 6.0}
    last = frames[-1].arrays
    assert last["unit.activity"].shape == (23,)
    assert last["histogram.W"][:-2].sum() == 37 * 23
    saved = weights(run)["layer2.W"]
    torch.testing.assert_close(torch.tensor(last["unit.norm"]), saved.norm(dim=1))
    torch.testing.assert_close(torch.tensor(last["singular_values"]), torch.linalg.svdvals(saved), rtol=1e-4, atol=1e-4)


def test_a_projection_asked_for_later_is_kept_with_the_run(trained_run: StoredRun) -> None:
    _, run = trained_run
    pixels = torch.randint(0, 256, (5, 7, 3), dtype=torch.uint8).numpy()
    info = SnapshotInfo("projection", Position(3, 0.5, "layer2"), pixels.shape, 1.0, "activation_maximisation")
    before = run.revision()
    kept = run.snapshot(run.keep_projection(Snapshot(info, pixels)))
    assert (kept.pixels == pixels).all()
    assert kept.info.projection == "activation_maximisation"
    assert run.revision() > before
