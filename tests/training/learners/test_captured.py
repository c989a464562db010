"""Recorded updates: replaying what was done to fixed tensors teaches the same as making each update anew."""

import logging
from collections.abc import Callable

import pytest
import torch

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.records import RunStatus
from dbn_core.training.batches import Stretch
from dbn_core.training.checkpoints import Resumption, unpack
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.captured import Capture, Execution
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import MemoryRecorder, ScriptedControl
from tests.training.recording import NoNumberToTheHost, TapeCapture
from tests.training.test_loop import EVERY_UPDATE, PIXELS, assert_same_state, record
from tests.training.test_stretches import UNHURRIED

LABELS = torch.randint(0, 7, (103,), generator=torch.Generator().manual_seed(2))
CHANGES = {
    11: SetHyperparameter("training.learning_rate", 0.3),  # read by what was recorded
    33: SetHyperparameter("training.k", 2),  # recorded anew
    40: SetHyperparameter("training.momentum", 0.2),
    61: SetHyperparameter("training.weight_decay", 0.01),
}
VARIANTS = {
    "cd": {},
    "cd, sampled, falling rate": {"training.visible_samples": True, "training.schedule": "linear", "training.k": 3},
    "pcd, centred and sparse": {
        "training.method": "pcd",
        "training.chains": 17,
        "training.centring": True,
        "training.sparsity_target": 0.1,
        "training.clamp": 2.0,
    },
    "fast pcd": {"training.method": "fpcd", "training.chains": 17},
    "drawn inputs": {"training.propagate": "samples", "data.preprocessing": "bernoulli"},
    "labels": {"labels.joint": True},
    "gaussian, learnt deviations": {
        "visible": "gaussian",
        "data.preprocessing": "standard",
        "training.learn_variance": True,
        "training.learning_rate": 0.01,
    },
    "l1 decay": {"training.l1_decay": 0.01, "training.method": "pcd", "training.chains": 17},
    "together": {"training.order": "together"},
    "layers with settings of their own": {
        "layer_settings": [
            {"batch_size": 4, "k": 3, "learning_rate": 0.02, "l1_decay": 0.01},
            {"epochs": 1, "method": "pcd", "chains": 17, "sparsity_target": 0.1, "schedule": "linear"},
        ],
    },
    "together, each layer by its own rule": {
        "training.order": "together",
        "layer_settings": [
            {"learning_rate": 0.02, "propagate": "samples"},
            {"method": "fpcd", "momentum": 0.3, "k": 2},
        ],
    },
    "stepped hidden units": {"layers": [13], "hidden": "stepped", "training.learning_rate": 0.01},
    "rectified hidden units, sparse": {
        "layers": [13],
        "hidden": "relu",
        "training.sparsity_target": 0.3,
        "training.learning_rate": 0.01,
    },
    "mixed precision": {"precision": "mixed", "training.method": "pcd", "training.chains": 17},
    "tf32": {"precision": "tf32", "training.visible_samples": True},
}


class OneByOne(StagedLearner):
    """Makes every update anew from its recipe, with scalars of its own."""

    def learn(self, stretch: Stretch) -> None:
        recipe = self.now.recipe()
        assert recipe is not None
        for index in stretch.updates:
            rates = [torch.tensor(rate) for rate in recipe.rates(stretch.when(index))]
            recipe.update(stretch.batches.batch(stretch.order, index, self.generator), *rates)


def settings(variant: str, **more: object) -> RunConfig:
    # 27 updates of three images and one of two: long recordings, single ones and a rest that is not recorded.
    flat = {"layers": [13, 11], "epochs": 2, "batch_size": 3, "training.momentum_switch": 1}
    return RunConfig().with_values(flat | VARIANTS[variant] | more)


def staged(
    config: RunConfig,
    kind: type[StagedLearner] = StagedLearner,
    capture: Capture | None = None,
    device: str = "cpu",
) -> StagedLearner:
    names = tuple("abcdefg")
    data = TrainingData.of(config, (PIXELS[:83], LABELS[:83]), (PIXELS[83:], LABELS[83:]), names, (5, 7), device)
    dbn = DBN(
        [35, *config.layers],
        len(names) if config.labels.joint else 0,
        visible=config.visible,
        hidden=config.hidden,
        generator=torch.Generator().manual_seed(config.seed),
        device=device,
    )
    return kind(dbn, data, config, torch.device(device), capture)


