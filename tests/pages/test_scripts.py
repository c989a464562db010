"""The scripts of a page: what a module needs is known before a browser has read it."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from pages.parts import (
    classify_routes,
    compare_routes,
    diagnose_routes,
    feature_routes,
    generate_routes,
    microscope_routes,
    routes,
)
from pages.parts.scripts import Scripts

ALL = {
    "train": (routes.scripts(), "main.js"),
    "features": (feature_routes.SCRIPTS, "main.js"),
    "diagnose": (diagnose_routes.SCRIPTS, "main.js"),
    "ab": (diagnose_routes.SCRIPTS, "ab.js"),
    "compare": (compare_routes.SCRIPTS, "main.js"),
    "classify": (classify_routes.SCRIPTS, "main.js"),
    "generate": (generate_routes.SCRIPTS, "main.js"),
    "microscope": (microscope_routes.SCRIPTS, "main.js"),
}


def folder(path: Path, **scripts: Sequence[str]) -> Path:
    path.mkdir()
    for name, lines in scripts.items():
        (path / f"{name}.js").write_text("\n".join(lines), "utf-8")
    return path


def test_what_a_module_needs_is_followed_to_the_end_through_both_folders(tmp_path: Path) -> None:
    own = folder(
        tmp_path / "own",
        main=['import { a } from "./a.js"', 'const text = `import nothing from "./other.js"`'],
        a=["import {", "  b,", "  c,", '} from "./b.js"', 'import * as main from "./main.js"'],
        other=[],
    )
    shared = folder(tmp_path / "shared", b=['import { d } from "./d.js"'], d=[], main=['import "./other.js"'])
    assert Scripts(own, shared).needed_by("main.js") == ["a.js", "b.js", "main.js", "d.js"]


def test_a_module_that_is_not_there_needs_nothing(tmp_path: Path) -> None:
    assert Scripts(folder(tmp_path / "own")).needed_by("main.js") == []


def test_an_import_that_is_not_there_hides_no_other(tmp_path: Path) -> None:
    own = folder(
        tmp_path / "own",
        main=['import { a } from "./a.js"', 'import { b } from "./gone.js"'],
        a=['import { c } from "./c.js"'],
    )
    assert Scripts(own).needed_by("main.js") == ["a.js", "gone.js", "c.js"]


@pytest.mark.parametrize("page", ALL)
def test_no_import_of_any_page_is_overlooked(page: str) -> None:
    scripts, module = ALL[page]
    needed = scripts.needed_by(module)
    assert len(needed) > 3
    for name in (module, *needed):
        path = scripts.find(name)
        assert path is not None
        text = path.read_text("utf-8")
        assert set(re.findall(r'from\s+"\./([^"]+)"', text)) <= set(needed)
