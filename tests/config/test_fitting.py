"""Settings that go with a choice: the table, and what a person has set."""

from typing import Any

import pytest

from dbn_core.config import RunConfig, hyperparameter, is_setting, presets
from dbn_core.config.fitting import CHOICES, METHOD, RULES, consequences, fitting, what_goes_with, with_choices
from dbn_core.errors import ConfigError

BASE = RunConfig.preset("first-look")
METHODS = hyperparameter(METHOD).choices
DEEP = {"layers": [31, 17, 13]}
FIT = {
    "training.learning_rate": 0.2,
    "training.schedule": "linear",
    "training.momentum": 0.0,
    "training.initial_momentum": 0.0,
    "training.centring": True,
}
"""With persistent chains."""


def sizes(name: str) -> int | None:
    return {"own/few": 300, "own/some": 1999}.get(name)


def changes(values: dict[str, Any], base: RunConfig | None = None) -> dict[str, Any]:
    """What else changes with these."""
    return consequences(base or RunConfig(), values, sizes=sizes)


def test_the_table_asks_for_and_names_settings_that_there_are() -> None:
    assert all(is_setting(key) for key in CHOICES)
    assert all(is_setting(key) for rule in RULES for key in rule.settings)
    assert fitting(RunConfig().flat()) == {key: RunConfig().value(key) for rule in RULES for key in rule.settings}


@pytest.mark.parametrize("method", METHODS)
def test_there_and_back_is_the_same_configuration(method: str) -> None:
    there = with_choices(BASE, {METHOD: method})
    assert {key: there.value(key) for key in FIT} == ({key: BASE.value(key) for key in FIT} if method == "cd" else FIT)
    assert with_choices(there, {METHOD: "cd"}) == BASE


@pytest.mark.parametrize(
    ("choice", "more"),
    [
        ({METHOD: "pcd"}, FIT),
        ({"training.sparsity_target": 0.2}, {"training.initial_hidden_bias": None}),
        (
            DEEP,
            {
                "training.centring": True,
                "training.sparsity_target": 0.1,
                "training.sparsity_cost": 0.5,
                "training.initial_hidden_bias": None,
            },
        ),
        (
            {"visible": "gaussian"},
            {"data.preprocessing": "standard", "training.learning_rate": 0.01, "training.centring": True},
        ),
        (
            {"visible": "gaussian", "data.preprocessing": "robust"},
            {"training.learning_rate": 0.001, "training.centring": True},
        ),
        (
            {"visible": "gaussian", METHOD: "pcd"},
            FIT | {"data.preprocessing": "standard", "training.learning_rate": 0.03},
        ),
        ({"hidden": "relu"}, {"training.learning_rate": 0.02, "training.centring": True}),
        ({"hidden": "stepped"}, {"training.learning_rate": 0.02, "training.centring": True}),
        (
            {"visible": "gaussian", "hidden": "relu"},
            {"data.preprocessing": "standard", "training.learning_rate": 0.002, "training.centring": True},
        ),
        ({"data.train_size": 1999}, {"batch_size": 20}),
        ({"data.train_size": 2000}, {}),
        ({"data.name": "own/few"}, {"batch_size": 20}),
        ({"data.name": "own/few", "data.patch": 7}, {}),
        ({"data.name": "own/some"}, {"batch_size": 20}),
        ({"data.name": "own/unheard-of"}, {}),
    ],
)  # fmt: skip
def test_a_choice_brings_what_goes_with_it_and_takes_it_away_again(
    choice: dict[str, Any], more: dict[str, Any]
) -> None:
    assert changes(choice) == more
    there = with_choices(RunConfig(), choice, sizes=sizes)
    back = {key: RunConfig().value(key) for key in choice}
    assert with_choices(there, back, sizes=sizes) == RunConfig()


def test_what_is_given_or_was_changed_before_stays() -> None:
    config = with_choices(BASE.with_values({"training.momentum": 0.3}), {METHOD: "pcd", "training.learning_rate": 0.01})
    assert (config.value("training.momentum"), config.value("training.learning_rate")) == (0.3, 0.01)
    assert config.value("training.schedule") == "linear"
    deep = with_choices(BASE, DEEP | {"training.sparsity_target": None})
    assert (deep.training.sparsity_target, deep.training.sparsity_cost) == (None, 0.5), "the preset's cost is its own"
    assert deep.training.initial_hidden_bias == -1.0


def test_a_setting_that_is_the_choice_itself_is_not_set_back_by_another() -> None:
    """The preset's rule asks for `standard`; another preprocessing of real numbers is a person's own."""
    real = with_choices(RunConfig(), {"visible": "gaussian", "data.preprocessing": "zca"})
    assert with_choices(real, {METHOD: "pcd"}).data.preprocessing == "zca"
    with pytest.raises(ConfigError, match="zca"):
        with_choices(real, {"visible": "bernoulli"})


def test_no_preset_is_what_it_is_by_the_table() -> None:
    """It states its values: the table may change without it."""
    for item in presets():
        assert RunConfig.preset(item.name) == RunConfig.from_dict(item.settings)


def test_the_same_method_and_other_settings_change_nothing_else() -> None:
    for values in ({METHOD: "cd"}, {"training.k": 3}, {"epochs": 7}):
        assert with_choices(BASE, values) == BASE.with_values(values)


def test_the_reason_names_the_rules_that_set_something() -> None:
    deep = RunConfig().with_values(DEEP).flat()
    assert what_goes_with(deep, ["training.sparsity_cost"]) == "what goes with several layers"
    both = deep | {METHOD: "pcd"}
    assert what_goes_with(both, ["training.centring"]) == "what goes with persistent chains and several layers"
    assert what_goes_with(RunConfig().flat(), ["training.momentum"]) == "what is usual"


def test_what_is_taken_back_returns_to_what_it_was_in_the_preset() -> None:
    deep = with_choices(BASE, DEEP)
    assert consequences(deep, {"layers": [13]}, usual=BASE.flat()) == {"training.centring": False}
    assert consequences(deep, {"layers": [13]}) == {"training.centring": False, "training.sparsity_cost": 0.1}
    stated = RunConfig.preset("deep-stack")
    assert consequences(stated, {"layers": [13]}, usual=stated.flat()) == {}, "it states its values"


def test_what_is_not_allowed_is_refused_as_ever() -> None:
    for values in ({METHOD: "no method"}, {"layers": "many"}, {"data.train_size": "all of them"}, {"hidden": 3}):
        with pytest.raises(ConfigError):
            with_choices(BASE, values)
    with pytest.raises(ConfigError, match="trainng"):
        with_choices(BASE, {"trainng.k": 3})
