"""Optional packages: one list says what is missing, the wheel offers the same, and the tests have them all."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from dbn_core.extras import EXTRAS

ROOT = Path(__file__).parent.parent


def test_the_wheel_offers_what_a_command_may_miss_and_the_tests_have_it_in_the_same_versions() -> None:
    offered = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    packages = {extra: tuple(Requirement(line).name for line in lines) for extra, lines in offered.items()}
    assert packages == EXTRAS
    installed = (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines()
    known = {line.partition("#")[0].strip() for line in installed}
    assert {line for lines in offered.values() for line in lines} <= known
