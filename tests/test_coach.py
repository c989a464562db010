"""The coach on real training: each detector fires on the preset broken for it, and is silent on healthy runs."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import torch

from dbn_core import coach
from dbn_core.coach import Advice, advise
from dbn_core.coach.gate import Ended, broken_promises
from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig, broken_presets, preset, presets
from dbn_core.data import load_dataset
from dbn_core.errors import DivergedError
from dbn_core.models import DBN
from dbn_core.records import CommandRecord, MetricPoint, Position, Progress, RunInfo, RunStatus
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Long enough to be told from health, short enough for a test.
BROKEN = {
    "broken-dead-units": ("dead units", 3),
    "broken-far-model": ("far model", 5),
    "broken-dying-layer": ("dying units", 1),
    "broken-units-alike": ("units alike", 4),
    "broken-saturation": ("saturation", 3),
    "broken-constant-units": ("constant units", 4),
    "broken-rate-too-high": ("rate too high", 4),
    "broken-rate-too-low": ("rate too low", 3),
    "broken-sparsity-band": ("sparsity band missed", 4),
    "broken-overfitting": ("overfitting", 14),
    "broken-stuck-chains": ("stuck chains", 6),
    "broken-divergence": ("divergence", 2),
    "broken-loose-bracket": ("loose bracket", 4),
}
SHORT = {"data.train_size": 2000, "epochs": 6}
HEALTHY: dict[str, dict[str, Any]] = {
    "first-look": {},
    "sparse-strokes": {},
    "persistent chains": {
        "training.method": "pcd",
        "training.centring": True,
        "training.schedule": "linear",
        "training.sparsity_target": None,
        "training.initial_hidden_bias": 0.0,
    },
}
HEALED = {
    "broken-units-alike",
    "broken-constant-units",
    "broken-saturation",
    "broken-rate-too-high",
    "broken-rate-too-low",
    "broken-sparsity-band",
    "broken-loose-bracket",
}


def info_of(config: RunConfig, status: RunStatus, position: Position) -> RunInfo:
    return RunInfo("7", "a", "", status, "", config, NOW, None, None, None, "cluster", 1, Progress(position))


def trained(config: RunConfig) -> tuple[RunInfo, list[MetricPoint]]:
    """A run as the store would tell of it."""
    torch.set_flush_denormal(True)
    data = load_dataset("digits")
    images = torch.tensor(data.train[: config.data.train_size].reshape(-1, 784))
    heldout = torch.tensor(data.test[:1000].reshape(-1, 784))
    material = TrainingData.of(config, (images, None), (heldout, None), (), (28, 28))
    dbn = DBN([784, *config.layers], generator=torch.Generator().manual_seed(config.seed))
    learner = StagedLearner(dbn, material, config, torch.device("cpu"))
    recorder, status = MemoryRecorder(), RunStatus.DONE
    try:
        train(learner, run_plan(config), config, recorder, NullControl())
    except DivergedError:
        status = RunStatus.DIVERGED
    points = [MetricPoint(name, value, at) for at, values in recorder.rows for name, value in values.items()]
    return info_of(config, status, recorder.rows[-1][0]), points


@cache
def run_broken(name: str) -> tuple[RunInfo, list[MetricPoint]]:
    return trained(RunConfig.preset(name).with_values({"epochs": BROKEN[name][1]}))


def broken(name: str) -> tuple[Advice, ...]:
    info, points = run_broken(name)
    return advise(info, info.config, (), points)


def test_there_is_one_broken_preset_for_each_detector() -> None:
    assert {item.name for item in broken_presets()} == set(BROKEN)
    assert {detector for detector, _ in BROKEN.values()} == {
        "dead units",
        "dying units",
        "far model",
        "units alike",
        "saturation",
        "constant units",
        "rate too high",
        "rate too low",
        "sparsity band missed",
        "overfitting",
        "stuck chains",
        "divergence",
        "loose bracket",
    }


@pytest.mark.parametrize("name", BROKEN)
def test_a_detector_fires_on_the_preset_broken_for_it(name: str) -> None:
    advice = broken(name)
    assert advice[0].detector == BROKEN[name][0], [item.sentence for item in advice]


@pytest.mark.parametrize("name", BROKEN)
def test_no_preset_that_is_broken_on_purpose_passes_the_gate(name: str) -> None:
    assert broken_promises((), Ended.of(*run_broken(name)))


@pytest.mark.parametrize("name", BROKEN)
def test_a_remedy_is_a_change_that_a_live_run_accepts(name: str) -> None:
    config = RunConfig.preset(name)
    for item in broken(name):
        changed = config.with_live_value(item.remedy.field, item.remedy.value)
        assert changed != config
        assert any(character.isdigit() for character in item.sentence)


@pytest.mark.parametrize("name", sorted(HEALED))
def test_the_same_run_with_its_remedy_no_longer_shows_the_fault(name: str) -> None:
    remedy = broken(name)[0].remedy
    config = RunConfig.preset(name).with_values({"epochs": 6}).with_live_value(remedy.field, remedy.value)
    info, points = trained(config)
    detectors = {item.detector for item in advise(info, config, (), points)}
    assert BROKEN[name][0] not in detectors


@pytest.mark.parametrize("name", HEALTHY)
def test_the_coach_is_silent_on_a_healthy_run_from_its_first_look_to_its_last(name: str) -> None:
    base = RunConfig.preset(name if name in {"first-look", "sparse-strokes"} else "first-look")
    config = base.with_values(SHORT | HEALTHY[name])
    info, points = trained(config)
    steps = sorted({point.position.step for point in points})
    for step in steps:
        said = advise(info, config, (), [point for point in points if point.position.step <= step])
        assert not said, (step, said)


# -- what it leaves unsaid --------------------------------------------------------------------------------------------


def at(epoch: float, stage: str = "layer1") -> Position:
    return Position(int(100 * epoch), epoch, stage)


def jumping(*epochs: float) -> list[MetricPoint]:
    """A weight step far too large at these epochs of a layer that began at 0."""
    return [MetricPoint("weight_step", 0.3, at(epoch)) for epoch in (0.0, *epochs)]


def said(points: list[MetricPoint], commands: list[CommandRecord] | None = None, **settings: object) -> list[str]:
    config = RunConfig().with_values(settings)
    info = info_of(config, RunStatus.RUNNING, at(3))
    return [item.detector for item in advise(info, config, commands or [], points)]


def test_nothing_is_judged_in_the_first_epochs_of_a_layer() -> None:
    assert said([]) == []
    assert said(jumping(0.5, 2.9)) == []
    assert said(jumping(0.5, 3.1)) == ["rate too high"]
    second = [MetricPoint("weight_step", 0.3, at(epoch, "layer2")) for epoch in (5.0, 7.0)]
    assert said(jumping(3.1) + second, layers=[23, 11]) == []


def test_a_knob_that_was_just_turned_gets_an_epoch_to_work() -> None:
    def turned(where: Position | None, problem: str = "") -> list[CommandRecord]:
        return [CommandRecord(1, SetHyperparameter("training.learning_rate", 0.01), NOW, where, problem)]

    assert said(jumping(5.0), turned(None)) == []
    assert said(jumping(5.0), turned(at(4.5))) == []
    assert said(jumping(5.0), turned(at(3.9))) == ["rate too high"]
    assert said(jumping(5.0), turned(at(4.5), "refused")) == ["rate too high"]


def alike(*counts: float) -> list[MetricPoint]:
    """How many units never change after each epoch of a layer, from its start."""
    return [MetricPoint("constant_units", count, at(epoch)) for epoch, count in enumerate(counts)]


def test_units_that_are_alike_for_every_image_are_told_unless_they_become_fewer() -> None:
    assert said(alike(256, 256, 256, 256)) == ["constant units"]
    assert said(alike(256, 256, 200, 150)) == [], "a deep layer that wakes"
    assert said(alike(256, 256, 256, 20)) == []
    dead = [MetricPoint("dead_units", 250, at(3))]
    assert said(alike(256, 256, 256, 256) + dead) == ["dead units"], "those are another fault"


@pytest.mark.parametrize(
    ("settings", "field", "value"),
    [
        ({"training.sparsity_target": 0.1, "training.sparsity_cost": 3.0}, "training.sparsity_cost", 0.3),
        ({"training.l1_decay": 0.01}, "training.l1_decay", 0.001),
        ({}, "training.learning_rate", 0.15),
    ],
)
def test_what_makes_units_alike_is_what_is_turned(settings: dict[str, object], field: str, value: float) -> None:
    config = RunConfig().with_values(settings)
    (advice,) = advise(info_of(config, RunStatus.RUNNING, at(3)), config, (), alike(256, 256, 256, 256))
    assert (advice.remedy.field, advice.remedy.value) == (field, pytest.approx(value))


def test_a_layer_is_judged_by_its_own_settings() -> None:
    config = RunConfig().with_values(
        {"layers": [256, 256], "training.l1_decay": 0.5, "layer_settings.1.training.l1_decay": 0.02}
    )
    (advice,) = advise(info_of(config, RunStatus.RUNNING, at(3)), config, (), alike(256, 256, 256, 256))
    assert (advice.remedy.field, advice.remedy.value) == ("training.l1_decay", pytest.approx(0.002))


def curve(metric: str, *values: float, stage: str = "layer1") -> list[MetricPoint]:
    """A value at the start of the layer and after each of its epochs."""
    return [MetricPoint(metric, value, at(epoch, stage)) for epoch, value in enumerate(values)]


def test_units_that_fall_silent_are_told_before_they_are_dead_and_within_the_first_epoch() -> None:
    falls = [
        MetricPoint("quietest_tenth", value, at(epoch)) for epoch, value in ((0.0, 0.48), (0.1, 0.04), (0.2, 0.006))
    ]
    assert said(falls[:2]) == []
    assert said(falls) == ["dying units"]
    assert said(curve("quietest_tenth", 0.012, 0.01)) == [], "they began so"
    assert said(falls, [], **{"training.sparsity_target": 0.08}) == [], "a pull lifts them again"
    dead = curve("dead_units", 0, 0, 0, 200) + curve("quietest_tenth", 0.5, 0.1, 0.01, 0.001)
    assert said(dead) == ["dead units"], "one remedy, one sentence"


def test_copies_of_one_another_are_told_unless_they_part() -> None:
    assert said(curve("likeness", 0.2, 0.9, 0.95, 0.97)) == ["units alike"]
    assert said(curve("likeness", 0.2, 0.9, 0.95)) == [], "a layer's first epochs"
    assert said(curve("likeness", 0.2, 0.99, 0.95, 0.75)) == [], "they part"
    assert said(curve("likeness", 0.2, 0.5, 0.4, 0.5)) == []


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"training.weight_decay": 0.5}, "training.weight_decay"),
        ({}, "training.sparsity_target"),
        ({"training.sparsity_target": 0.1}, "training.learning_rate"),
    ],
)
def test_what_makes_copies_is_what_is_turned(settings: dict[str, object], field: str) -> None:
    config = RunConfig().with_values(settings)
    (advice,) = advise(info_of(config, RunStatus.RUNNING, at(3)), config, (), curve("likeness", 0.9, 0.9, 0.9, 0.9))
    assert advice.remedy.field == field


def likelihoods(ais: float, reverse: float, mixture: float) -> list[MetricPoint]:
    figures = {"log_likelihood_ais": ais, "log_likelihood_rais": reverse, "log_likelihood_mixture": mixture}
    return [MetricPoint(name, value, at(3.0)) for name, value in figures.items()] + curve("recon_mse", 0.05)


def test_a_model_that_a_mixture_of_its_size_beats_is_told_with_both_figures() -> None:
    assert said(likelihoods(-222.0, -222.5, -140.0)) == ["far model"]
    assert said(likelihoods(-142.0, -142.5, -140.0)) == [], "as good, within what an estimate says"
    assert said(likelihoods(-100.0, -222.0, -140.0)) == ["loose bracket"], "one of its estimates lies above"
    config = RunConfig().with_values({"training.method": "pcd"})
    for changes, field in (({}, "training.momentum"), ({"training.momentum": 0.0}, "training.learning_rate")):
        now = config.with_values(changes)
        info = info_of(now, RunStatus.RUNNING, at(3))
        (advice,) = advise(info, now, (), likelihoods(-222.0, -222.5, -140.0))
        assert advice.remedy.field == field
        assert "−222" in advice.sentence
        assert "−140" in advice.sentence


def test_a_band_that_a_weak_pull_will_reach_is_not_missed_yet() -> None:
    wanted: dict[str, Any] = {"training.sparsity_target": 0.1, "epochs": 10}
    assert said(curve("sparsity", 0.5, 0.4, 0.35, 0.3), [], **wanted) == []
    assert said(curve("sparsity", 0.5, 0.4, 0.31, 0.3), [], **wanted) == ["sparsity band missed"]
    assert said(curve("sparsity", 0.5, 0.4, 0.35, 0.3), [], **wanted | {"epochs": 3}) == ["sparsity band missed"]


PROMISING = next(
    item for item in presets() if any(promise.figure == "layer1.localisation" for promise in item.promises)
)


def done(config: RunConfig, status: RunStatus = RunStatus.DONE) -> RunInfo:
    return info_of(config, status, at(20.0))


def test_what_a_preset_promises_and_its_run_does_not_keep_is_said_when_it_is_done() -> None:
    config = RunConfig.preset(PROMISING.name)
    wide, narrow = curve("localisation", 0.3, 0.25), curve("localisation", 0.3, 0.01)
    (sentence,) = coach.broken_promises(done(config), (), wide)
    assert sentence.startswith("Localisation of layer 1: 25.0 %, where the preset promises at most")
    assert "localisation" in coach.promised_metrics(config)
    assert coach.broken_promises(done(config), (), narrow) == ()
    assert coach.broken_promises(done(config), (), []) == (), "what was not measured is not broken"
    assert coach.broken_promises(done(config, RunStatus.RUNNING), (), wide) == (), "it is not done"
    assert coach.broken_promises(done(config.with_values({"seed": 7})), (), wide) == (sentence,)


def test_a_run_that_was_changed_promises_nothing() -> None:
    config, wide = RunConfig.preset(PROMISING.name), curve("localisation", 0.3, 0.25)
    assert coach.broken_promises(done(config.with_values({"epochs": 3})), (), wide) == ()
    turned = [CommandRecord(1, SetHyperparameter("training.learning_rate", 0.01), NOW, at(1.0), "")]
    assert coach.broken_promises(done(config), turned, wide) == ()


def test_a_falling_schedule_may_end_with_small_steps() -> None:
    small = [MetricPoint("weight_step", 1e-5, at(epoch)) for epoch in (0.0, 3.0)]
    assert said(small) == ["rate too low"]
    assert said(small, [], **{"training.schedule": "linear"}) == []


def test_numbers_that_are_none_are_no_reason_to_speak() -> None:
    assert said([MetricPoint("weight_step", float("nan"), at(epoch)) for epoch in (0.0, 3.0)]) == []


def test_titles_of_broken_presets_say_so() -> None:
    assert all(preset(name).title.startswith("Broken on purpose") for name in BROKEN)
