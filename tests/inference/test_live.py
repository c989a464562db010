"""What a page is told while a run trains for real: worker, recorder, store and the route of the page."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.config import RunConfig
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.worker import train_run
from web.answers import PROBLEMS
from web.routes import all_routes

MOST = 5000  # bytes of a tick
SETTINGS = {"layers": [37], "epochs": 3, "data.train_size": 500, "batch_size": 20}


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS)) as client:
        yield client


def ticks(client: TestClient, run: Run) -> Iterator[tuple[int, dict[str, Any]]]:
    """Size in bytes and content of each answer of the open line until the run is over."""
    address = f"/lab/runs/{run.id}/live"
    seen = client.get(address).json()
    query = urlencode(seen["cursor"] | {"revision": seen["revision"]})
    with client.websocket_connect(f"{address}?{query}", headers={"origin": "http://testserver"}) as line:
        alive = True
        while alive:
            text = line.receive_text()
            if text:
                tick = json.loads(text)
                yield len(text.encode()), tick
                alive = tick["status"]["alive"]
                line.send_text("")


def test_a_page_is_told_every_number_of_a_run_in_training_once_in_ticks_under_five_kilobytes(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(f"sqlite:///{tmp_path / 'lab.db'}")
    monkeypatch.setenv("DBN_STORE", store.url)
    run = store.create_run(RunConfig().with_values(SETTINGS), "watched", executor="foreground")
    with ThreadPoolExecutor(1) as trainer:
        status = trainer.submit(train_run, store.url, run.id)
        told = list(ticks(client, run))
        assert status.result() == RunStatus.DONE
    assert max(size for size, _ in told) < MOST
    errors = [
        value
        for _, tick in told
        for key in tick["points"]
        if key.startswith("recon_mse/")
        for value in tick["points"][key][0]
    ]
    assert errors == [round(point.position.epoch, 4) for point in run.metrics(names=["recon_mse"])]
