"""What the Generate page fetches, over HTTP; questions are answered by the real functions, in this process."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.config import RunConfig
from dbn_core.jobs import tasks
from dbn_core.questions import HANDLERS, PrepareJudge, SampleQuality
from dbn_core.records import EVALUATION, RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.view.dreams import PACE, REST
from dbn_core.worker import train_run
from tests.waiting import until
from web import lab
from web.answers import PROBLEMS
from web.asking import dreams as generate_dreams
from web.routes import all_routes
from web.routes import generate as generate_routes
from web.scripts import module_address

SMALL = {"layers": [13], "data.train_size": 200, "batch_size": 20, "epochs": 1, "device": "cpu", "labels.joint": True}
ORIGIN = {"Origin": "http://testserver"}


class Here:
    """A cluster whose worker is this process. It counts its questions."""

    problem = ""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def ask(self, name: str, *arguments: Any, **how: Any) -> Any:
        del how
        self.questions.append(name)
        return tasks.answer(name, arguments)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    cluster = Here()
    monkeypatch.setattr(lab, "cluster", lambda: cluster)
    yield cluster
    generate_dreams._dreams.clear()


@pytest.fixture
def client(store: RunStore) -> TestClient:
    return TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS))


@pytest.fixture
def run(store: RunStore) -> Run:
    made = store.create_run(RunConfig().with_values(SMALL), "tiny", executor="foreground")
    assert train_run(store.url, made.id) == RunStatus.DONE
    return made


def asked(run: Run, **more: Any) -> dict[str, Any]:
    return {"checkpoint": run.checkpoints()[-1].id, "have": 0, "wanted": 1, "settings": {"rows": 1}, **more}


def encoded(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def dreamt(client: TestClient, run: Run, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/lab/runs/{run.id}/generate/dream", json=asked(run, **more), headers=ORIGIN)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_dream_comes_in_parts_and_its_pictures_for_ever(client: TestClient, run: Run, here: Here) -> None:
    first = dreamt(client, run, settings={"rows": 1, "label": "each", "steps": 30})
    assert (first["ready"], first["pictures"], first["columns"]) == (12, 31, 10)
    assert first["classes"] == list(range(10))
    rest = dreamt(client, run, settings={"rows": 1, "label": "each", "steps": 30}, have=12, wanted=31)
    assert (rest["ready"], rest["steps"][0], rest["steps"][-1]) == (31, 12, 30)
    assert len(rest["free_energy"]) == 19
    assert len(rest["free_energy"][0]) == 10
    picture = client.get(f"/lab/dreams/{first['key']}/30x1-light.png")
    assert Image.open(io.BytesIO(picture.content)).size == (10 * 30 - 2, 28)
    assert "immutable" in picture.headers["cache-control"]
    film = client.get(f"/lab/dreams/{first['key']}/film-dark.gif")
    # Frames that are alike are one in a GIF, shown for longer.
    shown = [frame.info["duration"] for frame in ImageSequence.Iterator(Image.open(io.BytesIO(film.content)))]
    assert sum(shown) == 30 * PACE + REST
    chain = client.get(f"/lab/dreams/{first['key']}/chain-9-dark.gif")
    assert Image.open(io.BytesIO(chain.content)).size == (28 * 8, 28 * 8)
    assert "dream-chain-10.gif" in chain.headers["content-disposition"]
    assert "no chain 10" in client.get(f"/lab/dreams/{first['key']}/chain-10-dark.gif").text


def test_thirty_viewers_of_a_dream_are_one_computation(client: TestClient, run: Run, here: Here) -> None:
    keys = {dreamt(client, run)["key"] for _ in range(30)}
    assert len(keys) == 1
    assert len(here.questions) == 1
    dreamt(client, run, settings={"rows": 1, "seed": 1})
    assert len(here.questions) == 2


def test_looking_starts_no_work(client: TestClient, run: Run, here: Here) -> None:
    here_is_none = f"/lab/dreams/{'0' * 24}"
    assert client.get(f"{here_is_none}/0x1-light.png").status_code == 404
    assert client.get(f"{here_is_none}/film-light.gif").status_code == 404
    assert client.get(f"/lab/quality/{'0' * 24}-light.json").status_code == 404
    for question in ("dream", "interpolation", "quality"):
        assert client.get(f"/lab/runs/{run.id}/generate/{question}").status_code == 405
        foreign = client.post(
            f"/lab/runs/{run.id}/generate/{question}", json=asked(run), headers={"Origin": "http://b"}
        )
        assert foreign.status_code == 403
    key = dreamt(client, run)["key"]
    assert client.get(f"/lab/dreams/{key}/99x1-light.png").status_code == 404
    assert client.get(f"/lab/dreams/{key}/0x99-light.png").status_code == 404
    assert client.get(f"/lab/dreams/{key}/0x1-pink.png").status_code == 404
    assert len(here.questions) == 1


def test_old_dreams_make_room(client: TestClient, run: Run, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate_dreams, "ROOM", 100_000)
    first, second = (dreamt(client, run, settings={"rows": 1, "seed": seed}) for seed in (1, 2))
    assert dreamt(client, run, settings={"rows": 1, "seed": 2})["key"] == second["key"]
    assert client.get(f"/lab/dreams/{first['key']}/0x1-light.png").status_code == 404
    again = dreamt(client, run, settings={"rows": 1, "seed": 1})
    assert again["free_energy"] == first["free_energy"]


def test_a_drawing_is_made_one_of_the_runs_images(client: TestClient, run: Run, here: Here) -> None:
    paper = np.full((280, 280, 3), 255, np.uint8)
    paper[60:220, 130:150] = 0
    drawn = encoded(Image.fromarray(paper))
    answer = dreamt(client, run, settings={"rows": 1, "start": "drawing"}, drawing=drawn)
    shown = client.get(f"/lab/dreams/{answer['key']}/0x1-light.png")
    first = np.asarray(Image.open(io.BytesIO(shown.content)))[:, :28]
    assert first[4:24, 12:16].max(1).min() > 150  # ink where the stroke is
    assert first[:, :5].max() <= 1


@pytest.mark.parametrize(
    ("question", "body", "sentence"),
    [
        ("dream", {"settings": {"keep": "left"}}, "There is no image to keep half of; start from held-out images"),
        ("dream", {"settings": {"start": "drawing"}}, "There is no picture in the question"),
        ("dream", {"settings": {"start": "drawing"}, "drawing": "AAAA"}, "not an image"),
        ("dream", {"settings": {"start": "drawing"}, "drawing": encoded(Image.new("L", (31, 29)))}, "picture is blank"),
        ("dream", {"settings": {"start": "drawing"}, "drawing": encoded(Image.new("1", (8000, 5000)))}, "megapixels"),
        ("dream", {"settings": {"label": 77}}, "There is no class 77; choose one from 0 to 9."),
        ("dream", {"settings": {"rows": 1000}}, "less than or equal to 10"),
        ("dream", {"checkpoint": 99_999}, "has no checkpoint 99999 any more"),
        ("interpolation", {"first": [3, 0], "second": [50, 0], "theme": "light"}, "There is no class 50"),
    ],
)
def test_what_cannot_be_dreamt_is_said_in_a_sentence(
    client: TestClient, run: Run, here: Here, question: str, body: dict[str, Any], sentence: str
) -> None:
    answer = client.post(f"/lab/runs/{run.id}/generate/{question}", json=asked(run, **body), headers=ORIGIN)
    assert answer.status_code in {400, 404}
    assert sentence in answer.json()["problem"]


def test_an_interpolation_comes_with_its_pictures(client: TestClient, run: Run, here: Here) -> None:
    body = asked(run, first=[1, 0], second=[7, 2], theme="dark")
    answers = [client.post(f"/lab/runs/{run.id}/generate/interpolation", json=body, headers=ORIGIN) for _ in range(2)]
    answer = answers[0].json()
    assert answer == answers[1].json()
    assert len(here.questions) == 1
    assert answer["through"].startswith("data:image/png;base64,")
    assert [len(row) for row in answer["distance"]] == [10, 10]


def judged(answer: dict[str, Any]) -> dict[str, Any] | None:
    """The answer, or none while a phase has still to be told."""
    if "phase" in answer:
        assert answer["phase"]
        return None
    return answer["answer"]


def test_quality_is_asked_once_and_looked_for(
    client: TestClient, run: Run, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbn_core.inference import quality_judge

    monkeypatch.setattr(quality_judge, "UPDATES", 7)
    monkeypatch.setattr(generate_routes, "IMAGES", 101)
    monkeypatch.setattr(generate_routes, "STEPS", 2)
    address = f"/lab/runs/{run.id}/generate/quality"
    keys = {client.post(address, json=asked(run), headers=ORIGIN).json()["key"] for _ in range(2)}
    (key,) = keys
    answer = until(lambda: judged(client.get(f"/lab/quality/{key}-light.json").json()), "the answer")
    assert [row["key"] for row in answer["rows"]] == ["real", "copies", "noise", "dreams", "held"]
    assert (answer["count"], answer["steps"]) == (101, 2)
    assert here.questions == [HANDLERS[PrepareJudge], HANDLERS[SampleQuality]]
    kept = {point.name: point.value for point in run.metrics() if point.position.stage == EVALUATION}
    assert (kept["samples.count"], kept["samples.steps"]) == (101, 2)
    assert kept["samples.dreams.coverage"] == pytest.approx(answer["rows"][3]["measures"]["coverage"], abs=0.001)


def test_scripts_are_found_and_nothing_else(client: TestClient) -> None:
    module = module_address("", "generate")
    folder = module.removesuffix("/generate/main.js")
    for name in ("generate/main.js", *(f"shared/{name}.js" for name in ("board", "plotting", "asking", "dom"))):
        answer = client.get(f"{folder}/{name}")
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["cache-control"]
    for name in ("secret.js", "generate/secret.js", "shared/main.js"):
        assert client.get(f"{folder}/{name}").status_code == 404
