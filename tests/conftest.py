"""What every test can count on: a store of its own, and an environment that leads nowhere near a person's runs."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# An example that takes long on a busy machine is no failure: durations are for benchmarks.
hypothesis.settings.register_profile("lab", deadline=None)
hypothesis.settings.load_profile("lab")

PROGRAMS = ("tests/browser/", "tests/processes/", "tests/benchmarks/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Two processes share the work: one has the browser and all that starts programs, the other what needs neither."""
    from xdist.scheduler import LoadScopeScheduling

    class Halves(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "programs" if nodeid.startswith(PROGRAMS) else "the rest"

    return Halves(config, log)


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs, data sets and job clusters of whoever runs the tests are out of reach, of subprocesses too."""
    folder = tmp_path_factory.mktemp("environment")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBN_STORE", f"sqlite:///{folder / 'lab.db'}")
        patch.setenv("DBN_DATA", str(folder / "data"))
        patch.setenv("DBN_CACHE", str(folder / "cache"))
        patch.delenv("DBN_SCHEDULER", raising=False)
        yield


@pytest.fixture(autouse=True)
def no_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that another test started may have made the examples that come with the lab: this test has none."""
    monkeypatch.setenv("DBN_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Where a run store may be made: an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'lab.db'}"


@pytest.fixture(autouse=True)
def denormals() -> Iterator[None]:
    """A worker flushes denormals, for its whole thread: what ran in a test's own thread leaves nothing to the next."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)
