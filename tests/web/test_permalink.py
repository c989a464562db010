"""Links: what they hold, and what they can never do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbn_core.config import RunConfig, hyperparameters, presets
from dbn_core.view.settings import flat
from web import permalink

KEYS = [item.key for item in hyperparameters()]


@pytest.mark.parametrize("name", [preset.name for preset in presets()])
def test_a_preset_as_it_is_makes_a_short_link(name: str) -> None:
    assert permalink.write(name, RunConfig.preset(name), None) == {"preset": name}


def test_a_link_brings_every_changed_setting_back() -> None:
    config = RunConfig.preset("source-article").with_values(
        {
            "layers": [500, 300],
            "training.clamp": None,
            "training.centring": True,
            "training.learning_rate": 0.025,
            "training.schedule": "linear",
            "data.train_size": 5000,
        }
    )
    address = permalink.write("source-article", config, "4f2a")
    assert address["layers"] == "500-300"
    assert address["training.clamp"] == "none"
    link = permalink.read(address)
    assert (link.preset, link.config, link.run, link.corrected) == ("source-article", config, "4f2a", ())


def test_a_link_brings_settings_of_single_layers_back() -> None:
    own = {"layer_settings.1.training.l1_decay": 0.0005, "layer_settings.2.training.sparsity_target": None}
    config = RunConfig.preset("deep-stack").with_values({**own, "layer_settings.3.epochs": 3})
    address = permalink.write("deep-stack", config, None)
    assert address == {
        "preset": "deep-stack",
        "layer_settings.1.training.l1_decay": "0.0005",
        "layer_settings.2.training.sparsity_target": "none",
        "layer_settings.3.epochs": "3",
    }
    assert permalink.read(address).config == config
    beyond = permalink.read(
        address | {"layers": "50-40", "layer_settings.2.epochs": "0", "layer_settings.7.epochs": "2"}
    )
    assert beyond.config.layers == (50, 40), "settings of layers that are not there are left out, and nothing else"
    assert beyond.config.value("layer_settings.2.epochs") == 1
    assert {"Layer 2: Epochs", "layer_settings.7.epochs"} <= set(beyond.corrected)


def test_a_link_takes_back_what_the_preset_gives_to_a_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    preset = RunConfig().with_values({"layers": [13, 11], "layer_settings": [{"k": 3}, {"k": 5, "epochs": 7}]})
    monkeypatch.setattr(RunConfig, "preset", lambda _: preset)
    for config in (
        preset.with_values({"layer_settings": [{}, {"epochs": 7}]}),
        preset.with_values({"layer_settings": []}),
    ):
        address = permalink.write("first-look", config, None)
        assert permalink.read(address).config == config
    assert permalink.write("first-look", preset, None) == {"preset": "first-look"}


def test_values_beyond_their_range_move_to_the_nearest_bound_and_are_named() -> None:
    link = permalink.read({"training.k": "1000", "batch_size": "-4", "training.learning_rate": "0.07"})
    assert flat(link.config)["training.k"] == 100
    assert flat(link.config)["batch_size"] == 1
    assert flat(link.config)["training.learning_rate"] == 0.07
    assert set(link.corrected) == {"k", "Batch size"}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("training.method", "gibbs"),
        ("training.learning_rate", "nan"),
        ("training.learning_rate", "0"),
        ("training.momentum", "1"),
        ("training.k", "three"),
        ("layers", "0-5"),
        ("layers", "<script>"),
        ("training.centring", "maybe"),
        ("seed", "none"),
    ],
)
def test_values_that_make_no_sense_are_left_out_and_named(key: str, text: str) -> None:
    link = permalink.read({key: text})
    assert link.config == RunConfig.preset(presets()[0].name)
    assert len(link.corrected) == 1


def test_names_that_are_no_settings_are_passed_over() -> None:
    link = permalink.read({"preset": "../../etc", "__class__": "x", "training": "{}", "embed": "true"})
    assert link.config == RunConfig.preset(presets()[0].name)
    assert link.corrected == ("preset",)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*KEYS, "preset", "run", "other"]), st.text(max_size=12), max_size=6))
def test_whatever_a_link_says_the_form_gets_a_valid_configuration(address: dict[str, str]) -> None:
    link = permalink.read(address)
    assert RunConfig.from_dict(link.config.to_dict()) == link.config
    again = permalink.read(permalink.write(link.preset, link.config, link.run))
    assert (again.preset, again.config, again.corrected) == (link.preset, link.config, ())
