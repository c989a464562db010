"""The loop: order of the data, resumption bit for bit, commands, pauses, looks, divergence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import torch

from dbn_core.commands import Command, Pause, Resume, SetHyperparameter, Step, Stop
from dbn_core.config import RunConfig
from dbn_core.errors import DivergedError
from dbn_core.models import DBN
from dbn_core.records import CommandRecord, Position, RunStatus, Snapshot
from dbn_core.training.batches import Batches
from dbn_core.training.checkpoints import Resumption, unpack
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import Control, MemoryRecorder, NullControl, ScriptedControl

PIXELS = torch.randint(0, 256, (103, 35), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
EVERY_UPDATE = Cadence(checkpoint_seconds=0.0, cost_share=1e9)
SCALE = 4  # bytes that go with a signed picture


def config(**settings: object) -> RunConfig:
    flat = {"layers": [13, 11], "epochs": 2, "batch_size": 20} | settings
    return RunConfig().with_values(flat)


def learner(settings: RunConfig) -> StagedLearner:
    dbn = DBN([35, *settings.layers], generator=torch.Generator().manual_seed(settings.seed))
    data = TrainingData.of(settings, (PIXELS[:83], None), (PIXELS[83:], None), (), (5, 7))
    return StagedLearner(dbn, data, settings, torch.device("cpu"))


def run(
    settings: RunConfig,
    control: Control | None = None,
    resumption: Resumption | None = None,
    cadence: Cadence | None = None,
) -> tuple[StagedLearner, MemoryRecorder, RunStatus]:
    recorder, mine = MemoryRecorder(), learner(settings)
    control = control or NullControl()
    status = train(mine, run_plan(settings, cadence or Cadence()), settings, recorder, control, resumption)
    return mine, recorder, status


def record(identity: int, command: Command) -> CommandRecord:
    return CommandRecord(identity, command, datetime(2026, 1, 1, tzinfo=UTC), None)


def assert_same_state(one: StagedLearner, other: StagedLearner) -> None:
    mine, others = one.dbn.state_dict(), other.dbn.state_dict()
    for name, tensor in mine.items():
        assert torch.equal(tensor, others[name]), name
    assert torch.equal(one.generator.get_state(), other.generator.get_state())


VARIANTS = {
    "cd": {},
    "pcd, more chains than cases in the last batch": {"training.method": "pcd", "training.chains": 17},
    "centred, sparse, sampled": {
        "training.centring": True,
        "training.sparsity_target": 0.1,
        "training.visible_samples": True,
        "training.propagate": "samples",
        "data.preprocessing": "bernoulli",
        "training.k": 3,
    },
    "mixed precision": {"precision": "mixed", "training.method": "pcd", "training.chains": 17},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_resuming_from_any_checkpoint_gives_the_same_weights_bit_for_bit(variant: str) -> None:
    settings = config(**VARIANTS[variant])
    undisturbed, recorder, _ = run(settings, cadence=EVERY_UPDATE)
    # 5 updates an epoch, 2 epochs, 2 layers; one checkpoint at each stage's start, after each update, at each end.
    assert [c.keep for c in recorder.checkpoints].count("epoch") == 2
    assert len(recorder.checkpoints) == 2 * (1 + 10 + 1)
    for saved in recorder.checkpoints:
        resumed, _, status = run(settings, resumption=unpack(saved.payload))
        assert status is RunStatus.DONE
        assert_same_state(undisturbed, resumed)


def test_the_same_seed_gives_the_same_run_and_another_seed_does_not() -> None:
    one, again, other = (run(config(seed=seed))[0] for seed in (3, 3, 4))
    assert_same_state(one, again)
    assert not torch.equal(one.dbn.layers[0].W, other.dbn.layers[0].W)


def test_looking_often_or_seldom_does_not_change_what_is_learnt() -> None:
    seldom = run(config(), cadence=Cadence(first_epoch_seconds=1e9, later_seconds=1e9))[0]
    often = run(config(), cadence=Cadence(first_epoch_seconds=0, later_seconds=0, cost_share=1e9))[0]
    assert_same_state(seldom, often)


def test_each_epoch_shows_every_image_once_in_an_order_of_its_own() -> None:
    batches = Batches(PIXELS, 20, seed=5, stage=0)
    assert batches.count == 6
    orders = [batches.order(epoch) for epoch in (0, 1, 0)]
    assert torch.equal(orders[0].sort().values, torch.arange(103))
    assert torch.equal(orders[0], orders[2])
    assert not torch.equal(orders[0], orders[1])
    sizes = [len(batches.batch(orders[0], index, None).v) for index in range(6)]
    assert sizes == [20, 20, 20, 20, 20, 3]  # never padded with black images


def test_fresh_samples_for_the_next_layer_differ_from_epoch_to_epoch() -> None:
    means = torch.full((41, 31), 0.5)
    batches = Batches(means, 41, seed=1, stage=1, drawn=True)
    generator, order = torch.Generator().manual_seed(1), torch.arange(41)
    first, second = (batches.batch(order, 0, generator).v for _ in range(2))
    assert set(first.unique().tolist()) == {0.0, 1.0}
    assert not torch.equal(first, second)


def test_a_live_change_takes_effect_before_the_update_at_which_it_is_acknowledged() -> None:
    change = record(1, SetHyperparameter("training.learning_rate", 0.3))
    control = ScriptedControl({7: [change]})
    changed, recorder, _ = run(config(), control)
    (done, position, problem) = control.acknowledged[0]
    assert (done, position.step, position.epoch, problem) == (change, 7, 1.4, "")
    assert not torch.equal(changed.dbn.layers[0].W, run(config())[0].dbn.layers[0].W)
    assert recorder.checkpoints[-1].config.training.learning_rate == 0.3


def test_a_command_that_is_not_allowed_is_refused_with_a_sentence_and_training_goes_on() -> None:
    control = ScriptedControl(
        {3: [record(1, SetHyperparameter("training.k", 0))], 4: [record(2, SetHyperparameter("seed", 1))]}
    )
    steady, _, status = run(config(), control)
    assert status is RunStatus.DONE
    assert "from 1 to 100" in control.acknowledged[0][2]
    assert "cannot change while training" in control.acknowledged[1][2]
    assert_same_state(steady, run(config())[0])


class Patient(ScriptedControl):
    """Counts how often the loop waits, and brings a last command after some waiting."""

    def __init__(self, script: dict[int, list[CommandRecord]], then: CommandRecord, patience: int = 5) -> None:
        super().__init__(script)
        self.waits, self.then, self.patience = 0, then, patience

    def wait(self, seconds: float) -> None:
        self.waits += 1

    def commands(self, position: Position) -> Sequence[CommandRecord]:
        if self.waits == self.patience:
            self.waits += 1
            return [self.then]
        return super().commands(position)


def test_pause_waits_saves_the_state_and_resume_goes_on_unchanged() -> None:
    control = Patient({4: [record(1, Pause())]}, record(2, Resume()))
    paused, recorder, status = run(config(), control)
    assert status is RunStatus.DONE
    assert control.waits > 5
    assert [position.step for _, position, _ in control.acknowledged] == [4, 4]
    assert any(checkpoint.position.step == 4 for checkpoint in recorder.checkpoints)
    assert any(report.paused and report.position.step == 4 for report in recorder.reports)
    assert_same_state(paused, run(config())[0])


def test_a_run_paused_for_long_is_parked_and_goes_on_the_same_when_told() -> None:
    settings, recorder, mine = config(), MemoryRecorder(), learner(config())
    control = ScriptedControl({4: [record(1, Pause())]})
    status = train(mine, run_plan(settings), settings, recorder, control, park_after=0.0)
    assert status is RunStatus.PAUSED
    resumption = unpack(recorder.checkpoints[-1].payload)
    assert (resumption.cursor.step, resumption.paused) == (4, True)
    resumed, _, status = run(settings, ScriptedControl({4: [record(2, Resume())]}), resumption)
    assert status is RunStatus.DONE
    assert_same_state(resumed, run(settings)[0])


@pytest.mark.parametrize(("unit", "stop_at"), [("update", 5), ("epoch", 5), ("update", 6)])
def test_a_step_makes_one_update_or_ends_the_epoch_and_pauses(unit: str, stop_at: int) -> None:
    begin = 5 if stop_at == 6 else 4 if unit == "update" else 2
    control = Patient({begin: [record(1, Step(unit))]}, record(2, Stop()))  # pyright: ignore[reportArgumentType]
    _, recorder, status = run(config(), control)
    assert status is RunStatus.STOPPED
    assert control.acknowledged[-1][1].step == stop_at
    assert recorder.checkpoints[-1].position.step == stop_at


def test_a_stopped_run_goes_on_to_the_same_end() -> None:
    _, recorder, status = run(config(), ScriptedControl({8: [record(1, Stop())]}))
    assert status is RunStatus.STOPPED
    resumed = run(config(), resumption=unpack(recorder.checkpoints[-1].payload))[0]
    assert_same_state(resumed, run(config())[0])


def test_the_first_epoch_of_each_layer_is_seen_densely_and_every_epoch_ends_with_a_point() -> None:
    _, recorder, _ = run(config(batch_size=1), cadence=Cadence(first_epoch_seconds=1e9, later_seconds=1e9))
    steps = [position.step for position, _ in recorder.rows if position.stage == "layer1"]
    assert steps == [0, 1, 2, 4, 8, 16, 32, 64, 83, 166]
    ends = [position.epoch for position, _ in recorder.rows if position.epoch.is_integer()]
    assert ends == [0, 1, 2, 2, 3, 4]  # layer 2 begins where layer 1 ended


def test_numbers_and_pictures_are_of_the_model_as_it_is() -> None:
    settings = config(layers=[13], epochs=1)
    mine, recorder, _ = run(settings)
    dbn, images = mine.dbn, PIXELS[:83].float() / 255
    position, values = recorder.rows[-1]
    assert position.epoch == 1
    assert values["recon_mse"] == pytest.approx((dbn.reconstruct(images) - images).square().mean().item(), rel=1e-5)
    hidden = dbn.up(images)
    assert values["sparsity"] == pytest.approx(hidden.mean().item(), rel=1e-5)
    pictures = [snapshot for snapshot in recorder.snapshots if snapshot.info.position == position]
    filters = next(snapshot for snapshot in pictures if snapshot.info.kind == "filters")
    weights = (torch.from_numpy(filters.pixels).float() - 128) / 127 * filters.info.scale
    inside = mine.dbn.layers[0].W.abs() <= filters.info.scale
    error = (weights.reshape(13, 35) - mine.dbn.layers[0].W).abs()[inside]
    assert error.max() <= filters.info.scale / 127 / 2 + 1e-6


def responses_of(mine: StagedLearner, depth: int) -> torch.Tensor:
    """The definition, unit by unit."""
    images = PIXELS[:83].float() / 255
    on = mine.dbn.up(images, depth)
    averages = [(p[:, None] * images).sum(0) / p.sum() - images.mean(0) for p in on.t()]
    return torch.stack(averages)


def assert_shows(snapshot: Snapshot, expected: torch.Tensor) -> None:
    scale = snapshot.info.scale
    shown = (torch.from_numpy(snapshot.pixels).float() - 128) / 127 * scale
    close = (shown.reshape(expected.shape) - expected).abs() <= scale / 127 / 2 + 1e-6
    assert (close | (expected.abs() > scale)).all()


@pytest.mark.parametrize("order", ["greedy", "together"])
def test_a_deeper_layer_is_drawn_by_what_its_units_respond_to(order: str) -> None:
    mine, recorder, _ = run(config(**{"training.order": order}))
    last = [snapshot for snapshot in recorder.snapshots if snapshot.info.kind == "filters"][-1]
    assert (last.info.projection, last.info.position.stage) == ("response_average", "layer2")
    assert_shows(last, responses_of(mine, 2))


def test_responses_of_a_first_layer_are_recorded_beside_its_weights_after_1_2_4_8_updates_and_epochs() -> None:
    mine, recorder, _ = run(config(layers=[13], epochs=12), cadence=Cadence(picture_seconds=0))
    kept = [snapshot for snapshot in recorder.snapshots if snapshot.info.kind == "projection"]
    assert {(each.info.projection, each.info.position.stage) for each in kept} == {("response_average", "layer1")}
    # Five updates an epoch: three of the first one, then epochs 1, 2, 4, 8 and the last.
    assert [each.info.position.step for each in kept] == [0, 1, 2, 4, 5, 10, 20, 40, 60]
    assert_shows(kept[-1], responses_of(mine, 1))


def test_every_epoch_has_its_picture_where_all_together_are_small_however_short_epochs_are() -> None:
    _, first, _ = run(config(layers=[13], epochs=1))
    drawn = [each for each in first.snapshots if each.info.position.step == 0 and each.info.kind != "diagnostics"]
    room = 60 * sum(each.pixels.nbytes + (each.info.kind != "reconstructions") * SCALE for each in drawn)
    for picture_bytes, expected in ((room, range(61)), (room - 1, [0, 60])):
        seldom = Cadence(picture_bytes=picture_bytes, picture_seconds=1e9, later_seconds=1e9)
        _, recorder, _ = run(config(layers=[13], epochs=60), cadence=seldom)
        epochs = {each.info.position.epoch for each in recorder.snapshots if each.info.kind == "filters"}
        assert sorted(epoch for epoch in epochs if epoch == int(epoch)) == list(expected)


def test_weights_that_are_no_longer_finite_end_the_run_with_advice_and_a_good_checkpoint() -> None:
    wild = config(**{"training.learning_rate": 10.0, "training.weight_decay": 1.0, "epochs": 30})
    recorder, mine = MemoryRecorder(), learner(wild)
    with pytest.raises(
        DivergedError,
        match=r"layer 1 .* Lower the learning rate \(it was 10; try 1\), lower the weight decay, or set the clamp",
    ):
        train(mine, run_plan(wild, EVERY_UPDATE), wild, recorder, NullControl())
    assert not mine.is_finite()
    for saved in recorder.checkpoints:
        assert all(torch.isfinite(t.double()).all() for t in unpack(saved.payload).tensors.values())


def test_slow_motion_makes_no_more_updates_than_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from dbn_core.training import pace

    now = [0.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    slow = pace.Pace()
    granted = 0
    for _ in range(1000):
        granted += slow.is_due(4.0)
        now[0] += 0.01
    assert 39 <= granted <= 40


def test_images_per_second_counts_training_only() -> None:
    _, recorder, _ = run(config())
    assert recorder.reports[-1].epochs == 4
    assert recorder.reports[-1].stage_count == 2
    assert recorder.reports[-1].position == replace(recorder.rows[-1][0])
