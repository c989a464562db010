"""The API reference holds every public name with its docstring, and its pages ask for nothing from outside."""

import importlib
import inspect
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from pdoc.render_helpers import to_html

import dbn_core
from dbn_core.cli.app import lab
from dbn_core.errors import DataError, PackageError
from dbn_core.reference import build, building
from dbn_core.reference.prose import markdown

LOADING = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("link", "href"),
    ("source", "src"),
    ("object", "data"),
}


class Page(HTMLParser):
    """The text of a page, its anchors, and what it would load."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.anchors: set[str] = set()
        self.loaded: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.anchors |= {value for name, value in attrs if name == "id" and value}
        self.loaded += [value or "" for name, value in attrs if (tag, name) in LOADING]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return plain("".join(self.words))


def plain(text: str) -> str:
    """Without line breaks, indentation and backticks."""
    return " ".join(text.replace("`", "").split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("built") / "reference"
    done = CliRunner().invoke(lab, ["reference", "--to", str(made)])
    assert (done.exit_code, "Wrote" in done.stderr) == (0, True), done.output
    return made


def public() -> list[str]:
    """Every module that says what is public in it, as its source says."""
    root = Path(dbn_core.__file__).parent
    files = [file for file in root.rglob("*.py") if re.search(r"^__all__ = ", file.read_text("utf-8"), re.MULTILINE)]
    return [".".join((root.name, *file.relative_to(root).parts)).removesuffix(".__init__.py") for file in files]


def page(folder: Path, module: str) -> Page:
    return Page((folder / f"{module.replace('.', '/')}.html").read_text("utf-8"))


def test_every_public_name_stands_in_it_with_its_docstring(folder: Path) -> None:
    assert {"dbn_core", "dbn_core.models.units", "dbn_core.sklearn"} <= set(public())
    for name in public():
        module, shown = importlib.import_module(name), page(folder, name)
        assert plain(module.__doc__ or "") in shown.text
        for public_name in module.__all__:
            thing = getattr(module, public_name)
            assert public_name == "__version__" or public_name in shown.anchors, f"{name}.{public_name}"
            if inspect.isclass(thing) or inspect.isfunction(thing):
                assert plain(inspect.getdoc(thing) or "") in shown.text, f"{name}.{public_name}"


def test_methods_are_there_and_those_of_torch_and_private_ones_are_not(folder: Path) -> None:
    anchors = page(folder, "dbn_core").anchors
    assert {"RBM.free_energy", "DBN.sample", "LoadedModel.features", "load"} <= anchors
    assert not {"RBM.register_buffer", "RBM._map"} & anchors


def test_every_error_that_a_docstring_names_is_explained(folder: Path) -> None:
    assert {"DataError", "ModelError", "PackageError"} <= page(folder, "dbn_core.errors").anchors


def test_no_page_loads_anything_from_outside(folder: Path) -> None:
    files = [*folder.rglob("*.html")]
    assert len(files) > 15
    for file in files:
        content = file.read_text("utf-8")
        addresses = [*Page(content).loaded, *re.findall(r"url\(['\"]?([^'\")]*)", content)]
        assert all(address.startswith("data:") for address in addresses), file
        assert not re.search(r"@import|fetch\(|XMLHttpRequest|import\(|sendBeacon|WebSocket", content), file
        scripts = re.findall(r"\.src = (.*?);", content)
        assert all(re.fullmatch(r'"(\.\./)*search\.js"', script) for script in scripts), file


def test_no_page_names_a_folder_of_the_machine_that_built_it(folder: Path) -> None:
    root = str(Path(dbn_core.__file__).parent.parent)
    assert not [file for file in folder.rglob("*.*") if root in file.read_text("utf-8")]


def test_every_page_is_reached_from_the_first(folder: Path) -> None:
    content = (folder / "dbn_core.html").read_text("utf-8")
    for file in (folder / "dbn_core").glob("*.html"):
        assert f'href="dbn_core/{file.name}"' in content
    assert 'href="models/units.html"' in (folder / "dbn_core" / "models.html").read_text("utf-8")


def test_signs_of_a_docstring_stay_as_they_are() -> None:
    text = "a * b * c, W_ij and v_k, 3 < 4 > 2 &amp; <script>, 1. [x](y)\n- log Z # 5 | 6 ~~7~~ `code_of * it` \\n !"
    shown = Page(to_html(markdown(text)))
    assert shown.text == plain(text)
    assert "<script" not in to_html(markdown(text))
    assert "<code>code_of * it</code>" in to_html(markdown(text))


def test_formulas_and_tables_keep_their_columns() -> None:
    table = "unit        u\nthreshold   1 where u > 1/2\n            else 0"
    shown = Page(to_html(markdown(f"How.\n\n{table}\n\n    F(v) = -b . v")))
    assert table in "".join(shown.words)
    assert "    F(v) = -b . v" in "".join(shown.words)


def test_building_again_takes_away_what_is_no_longer_public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "public_modules", lambda: ["dbn_core", "dbn_core.errors"])
    build(tmp_path / "new")
    old = tmp_path / "new" / "dbn_core" / "gone.html"
    old.touch()
    assert build(tmp_path / "new") == 2
    assert not old.exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match="holds something else than a reference; give a new or an empty folder"):
        build(tmp_path)
    with pytest.raises(DataError, match=r"thesis\.txt is a file"):
        build(tmp_path / "thesis.txt")
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_without_pdoc_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdoc", None)
    with pytest.raises(PackageError, match=r'needs pdoc, .* pip install pdoc, or "deep-belief-lab\[reference\]"'):
        build(tmp_path / "new")
    assert not (tmp_path / "new").exists()
