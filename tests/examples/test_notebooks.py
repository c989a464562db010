"""The notebooks of `examples/` run from an empty folder, learn what they say, and are kept without outputs."""

import ast
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent.parent
BOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
Names = dict[str, Any]


def pictures(names: Names) -> list[tuple[int, int]]:
    """Sizes of what was shown."""
    return [shown.size for shown in names["shown"] if isinstance(shown, Image.Image)]


# What each claims of itself; a wide margin, for processors round differently.
CLAIMS: dict[str, Callable[[Names], bool]] = {
    "train-from-an-array": lambda made: (
        made["error"] < made["yardstick"] / 3 and made["shown"][-1] == (297, 48) and pictures(made) == [(640, 480)]
    ),
    "your-own-csv": lambda made: made["accuracy"] > 0.9 and made["digits"].label_names == tuple("0123456789"),
    "features-for-scikit-learn": lambda made: (
        made["on_features"] > made["on_pixels"] > 0.7 and made["search"].best_params_ == {"rbmtransformer__epochs": 10}
    ),
    "dreams": lambda made: made["right"] > 0.65 and pictures(made) == [(800, 640)],
    "load-a-run": lambda made: (
        made["own"] > 0.9 > made["known"] > 0.45
        and made["errors"][-1] > made["errors"][:-1].max()
        and pictures(made) == [(840, 168)]
    ),
}


def cells(book: Path, kind: str = "code") -> list[dict[str, Any]]:
    return [cell for cell in json.loads(book.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def run(book: Path) -> Names:
    """The names that its cells make, one after the other; under "shown" the last expression of each."""
    names: Names = {"__name__": "__main__", "shown": []}
    for number, cell in enumerate(cells(book)):
        tree = ast.parse(source(cell))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        where = f"{book.name}, code cell {number}"
        exec(compile(tree, where, "exec"), names)
        if isinstance(last, ast.Expr):
            names["shown"].append(eval(compile(ast.Expression(last.value), where, "eval"), names))
    return names


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_notebook_runs_from_an_empty_folder_and_does_what_it_says(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CLAIMS[book.stem](run(book))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_notebook_is_kept_without_outputs_and_asks_nothing_of_the_network(book: Path) -> None:
    assert json.loads(book.read_text("utf-8"))["nbformat"] == 4
    for cell in cells(book):
        assert (cell["outputs"], cell["execution_count"]) == ([], None)
        assert not re.search(r"https?:|urllib|requests|fetch_|download|subprocess|^[!%]", source(cell), re.MULTILINE)
        for node in ast.walk(ast.parse(source(cell))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else [module]
            known = {"", "PIL", "numpy", "sklearn", "torch", "dbn_core", *sys.stdlib_module_names}
            assert {name.partition(".")[0] for name in names} <= known


def test_every_notebook_begins_with_a_title_and_is_linked_from_the_readme() -> None:
    assert {book.stem for book in BOOKS} == set(CLAIMS)
    readme = (ROOT / "README.md").read_text("utf-8")
    for book in BOOKS:
        assert source(cells(book, "markdown")[0]).startswith("# ")
        assert f"(examples/{book.name})" in readme
