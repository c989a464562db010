"""The API reference is served from its folder, and nothing else is."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.parts.header import about
from web.routes.reference import address, routes


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built reference in the current folder, with a secret beside it and other files inside."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "reference"
    (made / "dbn_core").mkdir(parents=True)
    for name in ("index.html", "search.js", "dbn_core.html", "dbn_core/models.html", "notes.txt", ".html"):
        (made / name).write_text(f"this is {name}", "utf-8")
    (tmp_path / "secret.html").write_text("a secret", "utf-8")
    (made / "out.html").symlink_to(tmp_path / "secret.html")
    return made


def test_pages_and_their_search_are_served_with_a_policy_that_lets_nothing_in(client: TestClient, folder: Path) -> None:
    for name, kind in (("dbn_core/models.html", "text/html"), ("search.js", "text/javascript")):
        answer = client.get(f"/lab/reference/{name}")
        assert (answer.status_code, answer.text) == (200, (folder / name).read_text("utf-8"))
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert client.get("/lab/reference/").text == "this is index.html"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "name",
    [
        "../secret.html",
        "..%2fsecret.html",
        "%2e%2e/secret.html",
        "dbn_core/..%2f..%2fsecret.html",
        "dbn_core/../index.html",
        "..%5csecret.html",
        "%2fetc%2fpasswd",
        "out.html",
        "notes.txt",
        "dbn_core",
        "dbn_core/models.html%00",
        "dbn_core%2fmodels.html%2f",
        "gone.html",
    ],
)
def test_nothing_else_is_served_whatever_the_address(client: TestClient, name: str) -> None:
    answer = client.get(f"http://testserver/lab/reference/{name}")
    assert "secret" not in answer.text
    assert answer.status_code == 404 or answer.text == "this is index.html"  # the client itself resolves a plain ..


def test_where_it_is_not_built_a_sentence_says_how(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = client.get(address(""))
    assert answer.status_code == 404
    assert "Build it with: python -m dbn_core reference" in answer.text


@pytest.mark.usefixtures("folder")
def test_the_menu_of_every_page_leads_to_it(client: TestClient) -> None:
    assert f"[API reference]({address('')})" in about()
    assert client.get(address("")).text == "this is index.html"
