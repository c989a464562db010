"""The coach on real training: each detector fires on the preset broken for it, and is silent on healthy runs."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import torch

from dbn_core.coach import Advice, advise
from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig, broken_presets, preset
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
    "broken-saturation": ("saturation", 3),
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
def broken(name: str) -> tuple[Advice, ...]:
    info, points = trained(RunConfig.preset(name).with_values({"epochs": BROKEN[name][1]}))
    return advise(info, info.config, (), points)


def test_there_is_one_broken_preset_for_each_detector() -> None:
    assert {item.name for item in broken_presets()} == set(BROKEN)
    assert {detector for detector, _ in BROKEN.values()} == {
        "dead units",
        "saturation",
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
    found = broken(name)
    assert found[0].detector == BROKEN[name][0], [item.sentence for item in found]


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


def test_a_falling_schedule_may_end_with_small_steps() -> None:
    small = [MetricPoint("weight_step", 1e-5, at(epoch)) for epoch in (0.0, 3.0)]
    assert said(small) == ["rate too low"]
    assert said(small, [], **{"training.schedule": "linear"}) == []


def test_numbers_that_are_none_are_no_reason_to_speak() -> None:
    assert said([MetricPoint("weight_step", float("nan"), at(epoch)) for epoch in (0.0, 3.0)]) == []


def test_titles_of_broken_presets_say_so() -> None:
    assert all(preset(name).title.startswith("Broken on purpose") for name in BROKEN)
