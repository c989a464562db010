"""The command line in this process, on a store of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dbn_core.cli.app import lab
from dbn_core.config import RunConfig
from dbn_core.store import RunStore

TINY = ("--set", "data.train_size=60", "--set", "batch_size=20", "--set", "layers=7,5", "--set", "epochs=2")


class Terminal:
    """Runs commands of `python -m dbn_core`."""

    def __init__(self, store: RunStore) -> None:
        self.store = store

    def run(self, *arguments: str | Path, status: int = 0) -> Result:
        result = CliRunner().invoke(lab, list(map(str, arguments)))
        assert result.exit_code == status, f"status {result.exit_code}: {result.output} {result.exception!r}"
        assert "Traceback" not in result.output
        return result

    def json(self, *arguments: str | Path) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def events(self, *arguments: str | Path, status: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*arguments, "--json", status=status).stdout.splitlines()]

    def refusal(self, *arguments: str | Path) -> str:
        """The message of a command that was given bad input."""
        result = self.run(*arguments, status=2)
        assert result.stdout == ""
        return result.stderr


@pytest.fixture
def terminal(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("DBN_STORE", store_url)
    return Terminal(RunStore(store_url))


@pytest.fixture
def tiny() -> RunConfig:
    """A configuration that trains in a fraction of a second."""
    return RunConfig().with_values({"data.train_size": 60, "batch_size": 20, "layers": [7, 5], "epochs": 2})
