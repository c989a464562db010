"""The benchmark of sampling runs and says what it has measured."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_prints_its_figures_with_the_limit_and_the_machine() -> None:
    command = [sys.executable, "-m", "benchmarks.sampling", "--dreams", "20", "--steps", "2", "--repeat", "1"]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=110, text=True).stdout
    assert "20 dreams of 2 Gibbs steps" in text
    assert "of the limit" in text
    assert "cores" in text
    assert "wanted" not in text  # only said of the measurement that the goal is about
