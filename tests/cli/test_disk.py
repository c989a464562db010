"""`store`: what is on disk, a budget, room given back."""

import json
import re

import pytest

from tests.cli.conftest import Terminal
from tests.store.samples import trained


def test_it_tells_what_the_runs_take_and_lists_the_largest_first(terminal: Terminal) -> None:
    trained(terminal.store, "small", 1, size=10**5)
    trained(terminal.store, "large", 3, size=10**5)
    told = terminal.run("store").output
    assert "Runs take 800 kB of a budget of 10 GB." in told
    large, small = told.splitlines()[-2:]
    assert re.split(" {2,}", large)[1:] == ["large", "500 kB", "500 kB", "300 kB", "0 kB"]
    assert "small" in small


def test_a_smaller_budget_gives_up_states_at_once_and_says_so(terminal: Terminal) -> None:
    run = trained(terminal.store, "large", 3, size=10**5)
    told = terminal.run("store", "--budget", "250 kB").output
    assert "Given up: 300 kB" in told
    assert "of a budget of 250 kB" in told
    assert [item.keep for item in run.checkpoints()] == ["stage", "latest"]
    told = terminal.run("store", "--budget", "100kB").output
    assert "Nothing is left that may be given up by itself" in told
    assert "without a budget" in terminal.run("store", "--budget", "none").output


def test_what_may_still_be_given_up_is_not_said_to_be_gone(terminal: Terminal) -> None:
    trained(terminal.store, "large", 3, size=10**5)
    terminal.store.disk.set_budget(10**5)
    told = terminal.run("store").output
    assert "Nothing is left" not in told
    assert "States after single epochs go by themselves" in told


def test_json_has_bytes_and_compacting_gives_them_back(terminal: Terminal) -> None:
    run = trained(terminal.store, "large", 9, size=200_000)
    facts = json.loads(terminal.run("store", "--budget", "1MB", "--compact", "--json").stdout)
    assert facts["given_up"] == 1_400_000
    assert facts["given_back"] > 10**6
    assert (facts["budget"], facts["checkpoints"], facts["pictures"]) == (10**6, 800_000, 30)
    assert facts["runs"] == [
        {"id": run.id, "name": "large", "checkpoints": 800_000, "epoch_checkpoints": 400_000, "pictures": 30}
    ]


@pytest.mark.parametrize("given", ["", "much", "0", "-1GB", "1e9", "0.0000001", "5PB", "9" * 5000])
def test_what_is_no_size_is_refused(terminal: Terminal, given: str) -> None:
    result = terminal.run("store", f"--budget={given}", status=2)
    assert "give one such as 500MB or 4GB, or none" in result.output
    assert terminal.store.disk.budget() == 10**10
