"""What the README shows works as it is shown."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dbn_core.config import presets

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def test_the_python_example_runs() -> None:
    (code,) = blocks("python")
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    dreams = names["dreams"]
    assert dreams.shape == (16, 784)  # pyright: ignore[reportAttributeAccessIssue]
    assert 0 <= dreams.min() <= dreams.max() <= 1  # pyright: ignore[reportAttributeAccessIssue]


def test_the_command_lines_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBN_STORE", f"sqlite:///{tmp_path / 'lab.db'}")
    (commands,) = [block for block in blocks("") if "dbn_core train" in block]
    for line in commands.strip().splitlines():
        program, *arguments = shlex.split(line.replace("first-try.zip", str(tmp_path / "first-try.zip")))
        assert program == "python"
        folder = Path(__file__).parent.parent
        done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_every_preset_and_every_picture_is_there() -> None:
    for preset in presets():
        assert f"`{preset.name}`" in README
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (Path(__file__).parent.parent / picture).is_file(), picture
