"""What the README shows works as it is shown."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dbn_core.config import presets
from dbn_core.data import load_dataset

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def run(code: str) -> dict[str, Any]:
    """What an example has made, by its names."""
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    return names


def test_the_example_of_training_from_python_runs() -> None:
    made = run(next(code for code in blocks("python") if "pretrain" in code))
    dreams = made["dreams"]
    assert dreams.shape == (16, 784)
    assert 0 <= dreams.min() <= dreams.max() <= 1


def test_the_example_of_a_loaded_network_runs_and_it_knows_most_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent)
    made = run(next(code for code in blocks("python") if "dbn_core.load(" in code))
    assert made["features"].shape == (100, 500)
    truth = load_dataset("digits").test_labels[:100]
    assert sum(name == str(label) for name, label in zip(made["classes"], truth, strict=True)) > 85


def test_the_example_of_a_grid_search_runs_and_finds_that_training_helps() -> None:
    made = run(next(code for code in blocks("python") if "dbn_core.sklearn" in code))
    assert made["accuracy"] > 0.75
    assert made["search"].best_params_ == {"rbmtransformer__epochs": 10}


def test_the_command_lines_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBN_STORE", f"sqlite:///{tmp_path / 'lab.db'}")
    (commands,) = [block for block in blocks("") if "dbn_core train" in block]
    for line in commands.strip().splitlines():
        program, *arguments = shlex.split(line.replace("first-try.", str(tmp_path / "first-try.")))
        assert program == "python"
        folder = Path(__file__).parent.parent
        done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_every_preset_and_every_picture_is_there() -> None:
    for preset in presets():
        assert f"`{preset.name}`" in README
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (Path(__file__).parent.parent / picture).is_file(), picture
