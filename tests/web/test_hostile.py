"""Hostile archives, addresses and questions: what comes is a sentence or an answer, whatever is sent."""

from pathlib import Path
from random import Random

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from benchmarks import fuzz
from benchmarks.hostile import archives, visitor
from dbn_core.archive import import_archive
from dbn_core.store import Run, RunStore
from web.answers import PROBLEMS
from web.routes import all_routes

ARCHIVES, LOOKS, ADDRESSES = 200, 5, 300


@pytest.fixture
def run(store: RunStore, tmp_path: Path) -> Run:
    archives.write(archives.sample(), tmp_path / "good.zip")
    return import_archive(store, tmp_path / "good.zip")


def test_an_archive_that_was_tampered_with_is_refused_or_breaks_nothing(store: RunStore) -> None:
    tally = fuzz.attack(store, range(ARCHIVES), LOOKS)
    assert tally.crashes == {}
    assert tally.refused > ARCHIVES / 2, "it damages what matters"
    assert tally.accepted > ARCHIVES / 20, "it gets past the door"
    assert store.runs() == []


def test_addresses_and_questions_that_no_page_has_are_answered_with_a_sentence(run: Run) -> None:
    with visitor.answered_here():
        visitor.Visitor(Random(0)).bother(run, ADDRESSES)


def test_a_crash_is_found_where_there_is_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.routes.train.as_csv", lambda points: 1 / 0)
    with visitor.answered_here(), pytest.raises(visitor.CrashError, match="ZeroDivisionError"):
        visitor.Visitor(Random(0)).look(run)


@pytest.mark.parametrize(
    "path",
    [
        "diagnose/frame/999999.json",
        "diagnose/frame/999999/hidden-1-light.png",
        "diagnose/hidden.csv?frames=999999",
        "features/frame/999999.json",
        "features/filters/999999/4x3x1-signed-shared-100-training-0-light.png",
        "features/film/999999/0x1-signed-shared-light.png",
        "filters/999999/4x3x1-signed-shared-light.png",
        "strip/999999/4x1-light.png",
    ],
)
def test_what_a_run_does_not_hold_is_not_found(run: Run, path: str) -> None:
    client = TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS))
    answer = client.get(f"/lab/runs/{run.id}/{path}")
    assert answer.status_code == 404
    assert "no picture 999999" in answer.json()["problem"]


def test_a_run_that_is_not_there_is_not_found_and_no_path_is_told(store: RunStore) -> None:
    answer = TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS)).get("/lab/runs/nobody/live")
    assert answer.status_code == 404
    assert "nobody" in answer.json()["problem"]
    assert "lab.db" not in answer.text
