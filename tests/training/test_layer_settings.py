"""Each layer is trained by its own settings, and only that layer."""

import pytest
import torch

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.records import Position
from dbn_core.training.divergence import diverged
from dbn_core.training.loop import train
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import MemoryRecorder, ScriptedControl
from tests.training.test_loop import record
from tests.training.test_stages import new_learner, run, settings

OWN: dict[str, object] = {
    "epochs": 3,
    "batch_size": 13,
    "training.method": "pcd",
    "training.chains": 7,
    "training.k": 2,
    "training.learning_rate": 0.02,
    "training.schedule": "linear",
    "training.momentum": 0.7,
    "training.initial_momentum": 0.3,
    "training.momentum_switch": 1,
    "training.weight_decay": 0.01,
    "training.l1_decay": 0.002,
    "training.sparsity_target": 0.1,
    "training.sparsity_cost": 0.5,
    "training.sparsity_decay": 0.9,
    "training.centring": True,
    "training.clamp": 0.01,
    "training.initial_hidden_bias": -1.0,
}
SMALL = {"layers": [13, 11, 7], "epochs": 1}


def weights(config: RunConfig) -> list[torch.Tensor]:
    return [rbm.W.clone() for rbm in run(config)[0].dbn.layers]


@pytest.mark.parametrize("key", OWN)
def test_a_setting_of_its_own_is_what_the_layer_would_do_if_all_had_it(key: str) -> None:
    """Layer 2 with the setting of its own, and a net in which all have it but the others the usual one."""
    more = {"training.sparsity_target": 0.2} if key.startswith("training.sparsity_") else {}
    more |= {"training.method": "pcd"} if key == "training.chains" else {}
    more |= {"epochs": 4, "training.momentum_switch": 2} if "momentum" in key else {}
    usual = settings(**SMALL | more)
    own = usual.with_values({f"layer_settings.2.{key}": OWN[key]})
    rest = {f"layer_settings.{depth}.{key}": usual.value(key) for depth in (1, 3)}
    turned = usual.with_values({key: OWN[key]} | rest)
    plain, mine, theirs = weights(usual), weights(own), weights(turned)
    assert all(torch.equal(one, other) for one, other in zip(mine, theirs, strict=True))
    assert torch.equal(mine[0], plain[0]), "layer 1 is as it was"
    assert not torch.equal(mine[1], plain[1])


def test_the_input_of_the_next_layer_is_a_setting_of_the_layer_below() -> None:
    plain = weights(settings(**SMALL))
    drawn = weights(settings(**SMALL, **{"layer_settings.1.training.propagate": "samples"}))
    assert [torch.equal(a, b) for a, b in zip(plain, drawn, strict=True)] == [True, False, False]


def test_together_each_layer_learns_by_its_own_rate() -> None:
    common = settings(**SMALL, **{"training.order": "together"})
    own = common.with_values({"layer_settings.2.training.learning_rate": 0.2})
    learner, recorder, _ = run(own)
    assert torch.equal(learner.dbn.layers[0].W, weights(common)[0])
    rates = {position.stage: values["learning_rate"] for position, values in recorder.rows}
    assert rates == {"layer1": 0.05, "layer2": 0.2, "layer3": 0.05}


def test_a_command_acts_on_the_layer_in_training_and_its_own_value() -> None:
    config = settings(**{"layer_settings.2.training.learning_rate": 0.2})
    updates = 5  # an epoch of 97 images
    commands = {
        3: [record(1, SetHyperparameter("training.learning_rate", 0.01))],
        2 * updates + 3: [record(2, SetHyperparameter("training.learning_rate", 0.3))],
    }
    recorder, control = MemoryRecorder(), ScriptedControl(commands)
    train(new_learner(config), run_plan(config), config, recorder, control)
    rates = {position.stage: values["learning_rate"] for position, values in recorder.rows}
    assert rates == {"layer1": 0.01, "layer2": 0.3}
    last = recorder.checkpoints[-1].config
    assert (last.training.learning_rate, last.for_layer(2).training.learning_rate) == (0.01, 0.3)


def test_the_advice_after_a_divergence_names_the_rate_of_that_layer() -> None:
    config = settings(**{"layer_settings.2.training.learning_rate": 0.2})
    assert "it was 0.2; try 0.02" in str(diverged(Position(7, 2.5, "layer2"), config))
    assert "it was 0.05" in str(diverged(Position(7, 2.5, "layer1"), config))
