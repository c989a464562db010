"""Settings that single layers have of their own: in, out, refused, and in force."""

import json

import pytest

from dbn_core.config import RunConfig, hyperparameter, hyperparameters, setting_keys
from dbn_core.errors import ConfigError

TWO = {"layers": [13, 11], "epochs": 7, "training.k": 2}
OWN = {"layer_settings.1.training.l1_decay": 0.0005, "layer_settings.2.epochs": 3, "layer_settings.2.training.k": 5}


def settings(**more: object) -> RunConfig:
    return RunConfig().with_values(TWO | OWN | more)


def test_a_layer_obeys_its_own_settings_and_else_the_common_ones() -> None:
    config = settings()
    first, second = config.for_layer(1), config.for_layer(2)
    assert (first.epochs, first.training.k, first.training.l1_decay) == (7, 2, 0.0005)
    assert (second.epochs, second.training.k, second.training.l1_decay) == (3, 5, 0.0)
    assert config.for_layer(0).training == config.training
    assert config.stages == {"layer1": 7, "layer2": 3}
    assert config.value("layer_settings.2.training.k") == 5
    assert config.value("layer_settings.1.training.k") == 2, "the one in force there"


@pytest.mark.parametrize(
    "layer", [{"epochs": 3, "training": {"k": 5}}, {"epochs": 3, "k": 5}, {"epochs": "3", "training.k": "5"}]
)
def test_the_list_may_be_nested_dotted_or_plain(layer: dict[str, object]) -> None:
    config = RunConfig().with_values(TWO | {"layer_settings": [{"training": {"l1_decay": 0.0005}}, layer]})
    assert config == settings()


def test_only_what_is_given_is_written_and_read_back() -> None:
    config = settings()
    written = [{"training": {"l1_decay": 0.0005}}, {"epochs": 3, "training": {"k": 5}}]
    assert config.to_dict()["layer_settings"] == written
    assert RunConfig.from_json(json.dumps(config.to_dict())) == config
    assert hash(RunConfig.from_dict(config.to_dict())) == hash(config)


def test_a_configuration_without_the_list_is_one_without_own_settings() -> None:
    old = {key: value for key, value in RunConfig().to_dict().items() if key != "layer_settings"}
    old["training"] = {key: value for key, value in old["training"].items() if key != "l1_decay"}
    assert RunConfig.from_dict(old) == RunConfig()
    assert RunConfig().training.l1_decay == 0.0


def test_empty_objects_say_nothing() -> None:
    assert RunConfig().with_values({**TWO, "layer_settings": [{}, {}]}) == RunConfig().with_values(TWO)
    assert RunConfig().with_values({**TWO, "layer_settings": None}) == RunConfig().with_values(TWO)


def test_a_value_of_its_own_stays_where_the_common_one_changes() -> None:
    assert settings(**{"training.k": 9}).for_layer(2).training.k == 5


def test_layers_that_go_take_their_settings_with_them() -> None:
    assert settings().with_values({"layers": [13]}).layer_settings == settings().layer_settings[:1]


