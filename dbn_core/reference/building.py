"""The pages of the reference, by pdoc: for every package of the engine the names of its `__all__`.

`index.html`, `search.js`, `dbn_core.html`, `dbn_core/models.html`, `dbn_core/models/units.html` and so on.
"""

import importlib
import pkgutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import dbn_core
from dbn_core.errors import DataError
from dbn_core.extras import require
from dbn_core.reference.prose import markdown

if TYPE_CHECKING:
    from pdoc.doc import Doc, Module

ALSO = ("dbn_core.errors", "dbn_core.records")
"""What answers are made of and what is raised: files that are public as a whole."""
MARKS = ("search.js", "dbn_core.html")  # of a folder with a reference


def public_modules() -> list[str]:
    """The packages that say what is public in them, and `ALSO`; imports them, torch among what they need."""
    packages = [dbn_core.__name__, *_packages()]
    said = [name for name in packages if hasattr(importlib.import_module(name), "__all__")]
    return sorted({*said, *ALSO})


def build(folder: Path) -> int:
    """Write the reference into `folder`, over an earlier one if there is one; the number of its pages.

    Raises PackageError without pdoc, DataError where the folder holds something else or cannot be written.
    """
    require("reference", "The API reference")
    _refuse_other(folder)
    pages = _pages()
    try:
        _write(folder, pages)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror}; give another folder.") from error
    return len(pages) - len({"index.html", "search.js"})


def _packages() -> Iterator[str]:
    for found in pkgutil.walk_packages(dbn_core.__path__, f"{dbn_core.__name__}."):
        if found.ispkg:
            yield found.name


def _refuse_other(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; give a folder for the reference.")
    if folder.is_dir() and any(folder.iterdir()) and not all((folder / mark).is_file() for mark in MARKS):
        raise DataError(f"{folder} holds something else than a reference; give a new or an empty folder.")


def _write(folder: Path, pages: dict[str, str]) -> None:
    for name, content in pages.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    for old in (folder / dbn_core.__name__).rglob("*.html"):
        if old.relative_to(folder).as_posix() not in pages:
            old.unlink()  # of a package that there is no more


def _pages() -> dict[str, str]:
    """Contents by names relative to the folder."""
    from pdoc import render

    modules = {name: _module(name) for name in public_modules()}
    for name, module in modules.items():
        module.submodules = [other for path, other in modules.items() if path.rpartition(".")[0] == name]
    render.configure(
        docformat="markdown",
        footer_text=f"Deep Belief Lab {dbn_core.__version__}",
        show_source=False,
        math=False,  # it would fetch MathJax
        mermaid=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # annotations that are shapes, not types
        pages = {f"{name.replace('.', '/')}.html": render.html_module(it, modules) for name, it in modules.items()}
        index, search = render.html_index(modules), render.search_index(modules)
    return {"index.html": index, "search.js": search, **pages}


def _module(name: str) -> "Module":
    from pdoc.doc import Module

    module = importlib.import_module(name)
    _resolve(module)
    documented = Module(module)
    _as_markdown(documented)
    return documented


def _resolve(module: ModuleType) -> None:
    """Import what the module imports on first use: pdoc looks at what it holds."""
    for name in getattr(module, "__all__", ()):
        setattr(module, name, getattr(module, name))


def _as_markdown(doc: "Doc[Any]") -> None:
    from pdoc.doc import Function, Namespace

    is_inherited = isinstance(doc, Function) and doc.name == "__init__" and not doc.obj.__doc__
    doc.docstring = "" if is_inherited else markdown(doc.docstring)  # torch's, of every module of ours
    if isinstance(doc, Namespace):
        for member in doc.members.values():
            _as_markdown(member)
