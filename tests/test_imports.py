"""What a fresh interpreter loads: the web side must start without torch, everything else without streamlit."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED_IN_APP = {"config", "commands", "records", "errors", "store", "jobs", "view", "data"}


# A folder without __init__.py imports as an empty namespace: that is a missing module, not a light one.
CODE = """
import importlib, sys
for name in sys.argv[1:]:
    assert importlib.import_module(name).__file__, f"{name} is an empty folder"
print(*{name.partition(".")[0] for name in sys.modules})
"""


def loaded_by(*modules: str) -> set[str]:
    """Top-level names in `sys.modules` after imports in an interpreter of its own."""
    command = [sys.executable, "-c", CODE, *modules]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_store_jobs_and_view_leave_torch_and_streamlit_out() -> None:
    assert not loaded_by("dbn_core.store", "dbn_core.jobs", "dbn_core.view") & {"torch", "torchvision", "streamlit"}


def test_the_catalogue_and_the_loaders_leave_torch_and_streamlit_out() -> None:
    assert not loaded_by("dbn_core.data.catalogue", "dbn_core.data") & {"torch", "torchvision", "streamlit"}


def test_the_contract_between_rooms_needs_no_heavy_library() -> None:
    loaded = loaded_by("dbn_core.config", "dbn_core.commands", "dbn_core.records", "dbn_core.errors")
    assert not loaded & {"torch", "streamlit", "sqlalchemy", "distributed", "dask", "plotly", "PIL"}


@pytest.mark.parametrize("library", ["sqlalchemy", "distributed", "dask"])
def test_the_view_draws_without(library: str) -> None:
    assert library not in loaded_by("dbn_core.view")


@pytest.mark.parametrize("library", ["plotly", "distributed", "dask"])
def test_the_store_works_without(library: str) -> None:
    assert library not in loaded_by("dbn_core.store")


def test_the_engine_trains_without_streamlit_and_plotly() -> None:
    assert not loaded_by("dbn_core.worker") & {"streamlit", "plotly"}


def test_the_package_itself_leaves_torch_to_its_models() -> None:
    assert "torch" not in loaded_by("dbn_core")
    assert "torch" in loaded_by("dbn_core.models")


def test_the_web_side_leaves_torch_and_streamlit_out() -> None:
    files = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "web").rglob("*.py")]
    names = [".".join(file.parts).removesuffix(".__init__") for file in files]
    assert "web.routes" in names
    assert not loaded_by(*names) & {"torch", "torchvision", "streamlit"}


def test_what_lies_in_parts_of_pages_needs_streamlit() -> None:
    # What needs none is for web or view: there it can be used and tested without a page.
    files = [path for path in (ROOT / "pages" / "parts").rglob("*.py") if path.name != "__init__.py"]
    assert len(files) > 10
    needs = re.compile(r"^import streamlit\b", re.MULTILINE)
    assert not [path.name for path in files if not needs.search(path.read_text("utf-8"))]


def test_app_imports_only_what_a_page_may_import() -> None:
    # import-linter reads packages only; app.py is a file.
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    rooms = {name.split(".")[1] for name in names if name.startswith("dbn_core.")}
    assert rooms <= ALLOWED_IN_APP
    assert not {name.partition(".")[0] for name in names} & {"torch", "torchvision", "plotly", "sqlalchemy", "dask"}
