"""What the Features page fetches, over HTTP."""

import csv
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.records import Checkpoint, Position, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore
from dbn_core.view import palette
from tests.film_samples import SHOWN, STEPS, make_film
from tests.samples import make_run
from web.answers import PROBLEMS
from web.routes import all_routes, feature_numbers
from web.routes.features import addresses
from web.scripts import module_address

HERE = {"Origin": "http://testserver"}


@pytest.fixture
def client(store: RunStore) -> TestClient:
    return TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS))


@pytest.fixture
def run(store: RunStore) -> Run:
    return make_film(store)


def index(client: TestClient, run: Run, **query: Any) -> dict[str, Any]:
    return client.get(f"/lab/runs/{run.id}/features/index", params=query).json()


def opened(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))


# -- the film ----------------------------------------------------------------------------------------------------------


def test_the_film_lists_every_moment_and_then_only_what_is_new(client: TestClient, run: Run) -> None:
    film = index(client, run)
    assert film["positions"]["step"] == [*STEPS["layer1"], *STEPS["layer2"]]
    assert [layer["shown"] for layer in film["layers"]] == [SHOWN, SHOWN]
    assert index(client, run, revision=film["revision"]) == {"revision": film["revision"]}


def test_the_film_lists_only_states_that_a_worker_will_still_find(client: TestClient, store: RunStore) -> None:
    run = make_film(store, status=RunStatus.RUNNING)
    writer = store.claim(run.id, "a test")
    writer.save_checkpoint(Checkpoint(Position(75, 2.5, "layer2"), b"not looked at", run.info().config, "latest"))
    assert index(client, run)["checkpoints"]["step"] == [30, 60]
    writer.set_status(RunStatus.STOPPED)
    assert index(client, run)["checkpoints"]["step"] == [30, 60, 75]


def test_every_picture_is_measured_a_part_at_a_time_and_the_table_says_the_same(
    client: TestClient, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feature_numbers, "MEASURED_AT_ONCE", 5)
    address = f"/lab/runs/{run.id}/features/measures"
    first = client.get(address).json()
    rest = client.get(address, params={"after": first["cursor"]}).json()
    assert (first["more"], rest["more"]) == (True, False)
    assert client.get(address, params={"after": rest["cursor"]}).json()["points"] == {}
    scale = [*first["points"]["spatial_scale/layer2"][1], *rest["points"]["spatial_scale/layer2"][1]]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{address}.csv").text)))
    assert [int(row["update"]) for row in rows] == [*STEPS["layer1"], *STEPS["layer2"]]
    assert scale == [pytest.approx(float(row["spatial_scale"]), rel=1e-3) for row in rows[4:]]
    assert all(1.5 < value < 7 for value in scale)


def test_the_articles_table_is_filled_from_the_first_layer(client: TestClient, run: Run) -> None:
    first, tenth, _ = index(client, run)["article"]
    assert first["run"]["mse"] == pytest.approx(0.5 / 31, rel=1e-3)
    assert 0 < first["run"]["localisation"] < 100
    assert 2 < first["run"]["scale"] < 8
    assert tenth["run"] is None


def test_a_run_without_pictures_has_a_film_of_nothing(client: TestClient, store: RunStore) -> None:
    assert index(client, make_run(store, status=RunStatus.QUEUED))["positions"]["step"] == []


def test_a_deleted_run_is_a_sentence(client: TestClient, run: Run) -> None:
    run.delete()
    answer = client.get(f"/lab/runs/{run.id}/features/index")
    assert answer.status_code == 404
    assert "no run" in answer.json()["problem"]


# -- pictures ----------------------------------------------------------------------------------------------------------


def picture(client: TestClient, run: Run, look: str, place: int = 3) -> np.ndarray:
    number = index(client, run)["layers"][0]["pictures"]["id"][place]
    answer = client.get(f"/lab/runs/{run.id}/features/filters/{number}/{look}.png")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    return opened(answer.content)


