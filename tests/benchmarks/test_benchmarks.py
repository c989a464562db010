"""The benchmarks run and their tables are complete and consistent; how fast anything is, is no matter of tests."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks.machine import this_machine
from benchmarks.training import Contender, Setting, as_text, results
from benchmarks.watch import Commit, delays
from dbn_core.models.mixed import has_bfloat16_products

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """The smallest measurement there is, on the bundled digits since no MNIST is in reach."""
    command = [sys.executable, "-m", "benchmarks.training", "--images", "300", "--rounds", "1", "--json"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def test_the_table_has_every_contender_with_its_rates_or_the_reason_why_not(report: dict[str, Any]) -> None:
    assert report["setting"]["data"] == "digits"
    assert (report["setting"]["images"], report["setting"]["rounds"]) == (300, 1)
    assert report["setting"]["threads"] >= 1
    rows = report["rows"]
    mixed = has_bfloat16_products(torch.device("cpu"))
    kinds = ["limit", *(["bound"] if mixed else []), *(5 if mixed else 4) * ["engine"], *4 * ["peer"]]
    assert [row["kind"] for row in rows] == kinds
    peers = {row["name"] for row in rows if row["kind"] == "peer"}
    assert peers == {"source article", "scikit-learn", "learnergy", "rbms"}
    for row in rows:
        if row["best"] is None:
            assert row["name"] in {"learnergy", "rbms"}
            assert "pip install" in row["what"]
        else:
            assert row["best"] >= row["median"] > 0


def test_every_ratio_of_the_report_follows_from_its_rates(report: dict[str, Any]) -> None:
    rows = [row for row in report["rows"] if row["best"] is not None]
    limit = rows[0]
    fastest = max((row for row in rows if row["kind"] == "peer"), key=lambda row: row["median"])
    for row in rows:
        for which in ("best", "median"):
            assert row["of_limit"][which] == pytest.approx(row[which] / limit[which])
            assert row["of_fastest_peer"][which] == pytest.approx(row[which] / fastest[which])
        assert row["epoch_seconds"] == pytest.approx(60_000 / row["median"])


def test_rates_count_every_pass_over_the_images_and_a_missing_peer_leaves_a_gap_in_the_table() -> None:
    def never() -> float:
        raise AssertionError("the table is made of what was measured")

    rows = [
        Contender("products", "limit", "", never, seconds=[0.5, 0.25, 1.0]),
        Contender("lab", "engine", "a run", never, epochs=3, seconds=[3.0, 6.0, 1.5]),
        Contender("slow", "peer", "", never, seconds=[4.0, 4.0, 2.0]),
        Contender("fast", "peer", "", never, seconds=[1.0, 2.0, 2.5]),
        Contender("absent", "peer", "not installed", None),
    ]
    table = {row.name: row for row in results(rows, images=1000)}
    lab = table["lab"]
    assert (lab.best, lab.median) == (2000, 1000)
    assert lab.of_limit == (0.5, 0.5)
    assert lab.of_fastest_peer == (2.0, 2.0)
    assert lab.epoch_seconds == 60
    assert table["absent"].best is None
    text = as_text(list(table.values()), Setting("digits", 1000, 3, 2, 2, True), this_machine())
    assert "| lab | 2,000 | 1,000 | 50 % / 50 % | 2.00 / 2.00 | 60.0 s | a run |" in text
    assert "| absent | | | | | | not installed |" in text


@pytest.mark.processes
def test_the_cost_of_an_idle_lab_is_that_of_all_its_processes() -> None:
    command = [sys.executable, "-m", "benchmarks.idle", "--seconds", "1", "--settle", "0", "--json"]
    whole, memory, *parts = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)[
        "goals"
    ]
    assert {part["what"] for part in parts} >= {
        f"{role}: processor time" for role in ("web server", "job cluster", "worker")
    }
    assert whole["measured"] == pytest.approx(sum(part["measured"] for part in parts))
    assert whole["wanted"] == 1.0
    assert f"RSS {memory['measured']:.0f} MB" in {
        part["note"].partition(",")[0] for part in parts if part["what"].startswith("worker")
    }


def test_a_commit_counts_as_seen_when_its_picture_or_a_newer_one_appears() -> None:
    commits = [Commit(1, 10.0), Commit(2, 10.5), Commit(3, 11.0), Commit(4, 11.5)]
    shown = [(1, 10.25), (3, 11.75)]
    # The second was replaced before the page asked again; the fourth was never shown, nor anything newer.
    assert delays(commits, shown) == [0.25, 1.25, 0.75]
