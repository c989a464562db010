"""The scripts of a page: one address a content, nothing but scripts, and what a module needs is known beforehand."""

import gzip
import os.path
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.places import ASSETS
from web.routes import all_routes
from web.scripts import Scripts, module_address, scripts

PAGES = ("ab", "classify", "compare", "diagnose", "features", "generate", "keys", "live", "microscope")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Scripts of two pages and a shared one, and what is none beside them."""
    for name in ("one/main.js", "two/main.js", "shared/dom.js", "one/one.css", "one/deep/hidden.js", "top.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"// {name}", "utf-8")
    return tmp_path


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=all_routes()))


def test_scripts_are_the_js_files_one_folder_deep(folder: Path) -> None:
    assert list(Scripts(folder).paths) == ["one/main.js", "shared/dom.js", "two/main.js"]


@pytest.mark.parametrize("name", ["one/main.js", "two/main.js", "shared/dom.js"])
def test_any_change_of_any_script_changes_the_version(folder: Path, name: str) -> None:
    before = Scripts(folder).version
    assert Scripts(folder).version == before
    (folder / name).write_text("// another", "utf-8")
    assert Scripts(folder).version != before


def test_a_change_of_another_file_changes_the_version_where_it_counts(folder: Path) -> None:
    library = folder / "top.js"
    with_library, without = Scripts(folder, also=(library,)).version, Scripts(folder).version
    library.write_text("// newer", "utf-8")
    assert Scripts(folder, also=(library,)).version != with_library
    assert Scripts(folder).version == without


@pytest.mark.parametrize(
    "name",
    [
        "../app.py",
        "..%2fapp.py",
        "live/..%2f..%2fapp.py",
        "live/%2e%2e%2fshared%2fdom.js",
        "live/live.css",
        "live/nothing.js",
        "shared/",
        "texts/live.json",
        "modules.json",
        "live/main.js%00",
        "nothing/main.js",
    ],
)
def test_what_is_no_script_is_not_there(client: TestClient, name: str) -> None:
    assert client.get(f"/lab/assets/{scripts().version}/{name}").status_code == 404


@pytest.mark.parametrize("name", ["live/main.js", "shared/dom.js", "plotly.min.js"])
def test_a_script_is_packed_for_those_who_can_unpack_it_and_kept_for_ever(client: TestClient, name: str) -> None:
    address = f"/lab/assets/{scripts().version}/{name}"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content))
    for answer in (packed, plain):
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("page", PAGES)
def test_no_import_of_any_page_is_overlooked(client: TestClient, page: str) -> None:
    needed = scripts().needed_by(page)
    assert len(needed) > 3
    assert len(set(needed)) == len(needed)
    module = module_address("", page)
    for name in (f"{page}/main.js", *needed):
        answer = client.get(f"{module.removesuffix(f'/{page}/main.js')}/{name}")
        assert answer.status_code == 200
        code = re.sub(
            r"/\*.*?\*/", "", answer.text, flags=re.DOTALL
        )  # types are imported in comments, which load nothing
        imported = re.findall(r'from\s+"([^"]+)"', code)
        assert {os.path.normpath(f"{Path(name).parent}/{one}") for one in imported} <= set(needed)


def test_every_folder_with_a_component_is_in_the_table() -> None:
    mounted = {
        path.parent.name for path in ASSETS.glob("*/main.js") if "export function mount" in path.read_text("utf-8")
    }
    assert mounted == set(PAGES)