def test_the_order_puts_the_largest_norm_first(client: TestClient, run: Run) -> None:
    frame = index(client, run)["layers"][0]["frames"]["id"][3]
    as_trained = picture(client, run, "4x3x1-signed-shared-100-training-0-light")
    by_norm = picture(client, run, f"4x3x1-signed-shared-100-norm-{frame}-light")
    assert np.array_equal(by_norm[:7, :5], as_trained[:7, 3 * 6 : 3 * 6 + 5])  # unit 3
    assert np.array_equal(by_norm[:7, 6:11], as_trained[:7, 2 * 6 : 2 * 6 + 5])  # unit 2, whose norm is the step


def test_a_gain_pales_a_picture_on_the_scale_of_the_run(client: TestClient, run: Run) -> None:
    full = picture(client, run, "4x3x1-signed-shared-100-training-0-light")
    half = picture(client, run, "4x3x1-signed-shared-50-training-0-light")
    colours = np.frombuffer(palette.weights("signed", "light"), np.uint8).reshape(256, 3)
    assert tuple(full[0, 18, :3]) == tuple(colours[255])
    assert tuple(half[0, 18, :3]) == tuple(colours[128 + 64])


def test_a_film_has_one_tile_a_moment(client: TestClient, run: Run) -> None:
    numbers = index(client, run)["layers"][0]["pictures"]["id"]
    address = f"/lab/runs/{run.id}/features/film/{'-'.join(map(str, numbers))}/3x2-grey-each-light.png"
    assert opened(client.get(address).content).shape == (14, 2 * (4 * 6 - 1), 4)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("filters/{filters}/4x3x1-signed-shared-100-alphabet-0-light.png", 404),
        ("filters/{filters}/4x3x1-signed-loud-100-training-0-light.png", 404),
        ("filters/{filters}/400x3x1-signed-shared-100-training-0-light.png", 400),
        ("filters/{frame}/4x3x1-signed-shared-100-training-0-light.png", 404),
        ("filters/{filters}/4x3x1-signed-shared-100-norm-{filters}-light.png", 404),
        ("filters/999999/4x3x1-signed-shared-100-training-0-light.png", 404),
        ("projection/{filters}/4x3x1-training-0-light.png", 404),
        ("film/{filters}-x/3x1-signed-each-light.png", 400),
        ("film/{filters}/28x1-signed-each-light.png", 404),
        ("frame/{filters}.json", 404),
        ("unit/layer1/29.json", 404),
        ("unit/finetune/0.json", 404),
        ("unit/layer1/3.json?after=-1", 400),
        ("measures?after=x", 400),
    ],
)
def test_what_is_not_there_or_not_allowed_gets_an_answer(client: TestClient, run: Run, path: str, status: int) -> None:
    layer = index(client, run)["layers"][0]
    numbers = {"filters": layer["pictures"]["id"][0], "frame": layer["frames"]["id"][0]}
    answer = client.get(f"/lab/runs/{run.id}/features/{path.format(**numbers)}")
    assert answer.status_code == status
    assert "Traceback" not in answer.text


# -- frames and units --------------------------------------------------------------------------------------------------


def test_a_frame_has_histograms_and_the_orders_of_the_drawn_units(client: TestClient, run: Run) -> None:
    number = index(client, run)["layers"][0]["frames"]["id"][2]
    answer = client.get(f"/lab/runs/{run.id}/features/frame/{number}.json")
    data = answer.json()
    assert "immutable" in answer.headers["cache-control"]
    assert data["histograms"]["v_bias"] == {"counts": [3, 8, 2], "low": -0.5, "high": 0.5}
    assert data["orders"]["activity"][0] == 5
    assert data["orders"]["norm"][:2] == [3, 2]


def test_a_units_figures_come_once_also_those_of_units_without_a_picture(client: TestClient, run: Run) -> None:
    address = f"/lab/runs/{run.id}/features/unit/layer1"
    figures = client.get(f"{address}/2.json").json()
    assert (figures["step"], figures["norm"]) == ([0, 10, 20, 30], [0, 10, 20, 30])
    assert client.get(f"{address}/2.json", params={"after": figures["id"][2]}).json()["step"] == [30]
    assert client.get(f"{address}/28.json").json()["norm"] == [1, 1, 1, 1]


