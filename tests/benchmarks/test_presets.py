"""The gate on real training, shortened: every preset passes it and broken ones do not; and the table of all of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks.preset_run import Measured, shortened
from benchmarks.presets import Kept, as_table, configuration, main, why_not
from dbn_core.config import RunConfig, preset, presets
from dbn_core.store import RunStore

WIDE = 1000  # units of a layer; even five epochs of more take half a minute: `benchmarks.presets --check` trains those
SHORT = [
    item.name
    for item in presets()
    if (config := RunConfig.preset(item.name)).data.name == "digits" and max(config.layers) < WIDE
]
BROKEN = ["broken-dead-units", "broken-saturation", "broken-rate-too-high", "broken-divergence"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    with RunStore(f"sqlite:///{tmp_path}/lab.db") as opened:
        yield opened


def measured(**changes: Any) -> Measured:
    """Two layers, as if they had been trained."""
    figures = {
        "layer1.dead_units": 3.0,
        "layer1.always_on_units": 0.0,
        "layer1.constant_units": 5.0,
        "layer1.localisation": 0.045,
        "layer2.class_purity": 0.897,
        "layer2.named": 0.97,
        "layer2.classes": 10.0,
        "samples.dreams.recall": 0.7,
        "samples.held.precision": 0.96,
        "samples.held.recall": 0.71,
        "samples.held.coverage": 0.9,
        "samples.held.accuracy": 92.25,
    }
    settings = RunConfig.preset("first-look").with_values({"layers": [256, 100]}).to_dict()
    return replace(Measured("first-look", settings, 41.2, 15.3, "", figures, []), **changes)


@pytest.mark.parametrize("name", SHORT)
def test_a_few_epochs_of_a_preset_pass_the_gate(name: str, store: RunStore) -> None:
    assert shortened(preset(name), store) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_preset_that_is_broken_on_purpose_does_not_pass(name: str, store: RunStore) -> None:
    assert shortened(preset(name), store)


def test_a_row_of_the_table_says_each_layer_and_the_dreams_with_labels_held_where_there_are_labels() -> None:
    row = as_table([measured()]).splitlines()[-1]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == [
        "first-look",
        "15 / 41",
        "3, 0, 5; –, –, –",
        "4.5; –",
        "–; 89.7",
        "–, –; 0.97, 10",
        "0.96, 0.71, 0.90",
        "92.2 %",
        "none",
    ]


def test_a_preset_is_trained_again_only_when_its_settings_have_changed(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    first, other = preset("first-look"), preset("sparse-strokes")
    settings = RunConfig.preset("first-look").to_dict()
    kept.add(measured(settings=settings))
    assert kept.of(first, configuration(first)) == measured(settings=settings)
    assert kept.of(first, configuration(first, seed=3)) is None
    assert kept.of(first, configuration(first, on="mnist")) is None
    assert kept.of(other, configuration(other)) is None
    kept.add(measured(settings=settings | {"epochs": 3}))
    assert kept.of(first, configuration(first)) is None
    assert len(kept.all()) == 1


def test_check_exits_with_1_and_names_each_broken_promise(tmp_path: Path) -> None:
    arguments = ["--to", str(tmp_path), "--only", "first-look", "--json"]
    settings = RunConfig.preset("first-look").to_dict()
    Kept(tmp_path).add(measured(settings=settings))
    assert CliRunner().invoke(main, [*arguments, "--check"]).exit_code == 0
    Kept(tmp_path).add(measured(settings=settings, coach=["Half of the units are dead."]))
    assert CliRunner().invoke(main, arguments).exit_code == 0
    result = CliRunner().invoke(main, [*arguments, "--check"])
    assert result.exit_code == 1
    assert "first-look: The coach speaks: Half of the units are dead." in result.stderr
    assert json.loads(result.stdout)["rows"][0]["preset"] == "first-look"


def test_a_preset_whose_images_are_not_here_is_left_out_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_DATA", str(tmp_path))
    sentence = "CIFAR-10 (colour) is not here: set DBN_DATA to the folder that holds it"
    assert why_not(configuration(preset("colour-patches"))) == sentence
    result = CliRunner().invoke(main, ["--to", str(tmp_path / "out"), "--only", "colour-patches", "--check"])
    assert result.exit_code == 0
    assert f"colour-patches: left out: {sentence}." in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_name_that_no_preset_has_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(main, ["--only", "first-lok"])
    assert result.exit_code == 2
    assert "first-look" in result.stderr
