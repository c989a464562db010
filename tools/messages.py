"""Writes `assets/shared/messages.d.ts`, the types that the scripts are checked with, from `web/messages.py`.

    python -m tools.messages [--check]

`--check` writes nothing and fails where the file is stale.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from inspect import getdoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from web.messages import ANSWERS, FILES, VIEWS
from web.view_data import Words

TARGET = Path(__file__).parent.parent / "assets" / "shared" / "messages.d.ts"
HEAD = """// What the server tells the browser. Written from web/messages.py by tools/messages.py: change it there,
// then run `make format`.
"""
PLAIN: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    NoneType: "null",
    Any: "unknown",
}


def main() -> int:
    """Writes the file or, with `--check`, compares it. The exit status."""
    parser = argparse.ArgumentParser(description="Write assets/shared/messages.d.ts from web/messages.py.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is stale")
    text = declarations([*ANSWERS, *VIEWS, *FILES])
    if not parser.parse_args().check:
        TARGET.write_text(text, "utf-8")
    elif TARGET.read_text("utf-8") != text:
        print("assets/shared/messages.d.ts is stale; run `make format`.", file=sys.stderr)
        return 1
    return 0


def declarations(messages: Sequence[type]) -> str:
    """The file: an interface for each message and for whatever it is made of, by name.

    Raises ValueError when two of them have the same name, TypeError for a type that JSON has no form of.
    """
    known: dict[str, type] = {}
    waiting = list(messages)
    while waiting:
        kind = waiting.pop()
        if known.setdefault(kind.__name__, kind) is not kind:
            raise ValueError(f"two messages are called {kind.__name__}: one in {kind.__module__}")
        inner = (each for hint in _parts(kind).values() for each in _kinds(hint))
        waiting += [each for each in inner if known.get(each.__name__) is not each]
    return HEAD + "".join(f"\n{_interface(known[name])}" for name in sorted(known))


def _kinds(hint: Any) -> Iterator[type]:
    """The messages in a type."""
    if _is_message(hint):
        yield hint
    for part in get_args(hint):
        yield from _kinds(part)


def _is_message(hint: Any) -> bool:
    return is_typeddict(hint) or (isinstance(hint, type) and is_dataclass(hint))


def _parts(kind: type) -> dict[str, Any]:
    """Types of its fields, by name."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind)} if is_dataclass(kind) else hints


def _interface(kind: type) -> str:
    lines = "".join(f"  {name}{_of(hint)}\n" for name, hint in _parts(kind).items())
    return f"{_comment(getdoc(kind) or '')}export interface {kind.__name__} {{\n{lines}}}\n"


def _comment(text: str) -> str:
    first, *rest = text.splitlines()
    if not rest:
        return f"/** {first} */\n"
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in (first, *rest)), " */\n"])


def _of(hint: Any) -> str:
    if get_origin(hint) is NotRequired:
        return f"?: {script_type(get_args(hint)[0])}"
    return f": {script_type(hint)}"


def script_type(hint: Any) -> str:
    """A type as TypeScript writes it. Raises TypeError for one that JSON has no form of."""
    origin, parts = get_origin(hint), get_args(hint)
    if _is_message(hint):
        return hint.__name__
    if hint in PLAIN:
        return PLAIN[hint]
    if origin is Annotated:
        return shape(parts[1].make()) if isinstance(parts[1], Words) else script_type(parts[0])
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in parts)
    if origin in {Union, UnionType}:
        return " | ".join(script_type(part) for part in parts)
    return _collection(hint, origin, parts)


def _collection(hint: Any, origin: Any, parts: tuple[Any, ...]) -> str:
    if origin is tuple and parts[-1] is not ...:
        return f"[{', '.join(script_type(part) for part in parts)}]"
    if origin in {list, tuple, Sequence}:
        item = script_type(parts[0])
        return f"({item})[]" if get_origin(parts[0]) in {Union, UnionType, Literal} else f"{item}[]"
    if origin in {dict, Mapping}:
        return f"Record<{script_type(parts[0])}, {script_type(parts[1])}>"
    raise TypeError(f"JSON has no form of {hint}")


def shape(value: Any, indent: str = "  ") -> str:
    """The type of one value: an object has exactly its keys; items of a list are as alike as they are."""
    if isinstance(value, Mapping):
        lines = "".join(f"{indent}  {_key(key)}: {shape(part, indent + '  ')}\n" for key, part in value.items())
        return f"{{\n{lines}{indent}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(shape(part, indent) for part in value)}]"
    if isinstance(value, list):
        kinds = list(dict.fromkeys(shape(part, indent) for part in value))
        return f"{kinds[0]}[]" if len(kinds) == 1 else f"({' | '.join(kinds)})[]"
    return PLAIN[type(value)]


def _key(name: str) -> str:
    return name if name.isidentifier() else f'"{name}"'


if __name__ == "__main__":
    sys.exit(main())
