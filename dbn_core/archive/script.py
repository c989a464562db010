"""Modules of the browser as one script, for a file that stands alone.

Each module becomes a function whose answer is what it exports; those that it imports come before it. It may import
names (`import { a, b as c } from`) or a whole module (`import * as a from`) by a relative path, and export what it
declares (`export class`, `export const`, `export function`): that is all that our scripts do.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import (?:\* as (?P<whole>\w+)|(?P<names>\{[^}]*\})) from "(?P<path>[^"]+)"\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function) (?P<name>\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(main: Path) -> str:
    """`main` with everything that it needs. Raises ValueError for an import or export that is none of the above."""
    parts: dict[Path, str] = {}
    _add(main.resolve(), parts)
    body = "\n".join(parts.values())
    return f'(() => {{\n"use strict"\nconst modules = []\n{body}\n}})()'


def _add(path: Path, parts: dict[Path, str]) -> None:
    """Puts a module behind those that it imports, each once; a module is known by its place among them."""
    if path in parts:
        return
    text = path.read_text("utf-8")
    for match in _IMPORT.finditer(text):
        _add((path.parent / match["path"]).resolve(), parts)
    places = {module: place for place, module in enumerate(parts)}
    body = _IMPORT.sub(lambda match: _imported(match, places[(path.parent / match["path"]).resolve()]), text)
    exported = ", ".join(match["name"] for match in _EXPORT.finditer(body))
    body = _EXPORT.sub("", body)
    if other := _OTHER.search(body):
        raise ValueError(f"{path.name} has {other[0]!r}, which a script that stands alone cannot have")
    parts[path] = f"modules.push((() => {{\n{body}return {{ {exported} }}\n}})())"


def _imported(match: re.Match[str], place: int) -> str:
    names = match["whole"] or match["names"].replace(" as ", ": ")
    return f"const {names} = modules[{place}]\n"
