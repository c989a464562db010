"""What the Classify page asks, over HTTP: every bad picture gets one sentence before any worker is troubled."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.config import RunConfig
from dbn_core.errors import DataError
from dbn_core.records import Checkpoint, MetricPoint, Position, RunStatus
from dbn_core.store import Run, RunStore
from tests.samples import make_run
from web.answers import PROBLEMS
from web.asking import drawing
from web.routes import all_routes
from web.scripts import module_address

HERE = {"origin": "http://testserver"}


@pytest.fixture
def client(store: RunStore) -> TestClient:
    app = Starlette(routes=all_routes(), exception_handlers=PROBLEMS)
    return TestClient(app)


@pytest.fixture
def saved(store: RunStore) -> Run:
    return with_checkpoint(store, make_run(store))


def with_checkpoint(store: RunStore, run: Run) -> Run:
    position = Position(200, 1.25, "layer1")
    store.claim(run.id, "a test").save_checkpoint(Checkpoint(position, b"state", run.info().config, "epoch"))
    return run


def png(pixels: Any) -> str:
    out = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def ask(client: TestClient, run: Run, **body: Any) -> Any:
    return client.post(f"/lab/runs/{run.id}/classify/recognise", json={"theme": "light", **body}, headers=HERE)


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ("", "There is no picture in the question"),
        ("!!!", "did not arrive whole"),
        (base64.b64encode(b"a text, no image").decode(), "is not an image that can be read"),
        (png(np.zeros((31, 29), np.uint8)), "The picture is blank"),
        (png(np.full((31, 29), 255, np.uint8)), "The picture is blank"),
        (png(Image.new("1", (8000, 5000))), "more than 30 megapixels"),
    ],
)
def test_a_bad_picture_gets_one_sentence(client: TestClient, saved: Run, picture: str, sentence: str) -> None:
    answer = ask(client, saved, picture=picture)
    assert answer.status_code == 400
    assert sentence in answer.json()["problem"]


def test_a_file_that_is_too_large_is_not_even_read(client: TestClient, saved: Run) -> None:
    answer = ask(client, saved, picture="A" * drawing.QUESTION.bytes)
    assert answer.status_code == 413
    assert "8 MiB" in answer.text


def test_a_good_drawing_reaches_the_workers(client: TestClient, saved: Run) -> None:
    page = np.full((280, 280), 255, np.uint8)
    page[40:240, 130:150] = 0
    answer = ask(client, saved, picture=png(page))
    assert "127.0.0.1:9" in answer.json()["problem"]  # where the workers of this test would be


def test_a_run_that_was_never_saved_says_so(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    for question in ("recognise", "confusion", "map"):
        body = {"theme": "light", "heldout": 3, "layer": 1, "cases": 1000, "method": "pca"}
        answer = client.post(f"/lab/runs/{run.id}/classify/{question}", json=body, headers=HERE)
        assert "not been saved yet" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("question", "body"),
    [
        ("recognise", {"theme": "pink", "heldout": 1}),
        ("recognise", {"theme": "light", "heldout": -1}),
        ("map", {"theme": "light", "layer": 1, "cases": 1000, "method": "umap"}),
        ("map", {"theme": "light", "layer": 1, "cases": 10**6, "method": "pca"}),
        ("cell", {"theme": "light", "checkpoint": 1, "classifier": "x", "truth": "3", "answer": 1}),
    ],
)
def test_nonsense_is_refused(client: TestClient, saved: Run, question: str, body: dict[str, Any]) -> None:
    answer = client.post(f"/lab/runs/{saved.id}/classify/{question}", json=body, headers=HERE)
    assert answer.status_code in {400, 404}


@pytest.mark.parametrize("question", ["recognise", "confusion", "cell", "map"])
def test_only_a_page_of_the_lab_may_ask(client: TestClient, saved: Run, question: str) -> None:
    address = f"/lab/runs/{saved.id}/classify/{question}"
    assert client.get(address).status_code == 405
    assert client.post(address, json={}).status_code == 403
    assert client.post(address, json={}, headers={"origin": "http://evil.example"}).status_code == 403


def test_the_newest_checkpoint_is_the_one_that_is_asked(store: RunStore, saved: Run) -> None:
    writer = store.claim(saved.id, "a test")
    for step in (300, 400):
        writer.save_checkpoint(Checkpoint(Position(step, step / 100, "layer1"), b"state", RunConfig(), "epoch"))
    writer.save_checkpoint(Checkpoint(Position(450, 4.5, "layer1"), b"state", RunConfig(), "latest"))
    by_step = {kept.position.step: kept.id for kept in saved.checkpoints()}
    assert saved.require_checkpoint().id == by_step[400]  # one within an epoch may be replaced while a worker reads it
    writer.set_status(RunStatus.STOPPED)
    assert saved.require_checkpoint().id == by_step[450]


def test_results_of_the_experiment_are_told_once(client: TestClient, store: RunStore) -> None:
    run = store.create_run(RunConfig().with_values({"fewlabels.seeds": 2}))
    point = MetricPoint("error/global/100/0", 12.5, Position(9, 11.0, "fewlabels"))
    store.claim(run.id, "a test").write(metrics=[point])
    address = f"/lab/runs/{run.id}/classify/few"
    first = client.get(address).json()
    assert (first["few"]["done"], first["few"]["all"], first["status"]["alive"]) == (1, 30, True)
    assert client.get(address, params={"revision": first["revision"]}).status_code == 204


def test_scripts_of_the_page_its_board_and_the_shared_ones_have_one_address(client: TestClient) -> None:
    module = module_address("", "classify")
    assert "mount(component)" in client.get(module).text
    shared = module.replace("classify/main.js", "shared")
    for name, part in (("board.js", "class DrawingBoard"), ("dom.js", "export function el"), ("plotting.js", "react(")):
        assert part in client.get(f"{shared}/{name}").text
    assert client.get(module.replace("main.js", "../../app.py")).status_code == 404


# -- pictures as the images of a run ----------------------------------------------------------------------------------


def content(pixels: np.ndarray) -> bytes:
    return base64.b64decode(png(pixels))


def test_drawing_is_offered_for_whole_grey_digits_only() -> None:
    def config(**settings: Any) -> RunConfig:
        return RunConfig().with_values(settings)

    assert drawing.can_be_drawn(config())
    assert drawing.can_be_drawn(config(**{"data.name": "mnist"}))
    assert not drawing.can_be_drawn(config(**{"data.name": "fashion-mnist"}))
    assert not drawing.can_be_drawn(config(**{"data.patch": 11}))
    assert drawing.network_shape(config(**{"data.name": "cifar10"})) == (32, 32, 3)
    assert drawing.network_shape(config(**{"data.name": "cifar10", "data.grey": True})) == (32, 32)


def test_a_photograph_for_a_colour_network_is_cut_to_its_shape() -> None:
    picture = np.zeros((60, 90, 3), np.uint8)
    picture[:, :, 1] = 200
    picture[:30] = 10
    config = RunConfig().with_values({"data.name": "cifar10", "visible": "gaussian", "data.preprocessing": "standard"})
    assert drawing.as_image_of(config, content(picture)).shape == (32, 32, 3)


def test_too_much_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(DataError, match="more than 8 MiB"):
        drawing.content_of("A" * (12 * 2**20))