@pytest.mark.parametrize(
    ("values", "key", "text"),
    [
        ({"layer_settings": [{"kk": 5}]}, "layer_settings.1.kk", "`layer_settings.1.training.k` is the nearest one"),
        ({"layer_settings.2.training.kk": 5}, "layer_settings.2.training.kk", "`layer_settings.2.training.k` is"),
        (
            {"layer_settings": [{}, {"k": 0}]},
            "layer_settings.2.training.k",
            "0 is not allowed; give a whole number from 1",
        ),
        ({"layer_settings.2.epochs": 0}, "layer_settings.2.epochs", "0 is not allowed; give a whole number from 1"),
        ({"layer_settings": [{}] * 3}, "layer_settings", "the network has 2 layers; give at most one object a layer"),
        ({"layer_settings.3.training.k": 2}, "layer_settings.3", "there is no layer 3, the network has 2 layers"),
        ({"layer_settings.9.training.k": 2}, "layer_settings.9.training.k", "give a number from 1 to 8"),
        ({"layer_settings.0.training.k": 2}, "layer_settings.0.training.k", "layers are counted from 1"),
        ({"layer_settings": 5}, "layer_settings", "5 is not allowed; give a list with one object a layer"),
        ({"layer_settings": [5]}, "layer_settings.1", "5 is not allowed; give an object with settings of this layer"),
        ({"layer_settings": [{"order": "greedy"}]}, "layer_settings.1.training.order", "one for all layers"),
        ({"layer_settings": [{"seed": 2}]}, "layer_settings.1.seed", "no such setting"),
        (
            {"layer_settings.2.epochs": 2, "training.order": "together"},
            "layer_settings.2.epochs",
            "choose training.order",
        ),
        (
            {"visible": "gaussian", "data.preprocessing": "standard", "layer_settings.2.training.learn_variance": True},
            "layer_settings.2.training.learn_variance",
            "only layer 1 sees images",
        ),
        ({"precision": "mixed", "layer_settings.2.training.method": "tempering"}, "precision", "choose float32"),
        (
            {"hidden": "relu", "layers": [7], "layer_settings.1.training.method": "tempering"},
            "layer_settings.1.training.method",
            "choose pcd",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_layer(values: dict[str, object], key: str, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        RunConfig().with_values({"layers": [13, 11]} | values)
    assert text in caught.value.problems[key]
    assert len(caught.value.problems) == 1


def test_every_setting_of_training_may_be_a_layers_own_but_the_order() -> None:
    keys = [item.key for item in hyperparameters() if item.group == "training" and item.key != "training.order"]
    for key in (*keys, "epochs", "batch_size"):
        item = hyperparameter(f"layer_settings.2.{key}")
        assert item.label.startswith("Layer 2: ")
        assert item.help == hyperparameter(key).help


def test_differences_name_the_layer_and_the_values_in_force() -> None:
    own, plain = settings(), RunConfig().with_values(TWO)
    assert own.differences(plain) == {
        "layer_settings.1.training.l1_decay": (0.0005, 0.0),
        "layer_settings.2.epochs": (3, 7),
        "layer_settings.2.training.k": (5, 2),
    }
    assert own.differences(settings()) == {}
    # The common k of the other is what layer 2 has here: still the reader must be told that layer 2 is no exception.
    assert own.differences(plain.with_values({"training.k": 5}))["layer_settings.2.training.k"] == (5, 5)


def test_flat_and_its_keys_name_the_own_settings_after_all_others() -> None:
    config = settings()
    assert [*config.flat()][-3:] == list(OWN) == [*setting_keys(config)][-3:]
    assert RunConfig().with_values(config.flat()) == config


@pytest.mark.parametrize("key", ["training.k", "layer_settings.2.training.k"])
def test_a_knob_turned_acts_on_the_layer_in_training(key: str) -> None:
    turned = settings().with_live_value(key, 9, "layer2")
    assert (turned.training.k, turned.for_layer(2).training.k) == (2, 9)


def test_a_knob_turned_while_the_layer_has_no_value_of_its_own_is_the_common_one() -> None:
    turned = settings().with_live_value("training.k", 9, "layer1")
    assert (turned.for_layer(1).training.k, turned.for_layer(2).training.k) == (9, 5)


def test_a_knob_turned_while_all_layers_learn_acts_on_all() -> None:
    config = RunConfig().with_values(
        {"layers": [13, 11], "training.order": "together", "layer_settings.2.training.k": 5}
    )
    turned = config.with_live_value("training.k", 9, "layers")
    assert [turned.for_layer(depth).training.k for depth in (1, 2)] == [9, 9]


def test_a_momentum_of_a_layer_is_felt_at_once_and_leaves_the_others_their_start() -> None:
    config = settings(**{"layer_settings.1.training.momentum": 0.8})
    turned = config.with_live_value("training.momentum", 0.2, "layer1")
    assert (turned.for_layer(1).training.momentum, turned.for_layer(1).training.momentum_switch) == (0.2, 0)
    assert turned.for_layer(2).training == config.for_layer(2).training


def test_what_is_not_live_is_not_for_a_layer_either() -> None:
    with pytest.raises(ConfigError, match="cannot change while training"):
        settings().with_live_value("layer_settings.2.training.method", "pcd")
