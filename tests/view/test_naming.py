"""Names that runs get from their settings."""

import pytest

from dbn_core.config import RunConfig, nearest_preset, presets
from dbn_core.view.naming import run_name


@pytest.mark.parametrize("name", [item.name for item in presets()])
def test_a_preset_as_it_is_gives_its_title(name: str) -> None:
    config = RunConfig.preset(name)
    assert nearest_preset(config).name == name
    assert run_name(config) == nearest_preset(config).title
    assert run_name(config.with_values({"device": "cpu", "updates_per_second": 5})) == nearest_preset(config).title


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"training.sparsity_target": 0.1}, "digits 256, sparsity target 0.1"),
        ({"layers": [128], "training.k": 5}, "digits 128, k 5"),
        ({"training.sparsity_target": None, "seed": 7}, "digits 256, sparsity target off, seed 7"),
        ({"layers": [64]}, "digits 64"),
    ],
)
def test_a_name_says_what_differs(values: dict[str, object], name: str) -> None:
    assert sorted(run_name(RunConfig.preset("first-look").with_values(values)).split(", ")) == sorted(name.split(", "))


def test_a_name_ends_with_a_whole_setting_and_never_within_a_word() -> None:
    few = RunConfig.preset("few-labels")
    name = run_name(few.with_values({"epochs": 5, "layers": [100], "fewlabels.seeds": 1, "fewlabels.updates": 100}))
    assert name == "digits 100, epochs per layer 5, few labels: seeds 1"


def test_a_preset_made_to_go_wrong_is_nearest_only_to_itself() -> None:
    broken = RunConfig.preset("broken-divergence")
    assert nearest_preset(broken).name == "broken-divergence"
    assert not nearest_preset(broken.with_values({"batch_size": 60})).name.startswith("broken")
