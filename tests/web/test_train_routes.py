"""What the browser fetches by itself, over HTTP."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.commands import Pause
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from dbn_core.view import mosaic
from dbn_core.view.mosaic import MosaicOptions
from tests.samples import HERE, make_run
from web.answers import PROBLEMS
from web.routes import all_routes
from web.routes.train import addresses
from web.scripts import module_address, scripts


@pytest.fixture
def client(store: RunStore) -> TestClient:
    return TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS))


def test_the_first_answer_holds_everything_and_the_next_one_nothing(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    first = client.get(f"/lab/runs/{run.id}/live").json()
    assert set(first["points"]) == {
        "recon_mse/layer1",
        "heldout_recon_mse/layer1",
        "sparsity/layer1",
        "dead_units/layer1",
    }
    assert first["filters"]["units"] == 23
    assert first["strip"]["cases"] == 7
    again = client.get(f"/lab/runs/{run.id}/live", params=first["cursor"] | {"revision": first["revision"]})
    assert (again.status_code, again.content) == (204, b"")
    assert again.headers["cache-control"] == "no-store"


def test_a_command_sent_and_obeyed_is_waiting_and_then_a_mark_told_once(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    address = f"/lab/runs/{run.id}/live"
    first = client.get(address).json()
    sent = run.send(Pause())
    waiting = client.get(address, params=first["cursor"] | {"revision": first["revision"]}).json()
    assert (waiting["waiting"], waiting["marks"], waiting["points"]) == (["pause"], [], {})
    store.claim(run.id, "a test").acknowledge(sent, HERE)
    done = client.get(address, params=waiting["cursor"] | {"revision": waiting["revision"]}).json()
    assert [mark["text"] for mark in done["marks"]] == ["pause"]
    later = client.get(address, params=done["cursor"] | {"revision": "older"}).json()
    assert (later["marks"], later["waiting"]) == ([], [])


def test_a_mosaic_is_a_png_of_the_asked_shape_that_may_be_kept_for_ever(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    newest = run.latest_snapshot("filters")
    assert newest is not None
    answer = client.get(f"/lab/runs/{run.id}/filters/{newest.id}/4x3x2-signed-each-dark.png")
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert Image.open(io.BytesIO(answer.content)).size == (2 * (4 * 4 - 1), 2 * (3 * 6 - 1))


def test_a_strip_is_a_png_of_the_asked_shape(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    newest = run.latest_snapshot("reconstructions")
    assert newest is not None
    answer = client.get(f"/lab/runs/{run.id}/strip/{newest.id}/5x3-light.png")
    image = Image.open(io.BytesIO(answer.content))
    assert image.size == (3 * (5 * 5 - 2), 3 * (2 * 5 + 2))
    assert len(np.unique(np.asarray(image.convert("L")))) > 10


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("filters/{filters}/4x3x2-signed-each-pink.png", 404),
        ("filters/{filters}/4x3x2-jet-each-dark.png", 404),
        ("filters/{filters}/999x3x2-signed-each-dark.png", 400),
        ("filters/{filters}/4x3x999-signed-each-dark.png", 400),
        ("strip/{strip}/0x1-light.png", 400),
        ("strip/{filters}/3x1-light.png", 404),
        ("filters/{strip}/4x3x2-signed-each-dark.png", 404),
        ("filters/999999/4x3x2-signed-each-dark.png", 404),
        ("live?metric=-1", 400),
        ("live?metric=9e9", 400),
    ],
)
def test_what_is_not_there_or_not_allowed_gets_an_answer_and_no_traceback(
    client: TestClient, store: RunStore, path: str, status: int
) -> None:
    run = make_run(store)
    filters, strip = run.latest_snapshot("filters"), run.latest_snapshot("reconstructions")
    assert filters is not None
    assert strip is not None
    answer = client.get(f"/lab/runs/{run.id}/{path.format(filters=filters.id, strip=strip.id)}")
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_a_deleted_run_is_a_sentence(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    run.delete()
    answer = client.get(f"/lab/runs/{run.id}/live")
    assert answer.status_code == 404
    assert "There is no run" in answer.json()["problem"]


def test_the_table_holds_every_digit_of_the_metrics_asked_for(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    answer = client.get(f"/lab/runs/{run.id}/metrics.csv", params={"names": "recon_mse,momentum"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["metric"], float(row["value"]), float(row["epoch"]), int(row["update"])) for row in rows] == [
        ("recon_mse", 0.0123, 1.25, 200),
        ("momentum", 0.9, 1.25, 200),
    ]
    assert "attachment" in answer.headers["content-disposition"]
    assert len(client.get(f"/lab/runs/{run.id}/metrics.csv").text.splitlines()) == 6


def test_scripts_come_from_the_installed_package_and_from_nowhere_else(client: TestClient) -> None:
    here = f"/lab/assets/{scripts().version}"
    plotly = client.get(f"{here}/plotly.min.js")
    assert b"plotly.js v" in plotly.content[:200]
    assert "immutable" in plotly.headers["cache-control"]
    assert client.get(f"{here}/live/main.js").headers["content-type"].startswith("text/javascript")
    for name in ("live.css", "..%2Flive%2Fmain.js", "..%2f..%2fapp.py", "nothing.js"):
        assert client.get(f"{here}/{name}").status_code == 404
        assert client.get(f"{here}/live/{name}").status_code == 404


def test_addresses_lead_to_routes_also_below_a_prefix(store: RunStore) -> None:
    run = make_run(store, status=RunStatus.DONE)
    below = TestClient(Starlette(routes=all_routes("/school"), exception_handlers=PROBLEMS))
    places = addresses("/school", run.id)
    assert below.get(places["live"]).json()["status"]["state"] == "done"
    assert below.get(module_address("/school", "live")).status_code == below.get(places["plotly"]).status_code == 200
    assert below.get(places["csv"]).status_code == 200


def test_health_counts_the_runs(client: TestClient, store: RunStore) -> None:
    make_run(store)
    assert client.get("/lab/health").json()["runs"] == 1


def test_a_picture_is_encoded_once_however_many_ask_for_it_at_the_same_moment(
    client: TestClient, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(store)
    newest = run.latest_snapshot("filters")
    assert newest is not None
    encoded: list[MosaicOptions] = []
    encode = mosaic.mosaic

    def counted(pixels: np.ndarray, options: MosaicOptions) -> bytes:
        encoded.append(options)
        return encode(pixels, options)

    monkeypatch.setattr(mosaic, "mosaic", counted)
    both = [f"/lab/runs/{run.id}/filters/{newest.id}/4x3x2-signed-each-{theme}.png" for theme in ("light", "dark")]
    with client, ThreadPoolExecutor(30) as class_of_thirty:
        answers = list(class_of_thirty.map(client.get, 30 * both))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 2
    assert sorted(options.theme for options in encoded) == ["dark", "light"]
