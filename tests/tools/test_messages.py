"""What is written for the scripts says what Python's types say, and is up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import new_class
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest

from tools.messages import TARGET, declarations, script_type
from web.messages import ANSWERS, FILES, VIEWS
from web.view_data import Words


@dataclass(frozen=True)
class Curve:
    """A line."""

    name: str
    points: tuple[tuple[float, float | None], ...] = ()


class Shown(TypedDict):
    """What is shown.

    title: in words.
    """

    title: str
    curves: list[Curve]
    mark: NotRequired[int]


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (int, "number"),
        (float | None, "number | null"),
        (bool, "boolean"),
        (list[int], "number[]"),
        (list[int | str], "(number | string)[]"),
        (Sequence[str], "string[]"),
        (tuple[int, ...], "number[]"),
        (tuple[int, str, float | None], "[number, string, number | null]"),
        (dict[str, list[float]], "Record<string, number[]>"),
        (Mapping[Literal["light", "dark"], int], 'Record<"light" | "dark", number>'),
        (Literal["a", "b"] | None, '"a" | "b" | null'),
        (list[Shown], "Shown[]"),
        (Curve, "Curve"),
        (Annotated[Any, Words(lambda: {"a": "words", "b": 1})], "{\n    a: string\n    b: number\n  }"),
        (Annotated[Any, Words(lambda: [("a", 1), ("b", 2)])], "[string, number][]"),
        (Annotated[Any, Words(lambda: [{"a": None}, {"a": True}])], "({\n    a: null\n  } | {\n    a: boolean\n  })[]"),
        (Annotated[int, "pixels"], "number"),
    ],
)
def test_a_type_of_python_is_one_of_typescript(hint: Any, expected: str) -> None:
    assert script_type(hint) == expected


@pytest.mark.parametrize("hint", [bytes, set[int], complex])
def test_what_json_has_no_form_of_is_refused(hint: Any) -> None:
    with pytest.raises(TypeError, match="JSON has no form of"):
        script_type(hint)


def test_a_message_brings_what_it_is_made_of_with_its_words() -> None:
    assert declarations([Shown]).partition("\n\n")[2] == (
        "/** A line. */\n"
        "export interface Curve {\n"
        "  name: string\n"
        "  points: [number, number | null][]\n"
        "}\n"
        "\n"
        "/**\n"
        " * What is shown.\n"
        " *\n"
        " * title: in words.\n"
        " */\n"
        "export interface Shown {\n"
        "  title: string\n"
        "  curves: Curve[]\n"
        "  mark?: number\n"
        "}\n"
    )


def test_two_messages_of_one_name_are_refused() -> None:
    other = new_class("Curve", (Curve,))
    with pytest.raises(ValueError, match="two messages are called Curve"):
        declarations([Curve, other])


def test_the_file_is_what_the_catalogue_says() -> None:
    assert TARGET.read_text("utf-8") == declarations([*ANSWERS, *VIEWS, *FILES])