def trained(
    learner: StagedLearner,
    config: RunConfig,
    cadence: Cadence = UNHURRIED,
    resumption: Resumption | None = None,
    changes: dict[int, SetHyperparameter] = CHANGES,
) -> MemoryRecorder:
    control = ScriptedControl({step: [record(step, change)] for step, change in changes.items()})
    recorder = MemoryRecorder()
    assert train(learner, run_plan(config, cadence), config, recorder, control, resumption) is RunStatus.DONE
    assert not any(problem for _, _, problem in control.acknowledged)
    return recorder


@pytest.mark.parametrize("capture", [Execution, TapeCapture])
@pytest.mark.parametrize("variant", VARIANTS)
def test_replayed_updates_teach_the_same_bit_for_bit(variant: str, capture: Callable[[], Capture]) -> None:
    config = settings(variant)
    anew, replayed = staged(config, OneByOne), staged(config, capture=capture())
    expected, repeated = trained(anew, config), trained(replayed, config)
    assert_same_state(anew, replayed)
    assert repeated.rows == expected.rows  # what it tells, too, such as the rate in force


def test_a_run_goes_on_in_mid_epoch_from_recordings_made_anew() -> None:
    config = settings("pcd, centred and sparse")
    undisturbed = staged(config, capture=TapeCapture())
    recorder = trained(undisturbed, config, EVERY_UPDATE)
    for saved in recorder.checkpoints[7:55:9]:
        resumed = staged(config, capture=TapeCapture())
        later = {step: change for step, change in CHANGES.items() if step >= saved.position.step}
        trained(resumed, saved.config, resumption=unpack(saved.payload), changes=later)
        assert_same_state(undisturbed, resumed)


def test_scalars_on_the_device_do_what_floats_do_but_for_rounding() -> None:
    for variant in ("cd", "pcd, centred and sparse", "gaussian, learnt deviations"):
        config = settings(variant, layers=[13])
        floats, scalars = staged(config), staged(config, capture=Execution())
        for learner in (floats, scalars):
            trained(learner, config, changes={})
        for name, parameter in floats.dbn.state_dict().items():
            torch.testing.assert_close(scalars.dbn.state_dict()[name], parameter, rtol=1e-4, atol=1e-5)


def test_a_new_rate_keeps_the_recording_and_a_new_k_needs_another_one() -> None:
    config = settings("cd", layers=[13], epochs=1)
    lengths = {}
    for name in ("learning_rate", "k"):
        tape = TapeCapture()
        change = {20: SetHyperparameter(f"training.{name}", 3 if name == "k" else 0.3)}
        trained(staged(config, capture=tape), config, changes=change)
        lengths[name] = set(tape.played)
    assert len(lengths["learning_rate"]) == 1
    assert len(lengths["k"]) == 2, "single updates with one step and with three"


class Broken(Execution):
    """Cannot record anything."""

    attempts = 0

    def recorded(self, work: Callable[[], None]) -> Callable[[], None]:
        self.attempts += 1
        raise RuntimeError("operation not permitted when stream is capturing")


def test_where_recording_fails_updates_are_made_one_by_one_and_the_log_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    config, broken = settings("cd"), Broken()
    fallen, reference = staged(config, capture=broken), staged(config, OneByOne)
    with caplog.at_level(logging.WARNING, "dbn_core.training.learners.captured"):
        trained(fallen, config)
    trained(reference, config)
    assert_same_state(fallen, reference)
    assert broken.attempts == 1
    assert [message for message in caplog.messages if "not permitted" in message and "one by one" in message]
    assert len(caplog.messages) == 1


def test_a_change_of_one_layer_makes_recordings_anew_and_its_rate_does_not() -> None:
    config = settings("cd", layers=[13], epochs=1, layer_settings=[{"training": {"l1_decay": 0.01}}])
    lengths = {}
    for name, value in (("learning_rate", 0.3), ("l1_decay", 0.0)):
        tape = TapeCapture()
        changed = SetHyperparameter(f"layer_settings.1.training.{name}", value)
        trained(staged(config, capture=tape), config, changes={20: changed})
        lengths[name] = len(set(tape.played))
    assert lengths == {"learning_rate": 1, "l1_decay": 2}


def test_tempering_decides_on_the_host_and_is_not_recorded() -> None:
    config = RunConfig().with_values({"layers": [13], "epochs": 1, "training.method": "tempering"})
    tape = TapeCapture()
    learner = staged(config, capture=tape)
    trained(learner, config, changes={})
    assert learner.now.recipe() is None
    assert tape.played == []


class Unasked(StagedLearner):
    """Lets no number go to the host while updates are made."""

    def learn(self, stretch: Stretch) -> None:
        with NoNumberToTheHost():
            super().learn(stretch)


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_update_waits_for_a_number(variant: str) -> None:
    config = settings(variant, **{"finetune.epochs": 1, "finetune.labels": None})
    trained(staged(config, Unasked), config)
