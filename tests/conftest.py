"""What every test can count on: a store of its own, and an environment that leads nowhere near a person's runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs, data sets and job clusters of whoever runs the tests are out of reach, of subprocesses too."""
    folder = tmp_path_factory.mktemp("environment")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBN_STORE", f"sqlite:///{folder / 'lab.db'}")
        patch.setenv("DBN_DATA", str(folder / "data"))
        patch.delenv("DBN_SCHEDULER", raising=False)
        yield


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Where a run store may be made: an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'lab.db'}"
