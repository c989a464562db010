"""The benchmark of sampling runs and says what it has measured."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_prints_its_figures_with_the_limit_and_the_machine() -> None:
    command = [sys.executable, "-m", "benchmarks.sampling", "--dreams", "20", "--steps", "2", "--repeat", "1"]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "20 dreams of 2 Gibbs steps" in text
    assert "of the limit" in text
    assert "cores" in text
    assert "wanted" not in text  # only said of the measurement that the goal is about


def test_questions_are_timed_one_by_one_and_goals_are_judged_at_full_size_only() -> None:
    command = [sys.executable, "-m", "benchmarks.questions", "--quick"]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in (
        "reverse AIS, ",
        "linear combination, 100 units",
        "activation maximisation, ",
        "clamp and sample down, ",
    ):
        assert name in text
    seconds = [float(line.split(": ")[1].split()[0]) for line in text.splitlines() if " units of the third" in line]
    total = next(
        float(line.split(": ")[1].split()[0]) for line in text.splitlines() if line.startswith(f"all {len(seconds)}:")
    )
    assert abs(total - sum(seconds)) <= 0.05 * (len(seconds) + 1) + 1e-6  # each is rounded to a tenth
    assert len(seconds) > 2
    assert "wanted" not in text
