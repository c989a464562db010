"""Where files are looked for and runs are kept, in a checkout and where the lab is installed."""

import sys
from pathlib import Path

import pytest

from dbn_core import places
from dbn_core.config import presets
from dbn_core.data import data_folder


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder of a package that holds the lab, as a wheel's does."""
    package = tmp_path / "site-packages" / "dbn_core"
    (package / "lab").mkdir(parents=True)
    return package


def test_in_a_checkout_everything_lies_beside_the_package() -> None:
    root = Path(__file__).parent.parent
    assert root == places.LAB
    assert not places.IS_INSTALLED
    assert (places.ASSETS / "digits.npz").is_file()
    assert presets()


def test_in_a_checkout_runs_and_data_go_to_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBN_DATA")
    assert places.default_store() == "sqlite:///runs/lab.db"
    assert data_folder() == Path("data")


def test_an_installed_package_holds_the_lab_and_keeps_runs_with_the_user(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "PACKAGE", installed)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "mine"))  # on Linux; other systems have places of their own
    monkeypatch.delenv("DBN_DATA")
    assert places.lab_folder(installed) == installed / "lab"
    folder = places.personal_folder(installed)
    assert folder.is_absolute()
    assert folder.name == "deep-belief-lab"
    assert places.default_store() == f"sqlite:///{folder / 'runs' / 'lab.db'}"
    assert data_folder() == folder / "data"
    if sys.platform == "linux":
        assert folder == tmp_path / "mine" / "deep-belief-lab"


def test_the_environment_wins(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PACKAGE", installed)
    monkeypatch.setenv("DBN_DATA", "elsewhere")
    assert data_folder() == Path("elsewhere")
