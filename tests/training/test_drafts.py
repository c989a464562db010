"""Snapshots on their way: in order, none lost, none waited for but where a run stands still or ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from torch import Tensor

from dbn_core.commands import Pause, Resume, Step, Stop
from dbn_core.config import RunConfig
from dbn_core.errors import DivergedError
from dbn_core.frames import Frame
from dbn_core.records import Checkpoint, Position, RunStatus, Snapshot, SnapshotInfo
from dbn_core.training.batches import Stretch
from dbn_core.training.drafts import PENDING, Delivery, Draft, HostCopier
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import Control, MemoryRecorder, NullControl, ScriptedControl
from tests.training.learners.test_captured import VARIANTS, settings, staged
from tests.training.recording import NoNumberToTheHost
from tests.training.test_loop import EVERY_UPDATE, Patient, record
from tests.training.test_stretches import UNHURRIED

DRAWING = replace(UNHURRIED, picture_seconds=0.0)  # at every look


@dataclass
class Slow:
    """A copier whose copies take so many looks at them to arrive, or as long as they are waited for."""

    looks: float = float("inf")
    most: int = 0  # under way at a time

    def __post_init__(self) -> None:
        self.under_way: list[SlowCopy] = []

    def copy(self, tensors: Sequence[Mapping[str, Tensor]]) -> "SlowCopy":
        copy = SlowCopy(self, [{name: t.clone() for name, t in part.items()} for part in tensors], self.looks)
        self.under_way.append(copy)
        self.most = max(self.most, len(self.under_way))
        return copy


@dataclass(eq=False)
class SlowCopy:
    copier: Slow
    tensors: Sequence[Mapping[str, Tensor]]
    looks: float

    def has_arrived(self) -> bool:
        self.looks -= 1
        return self.looks < 0

    def arrays(self) -> list[Mapping[str, np.ndarray]]:
        self.copier.under_way.remove(self)
        return [{name: tensor.numpy() for name, tensor in part.items()} for part in self.tensors]


def draft(number: int) -> Draft:
    def finish(arrays: Mapping[str, np.ndarray]) -> Snapshot:
        return Snapshot(SnapshotInfo("filters", Position(number), (1,)), arrays["pixels"])

    return Draft({"pixels": torch.tensor([number])}, finish)


def numbers(received: list[Snapshot]) -> list[int]:
    return [int(snapshot.pixels[0]) for snapshot in received]


def test_a_copy_that_arrives_early_waits_for_those_before_it() -> None:
    received: list[Snapshot] = []
    slow = Slow()
    delivery = Delivery(received.append, slow)
    delivery.send([draft(0), draft(1)])
    slow.looks = 0
    delivery.send([draft(2)])
    assert not delivery.deliver()
    assert numbers(received) == []
    slow.under_way[0].looks = 0
    assert delivery.deliver()
    assert numbers(received) == [0, 1, 2]
    assert not delivery.deliver()


def test_a_copier_that_falls_behind_is_waited_for_before_memory_grows() -> None:
    received: list[Snapshot] = []
    slow = Slow()
    delivery = Delivery(received.append, slow)
    for number in range(3 * PENDING):
        delivery.send([draft(number)])
    assert slow.most == PENDING
    assert numbers(received) == list(range(2 * PENDING))
    assert delivery.flush()
    assert numbers(received) == list(range(3 * PENDING))
    assert not delivery.flush()


def test_what_needs_no_copy_is_handed_over_at_once() -> None:
    received: list[Snapshot] = []
    delivery = Delivery(received.append, HostCopier())
    delivery.send([draft(5), draft(3)])
    assert numbers(received) == [5, 3]
    assert not delivery.deliver()


def test_one_that_cannot_be_recorded_does_not_take_the_later_ones_with_it() -> None:
    received: list[Snapshot] = []

    def receive(snapshot: Snapshot) -> None:
        if snapshot.info.position.step == 0:
            raise OSError("no room")
        received.append(snapshot)

    delivery = Delivery(receive, Slow())
    for number in range(3):
        delivery.send([draft(number)])
    with pytest.raises(OSError, match="no room"):
        delivery.flush()
    delivery.flush()
    assert numbers(received) == [1, 2]


# -- in the loop ------------------------------------------------------------------------------------------------------


@dataclass
class Ordered(MemoryRecorder):
    """Also remembers in which order snapshots and checkpoints came."""

    def __post_init__(self) -> None:
        self.order: list[tuple[str, str, int]] = []

    def snapshot(self, snapshot: Snapshot) -> None:
        super().snapshot(snapshot)
        self.order.append((snapshot.info.kind, snapshot.info.position.stage, snapshot.info.position.step))

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        super().checkpoint(checkpoint)
        self.order.append(("checkpoint", checkpoint.position.stage, checkpoint.position.step))


def trained(
    copier: Slow | None = None, control: Control | None = None, config: RunConfig | None = None
) -> tuple[StagedLearner, Ordered, RunStatus]:
    config = config or settings("cd")
    learner, recorder = staged(config), Ordered()
    if copier is not None:
        learner.copier = copier
    status = train(learner, run_plan(config, DRAWING), config, recorder, control or NullControl())
    return learner, recorder, status


def assert_same_snapshots(one: MemoryRecorder, other: MemoryRecorder) -> None:
    assert [snapshot.info for snapshot in one.snapshots] == [snapshot.info for snapshot in other.snapshots]
    for mine, theirs in zip(one.snapshots, other.snapshots, strict=True):
        assert np.array_equal(mine.pixels, theirs.pixels), mine.info


@pytest.mark.parametrize("looks", [2, 3, float("inf")])
def test_slow_copies_change_no_snapshot_and_no_order(looks: float) -> None:
    """Although the weights move on before they arrive."""
    slow = Slow(looks)
    (_, at_once, _), (_, later, status) = trained(), trained(slow)
    assert status is RunStatus.DONE
    assert len(at_once.snapshots) > 30
    assert_same_snapshots(at_once, later)
    assert slow.most > 1
    assert slow.under_way == []


def test_a_checkpoint_comes_after_everything_that_was_seen_before_it() -> None:
    config, recorder = settings("cd"), Ordered()
    learner = staged(config)
    learner.copier = Slow()
    cadence = replace(EVERY_UPDATE, first_epoch_seconds=0.0, picture_seconds=0.0)
    train(learner, run_plan(config, cadence), config, recorder, NullControl())
    _, at_once, _ = trained()
    where = [(stage, step) for _, stage, step in recorder.order]
    assert where == sorted(where)
    kinds = {"filters", "projection", "reconstructions", "diagnostics", "checkpoint"}
    assert {kind for kind, _, _ in recorder.order} == kinds
    assert recorder.order[-1][0] == at_once.order[-1][0] == "checkpoint"


class Onlooker(Patient):
    """Notes which update the newest picture shows whenever the loop waits."""

    recorder: Ordered

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self.shown = [*getattr(self, "shown", []), self.recorder.snapshots[-1].info.position.step]
        self.told = [*getattr(self, "told", []), self.recorder.reports[-1].position.step]


def test_a_paused_run_shows_its_newest_picture() -> None:
    config, recorder = settings("cd"), Ordered()
    learner = staged(config)
    learner.copier = Slow()
    control = Onlooker({8: [record(1, Pause())]}, record(2, Resume()))
    control.recorder = recorder
    assert train(learner, run_plan(config, DRAWING), config, recorder, control) is RunStatus.DONE
    assert set(control.shown) == {8}
    assert set(control.told) == {8}


def test_a_granted_update_shows_its_picture_before_the_loop_waits_again() -> None:
    config, recorder = settings("cd"), Ordered()
    learner = staged(config)
    learner.copier = Slow()
    control = Onlooker({5: [record(1, Step("update"))]}, record(2, Stop()))
    control.recorder = recorder
    assert train(learner, run_plan(config, DRAWING), config, recorder, control) is RunStatus.STOPPED
    assert set(control.shown) == {6}


def test_a_stopped_run_keeps_all_that_was_seen() -> None:
    def control() -> ScriptedControl:
        return ScriptedControl({8: [record(1, Stop())]})

    (_, at_once, _), (_, later, status) = trained(None, control()), trained(Slow(), control())
    assert status is RunStatus.STOPPED
    assert later.snapshots[-1].info.position.step == 8
    assert_same_snapshots(at_once, later)


class Breaking(StagedLearner):
    """A defect after 16 updates."""

    def learn(self, stretch: Stretch) -> None:
        if stretch.first >= 16:
            raise ZeroDivisionError("a defect")
        super().learn(stretch)


def test_a_run_that_breaks_keeps_all_that_was_seen() -> None:
    config, recorder = settings("cd"), Ordered()
    learner = staged(config, Breaking)
    learner.copier = Slow()
    with pytest.raises(ZeroDivisionError):
        train(learner, run_plan(config, DRAWING), config, recorder, NullControl())
    assert sorted({snapshot.info.position.step for snapshot in recorder.snapshots}) == [0, 1, 2, 4, 8, 16]


def test_a_run_that_diverges_keeps_all_that_was_seen() -> None:
    wild = settings("cd", layers=[13], epochs=9, **{"training.learning_rate": 10.0, "training.weight_decay": 1.0})
    recorder, learner = Ordered(), staged(wild)
    learner.copier = Slow()
    with pytest.raises(DivergedError):
        train(learner, run_plan(wild, DRAWING), wild, recorder, NullControl())
    seen = {snapshot.info.position.step for snapshot in recorder.snapshots}
    assert seen == {position.step for position, _ in recorder.rows[:-1]}


# -- what leaves the device -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["cd", "gaussian, learnt deviations", "together", "labels"])
def test_pictures_are_thinned_on_the_device_which_is_asked_for_no_number(variant: str) -> None:
    assert variant in VARIANTS
    config = settings(variant)
    learner = staged(config)
    learner.begin(run_plan(config).stages[0])
    with NoNumberToTheHost():
        drafts = learner.pictures(Position())
    assert len(drafts) >= 2
    received: list[Snapshot] = []
    Delivery(received.append, HostCopier()).send(drafts)
    for drawn, snapshot in zip(drafts, received, strict=True):
        copied = sum(tensor.nbytes for tensor in drawn.tensors.values())
        assert copied <= snapshot.pixels.nbytes + 8, "the pixels that are kept, and their scale"


def test_a_frame_leaves_the_device_as_it_is_kept() -> None:
    learner = staged(settings("cd"))
    learner.begin(run_plan(learner.config).stages[0])
    (drawn,), _ = learner.diagnose(Position(), spectra=True)
    received: list[Snapshot] = []
    Delivery(received.append, HostCopier()).send([drawn])
    kept = Frame.from_snapshot(received[0]).arrays
    assert {name: (tensor.numpy().dtype, tuple(tensor.shape)) for name, tensor in drawn.tensors.items()} == {
        name: (array.dtype, array.shape) for name, array in kept.items()
    }
