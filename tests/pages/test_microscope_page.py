"""The Microscope page without a browser: it opens in an empty lab, and what it fetches is there."""

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dbn_core.data.tiny import tiny_names, tiny_set
from dbn_core.places import ASSETS
from dbn_core.store import RunStore
from tests.pages.opening import SHELL
from tests.waiting import PATIENCE
from web.answers import PROBLEMS
from web.routes import all_routes
from web.routes.microscope import addresses
from web.scripts import module_address


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS))


def test_the_page_needs_no_run_and_no_cluster(store: RunStore) -> None:
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE).run().switch_page("microscope.py").run()
    assert not app.exception
    assert not app.error
    assert not store.runs()


@pytest.mark.parametrize("name", tiny_names())
def test_a_data_set_is_told_whole(client: TestClient, name: str) -> None:
    answer = client.get(f"{addresses('')['sets']}/{name}.json")
    told, known = answer.json(), tiny_set(name)
    assert told["patterns"] == known.patterns.tolist()
    assert told["counts"] == known.counts.tolist()
    assert (told["bits"], told["kind"], told["title"]) == (known.bits, known.kind, known.title)
    assert "immutable" in answer.headers["cache-control"]


def test_an_unknown_data_set_gets_a_sentence(client: TestClient) -> None:
    answer = client.get(f"{addresses('')['sets']}/donut.json")
    assert answer.status_code == 400
    assert "Choose one of: bars-3" in answer.json()["problem"]


def test_scripts_of_the_page_and_shared_ones_are_served_and_nothing_else(client: TestClient) -> None:
    here = module_address("", "microscope").rsplit("/", 1)[0]
    assert client.get(f"{here}/main.js").headers["content-type"].startswith("text/javascript")
    assert "export function el(" in client.get(here.replace("/microscope", "/shared/dom.js")).text
    assert client.get(f"{here}/microscope.css").status_code == 404
    assert client.get(f"{here}/..%2Fdigits.npz").status_code == 404


def test_every_panel_has_its_help_and_every_lesson_names_what_exists() -> None:
    texts = json.loads((ASSETS / "texts" / "microscope.json").read_text("utf-8"))
    for panel in texts["panels"].values():
        assert all(panel[key] for key in ("question", "look", "formula", "unit", "lies"))
    for lesson in texts["lessons"]:
        assert lesson["title"]
        assert lesson["text"]
        assert lesson["set"].get("set", "ring") in tiny_names()
        assert set(lesson["set"]) <= {"set", "hidden", "seed", "temperature", "method", "rate", "temperatures", "fresh"}
