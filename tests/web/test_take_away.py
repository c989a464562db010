"""Downloads of a run: made by a route and only when somebody asks."""

import csv
import io
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.archive import export
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from tests.samples import make_run
from web.answers import PROBLEMS
from web.routes.take_away import FORMS, file_name, routes

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def client(store: RunStore) -> TestClient:
    return TestClient(Starlette(routes=routes(), exception_handlers=PROBLEMS))


def test_a_download_is_the_file_that_the_command_line_writes(
    client: TestClient, store: RunStore, tmp_path: Path
) -> None:
    run = make_run(store, "digits #1", RunStatus.DONE)
    for form in FORMS:
        file = tmp_path / f"run{form.suffix}"
        export(run, file)
        answer = client.get(f"/lab/runs/{run.id}/take-away/{form.title.lower()}{form.suffix}")
        assert answer.content == file.read_bytes()
        assert f"digits%20%231{form.suffix}" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"


def test_what_comes_is_what_it_says(client: TestClient, store: RunStore) -> None:
    base = f"/lab/runs/{make_run(store, HOSTILE, RunStatus.DONE).id}/take-away"
    rows = list(csv.DictReader(io.StringIO(client.get(f"{base}/numbers.csv").text)))
    assert {row["name"]: float(row["value"]) for row in rows}["recon_mse"] == 0.0123
    with zipfile.ZipFile(io.BytesIO(client.get(f"{base}/archive.zip").content)) as archive:
        assert "run.json" in archive.namelist()
    with Image.open(io.BytesIO(client.get(f"{base}/film.gif").content)) as film:
        assert film.format == "GIF"
    replay = client.get(f"{base}/replay.html").text
    assert HOSTILE not in replay
    # The only pictures are the report's own, which carry their bytes with them.
    assert all(source.startswith("data:image/") for source in re.findall(r"<img[^>]*?src=\"([^\"]*)\"", replay))
    assert replay.count("<img") == len(re.findall(r"<img[^>]*?src=\"data:image/", replay))


def test_nothing_is_left_behind_on_the_server(
    client: TestClient, store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    done, empty = make_run(store, status=RunStatus.DONE), make_run(store, status=RunStatus.QUEUED)
    assert client.get(f"/lab/runs/{done.id}/take-away/archive.zip").status_code == 200
    assert client.get(f"/lab/runs/{empty.id}/take-away/film.gif").status_code == 400
    assert not list(tmp_path.glob("take-away-*"))


def test_what_is_not_there_gets_a_sentence(client: TestClient, store: RunStore) -> None:
    empty = make_run(store, status=RunStatus.QUEUED)
    answer = client.get(f"/lab/runs/{empty.id}/take-away/film.gif")
    assert (answer.status_code, "no picture of its filters yet" in answer.json()["problem"]) == (400, True)
    assert client.get(f"/lab/runs/{empty.id}/take-away/film.exe").status_code == 404
    assert client.get("/lab/runs/gone/take-away/replay.html").status_code == 404


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("digits 256 #3", "digits 256 #3"),
        (HOSTILE, "script-img src-x onerror-alert(1)"),
        ("../../etc/passwd", "etc-passwd"),
        ("тест 1", "тест 1"),
        ("???", "run"),
    ],
)
def test_a_name_becomes_one_that_every_file_system_takes(name: str, file: str) -> None:
    assert file_name(name) == file