def test_the_table_of_a_unit_equals_its_figures(client: TestClient, run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"/lab/runs/{run.id}/features/unit/layer2/5.csv").text)))
    assert [(int(row["update"]), float(row["activity"])) for row in rows] == [(31, 0.9), (45, 0.9), (60, 0.9)]


# -- asking for work ---------------------------------------------------------------------------------------------------


def question(client: TestClient, run: Run, **changes: Any) -> Any:
    newest = run.checkpoints()[-1].id
    body = {"checkpoint": newest, "layer": 2, "projection": "clamp_and_sample_down"} | changes
    return client.post(f"/lab/runs/{run.id}/features/ask/projection", json=body, headers=HERE)


@pytest.mark.parametrize("path", ["ask/projection", "ask/life"])
def test_a_link_or_a_page_of_another_site_starts_no_work(client: TestClient, run: Run, path: str) -> None:
    address = f"/lab/runs/{run.id}/features/{path}"
    assert client.get(address).status_code == 405
    assert client.post(address, json={}).status_code == 403
    assert client.post(address, json={}, headers={"Origin": "http://elsewhere.example"}).status_code == 403
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(address, content="a=b", headers=HERE | form).status_code == 415


@pytest.mark.parametrize(
    "wrong",
    [
        {"layer": 0},
        {"layer": True},
        {"checkpoint": "1"},
        {"projection": "weights"},
        {"projection": "clamp and sample down"},
        {"layer": 2.5},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(client: TestClient, run: Run, wrong: dict[str, Any]) -> None:
    assert question(client, run, **wrong).status_code == 400


def test_a_projection_that_is_kept_needs_no_worker(client: TestClient, run: Run) -> None:
    pixels = np.full((5, 7, 5), 40, np.uint8)
    info = SnapshotInfo("projection", Position(60, 2.0, "layer2"), pixels.shape, 1.0, "clamp_and_sample_down")
    number = run.keep_projection(Snapshot(info, pixels))
    assert question(client, run).json() == {"id": number, "step": 60}
    shown = client.get(f"/lab/runs/{run.id}/features/projection/{number}/3x2x1-training-0-light.png")
    inks = np.frombuffer(palette.ink("light"), np.uint8).reshape(256, 3)
    assert tuple(opened(shown.content)[0, 0, :3]) == tuple(inks[40])


def test_without_a_worker_a_question_gets_a_sentence(client: TestClient, run: Run) -> None:
    answer = question(client, run)
    assert answer.status_code == 400
    assert "DBN_SCHEDULER" in answer.json()["problem"]


def test_a_state_that_is_no_longer_kept_is_named(client: TestClient, run: Run) -> None:
    answer = question(client, run, checkpoint=999_999)
    assert answer.status_code == 404
    assert "no longer kept" in answer.json()["problem"]


# -- addresses ---------------------------------------------------------------------------------------------------------


def test_scripts_are_the_pages_own_and_those_it_shares_and_nothing_else(client: TestClient) -> None:
    folder = module_address("", "features").removesuffix("/features/main.js")
    for name in ("features/main.js", "shared/charts.js", "shared/dom.js", "features/scrubber.js"):
        answer = client.get(f"{folder}/{name}")
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
    assert "Scrubber" in client.get(f"{folder}/features/main.js").text
    for name in ("features.css", "..%2Flive%2Fmain.js", "nothing.js"):
        assert client.get(f"{folder}/features/{name}").status_code == 404


def test_addresses_lead_to_routes_also_below_a_prefix(store: RunStore, run: Run) -> None:
    below = TestClient(Starlette(routes=all_routes("/school"), exception_handlers=PROBLEMS))
    places = addresses("/school", run.id)
    assert below.get(module_address("/school", "features")).status_code == 200
    assert below.get(f"{places['features']}/index").json()["positions"]["step"]


def test_a_number_of_thousands_of_digits_is_no_address(client: TestClient, run: Run) -> None:
    here = f"/lab/runs/{run.id}/features"
    assert client.get(f"{here}/frame/{'9' * 5000}.json").status_code == 404
    film = client.get(f"{here}/film/{'9' * 5000}/0x1-grey-each-light.png")
    assert film.status_code in {400, 404}
