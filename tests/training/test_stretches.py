"""Updates made in one go: they change nothing that is learnt, and nothing that is due waits for them."""

from pathlib import Path

import pytest
import torch

from dbn_core.commands import Pause, Resume, SetHyperparameter
from dbn_core.models import DBN
from dbn_core.outbox import StoreControl
from dbn_core.records import Position
from dbn_core.store import RunStore
from dbn_core.training.batches import Stretch
from dbn_core.training.checkpoints import unpack
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl, ScriptedControl
from tests.training.test_loop import EVERY_UPDATE, assert_same_state, config, learner, record, run

NEVER = 1e9
UNHURRIED = Cadence(
    first_epoch_seconds=NEVER,
    later_seconds=NEVER,
    diagnosis_seconds=NEVER,
    checkpoint_seconds=NEVER,
    progress_seconds=NEVER,
    stretch_seconds=NEVER,
)


class Counting(StagedLearner):
    """Remembers how many updates it was asked for at a time."""

    def learn(self, stretch: Stretch) -> None:
        self.stretches = [*getattr(self, "stretches", []), stretch.count]
        super().learn(stretch)


def counted(cadence: Cadence, control: ScriptedControl | None = None) -> Counting:
    settings = config(layers=[13], epochs=3, batch_size=5)  # 17 updates an epoch, the last one of 3 images
    like = learner(settings)
    mine = Counting(DBN([35, 13], generator=torch.Generator().manual_seed(0)), like.data, settings, like.device)
    train(mine, run_plan(settings, cadence), settings, MemoryRecorder(), control or NullControl())
    return mine


def test_an_epoch_in_which_nothing_is_due_is_one_stretch_and_the_first_one_ends_them_where_it_looks() -> None:
    assert counted(UNHURRIED).stretches == [1, 1, 2, 4, 8, 1, 17, 17]


def test_a_chore_that_is_always_due_leaves_one_update_at_a_time() -> None:
    assert counted(EVERY_UPDATE).stretches == [1] * 51


def test_a_known_command_ends_a_stretch_exactly_where_it_is_due() -> None:
    change = record(1, SetHyperparameter("training.learning_rate", 0.3))
    control = ScriptedControl({23: [change], 30: [record(2, Pause()), record(3, Resume())]})
    assert counted(UNHURRIED, control).stretches == [1, 1, 2, 4, 8, 1, 6, 7, 4, 17]
    assert [position.step for _, position, _ in control.acknowledged] == [23, 30, 30]


def test_where_nobody_looks_only_time_and_the_end_of_an_epoch_end_a_stretch() -> None:
    blind = Cadence(looks=False, stretch_seconds=NEVER)
    assert counted(blind).stretches[1:] == [16, 17, 17]  # after the first update it is known how long one takes


@pytest.mark.parametrize("variant", [{}, {"training.method": "pcd", "data.preprocessing": "bernoulli", "layers": [13]}])
def test_long_stretches_teach_the_same_as_single_updates_bit_for_bit(variant: dict[str, object]) -> None:
    change = {7: [record(1, SetHyperparameter("training.learning_rate", 0.3))]}
    single = run(config(epochs=3, **variant), ScriptedControl(dict(change)), cadence=EVERY_UPDATE)
    long = run(config(epochs=3, **variant), ScriptedControl(dict(change)), cadence=UNHURRIED)
    assert_same_state(single[0], long[0])
    # From a state in the midst of an epoch, the rest of it in one stretch.
    saved = next(c for c in single[1].checkpoints if c.position.step == 8 and c.keep == "latest")
    resumed = run(saved.config, resumption=unpack(saved.payload), cadence=UNHURRIED)
    assert_same_state(single[0], resumed[0])


def test_what_was_obeyed_before_a_crash_bounds_a_stretch_of_the_replay(tmp_path: Path) -> None:
    store = RunStore(f"sqlite:///{tmp_path / 'lab.db'}")
    writer = store.claim(store.create_run(config()).id, "first")
    sent = writer.run.send(SetHyperparameter("training.learning_rate", 0.3))
    writer.acknowledge(sent, Position(19))
    control = StoreControl(store.claim(writer.run.id, "second"), 5)
    assert control.horizon(Position(7)) == 12
    assert [again.id for again in control.commands(Position(19))] == [sent]
    assert control.horizon(Position(19)) is None
