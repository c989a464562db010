"""Preset, file and `--set` become one configuration; what is wrong in any of them is said at once."""

import json
from pathlib import Path

import pytest

from dbn_core.cli.options import configuration
from dbn_core.config import RunConfig
from dbn_core.config.fitting import with_choices
from dbn_core.errors import ConfigError
from tests.cli.conftest import Terminal


def written(folder: Path, content: object) -> Path:
    file = folder / "settings.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_the_file_overrides_the_preset_and_set_overrides_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, {"epochs": 7, "training": {"k": 3, "momentum": 0.25}})
    config = configuration("first-look", file, ("training.k=5",))
    assert config.epochs == 7
    assert config.training.k == 5
    assert config.training.momentum == 0.25
    assert config.batch_size == RunConfig.preset("first-look").batch_size


def test_another_method_brings_what_goes_with_it_but_what_is_written_stays(tmp_path: Path) -> None:
    config = configuration("first-look", None, ("training.method=pcd", "training.momentum=0.5"))
    assert (config.training.learning_rate, config.training.schedule, config.training.centring) == (0.2, "linear", True)
    assert config.training.momentum == 0.5
    file = written(tmp_path, {"training": {"learning_rate": 0.05}})
    assert configuration(None, file, ("training.method=pcd",)).training.learning_rate == 0.05


def test_what_choices_bring_along_is_told_in_a_sentence_and_nothing_where_they_bring_nothing() -> None:
    told: list[str] = []
    configuration(None, None, ("layers=13,7", "training.sparsity_cost=0.3"), told.append)
    (sentence,) = told
    assert sentence == (
        "Set to what goes with several layers and a sparsity target: training.centring = yes, "
        "training.sparsity_target = 0.1, training.initial_hidden_bias = by the target."
    )
    configuration("deep-stack", None, ("training.k=3",), told.append)
    assert len(told) == 1


def test_a_file_may_be_nested_or_dotted(tmp_path: Path) -> None:
    nested = configuration(None, written(tmp_path, {"training": {"k": 3}, "layers": [13, 7]}), ())
    dotted = configuration(None, written(tmp_path, {"training.k": 3, "layers": [13, 7]}), ())
    assert nested == dotted == with_choices(RunConfig(), {"training.k": 3, "layers": [13, 7]})


def test_a_whole_configuration_as_a_run_prints_it_is_taken_back(tmp_path: Path) -> None:
    config = RunConfig.preset("sparse-strokes")
    assert configuration(None, written(tmp_path, config.to_dict()), ()) == config


@pytest.mark.parametrize(
    ("text", "value"), [("training.clamp=4", 4.0), ("training.clamp=none", None), ("training.clamp=", None)]
)
def test_set_understands_what_a_person_types(text: str, value: float | None) -> None:
    assert configuration("source-article", None, (text,)).training.clamp == value


def test_every_problem_of_preset_file_and_settings_is_named_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, {"epochs": -1, "training": {"kk": 3}})
    with pytest.raises(ConfigError) as caught:
        configuration("first-luck", file, ("batch_size=many", "seed", "trainng.k=2"))
    problems = caught.value.problems
    assert "first-look" in problems["preset"]
    assert "-1 is not allowed; give a whole number from 0 to 10,000" in problems[f"{file}: epochs"]
    assert "training.k" in problems[f"{file}: training.kk"]
    assert "'many' is not allowed; give a whole number" in problems["batch_size"]
    assert "key=value" in problems["--set seed"]
    assert "training.k" in problems["trainng.k"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"epochs": 3', "is not JSON"),
        ("[1, 2]", "holds no settings"),
        ("[" * 100_000, "nested too deeply"),
        ('{"training": 3}', "training"),
        ('{"epochs": NaN}', "epochs"),
        ('{"epochs": 3.5}', "3.5 is not allowed"),
        ('{"training": {}}', "training"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused_with_its_name(
    terminal: Terminal, tmp_path: Path, content: str, complaint: str
) -> None:
    file = written(tmp_path, content)
    message = terminal.refusal("train", "--config", file)
    assert str(file) in message
    assert complaint in message
    assert terminal.store.runs() == []


def test_a_file_that_is_not_there_or_not_text_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    assert "No such file" in terminal.refusal("train", "--config", tmp_path / "none.json")
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in terminal.refusal("train", "--config", binary)


def test_bad_input_names_field_value_and_what_is_allowed_and_starts_nothing(terminal: Terminal) -> None:
    message = terminal.refusal("train", "--set", "training.learning_rate=-1", "--set", "layers=many")
    assert "training.learning_rate: '-1' is not allowed; give a number above 0" in message
    assert "layers: 'many' is not allowed; give 1 to 8 whole numbers" in message
    assert terminal.store.runs() == []


def test_a_file_without_an_end_is_no_configuration() -> None:
    with pytest.raises(
        ConfigError,
        match=r"/dev/zero: cannot be read \(larger than 1 MiB, where a configuration is a short JSON object",
    ):
        configuration(None, Path("/dev/zero"), ())
