"""A new kind of visible units touches two files: its own, and the table. Shown by adding one to a copy."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "models" / "ternary"
ROW = """    Kind(
        "ternary",
        "dbn_core.models.units.ternary:Ternary",
        visible="each is black, grey or white",
        images=("grey", "binary"),
    ),
"""
SETTINGS = (
    "visible=ternary",
    "data.train_size=200",
    "layers=13",
    "epochs=2",
    "training.method=pcd",
    "finetune.epochs=1",
)

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the engine as it is, one file more and one row more."""
    folder = tmp_path_factory.mktemp("engine")
    shutil.copytree(ROOT / "dbn_core", folder / "dbn_core", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "assets").symlink_to(ROOT / "assets", target_is_directory=True)
    shutil.copy(OWN / "units.py", folder / "dbn_core" / "models" / "units" / "ternary.py")
    table = folder / "dbn_core" / "kinds.py"
    head, start, rest = table.read_text(encoding="utf-8").partition("_ROWS = (\n")
    assert start
    table.write_text(f"{head}{start}{ROW}{rest}", encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> str:
    own = {"PYTHONPATH": str(folder), "DBN_STORE": f"sqlite:///{folder / 'lab.db'}", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_proofs_hold_and_notebooks_train_it(engine: Path) -> None:
    assert run(engine, str(OWN / "proofs.py")).strip() == "proved"


def test_a_run_learns_with_it_and_answers_every_question(engine: Path) -> None:
    chosen = [part for setting in SETTINGS for part in ("--set", setting)]
    events = [json.loads(line) for line in run(engine, "-m", "dbn_core", "train", *chosen, "--json").splitlines()]
    assert events[0]["config"]["visible"] == "ternary"
    assert events[-1]["status"] == "done"
    store = f"sqlite:///{engine / 'lab.db'}"
    answers = json.loads(run(engine, str(OWN / "questions.py"), store, events[0]["run"]))
    assert -784 < answers["likelihood"] < 0
    assert answers["dream"] == [3, 50, 28, 28]
    assert answers["projected"] == [13, 28, 28]
    assert answers["life"] == 200
    assert answers["recognised"] == ["fine_tuned"]
