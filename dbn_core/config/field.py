"""How a setting is declared: its default, its help, its unit, whether it may change while training, its bounds."""

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError


def field(
    default: Any,
    *,
    label: str,
    unit: str = "",
    live: bool = False,
    choices: tuple[str, ...] = (),
    help: str | None = None,
    **bounds: Any,
) -> Any:
    """One setting of a group; the text below the field is its help. `config.hyperparameter` reads all of this back.

    label: its name on the screen. live: it may change while a run trains. bounds: `ge`, `gt`, `le`, `lt` of pydantic.
    choices: what a text may be, where the type does not say so because there may be more. help: instead of
    the text below, where it is made of a table.
    """
    extra: dict[str, JsonValue] = {"unit": unit, "live": live, "label": label, "choices": list(choices)}
    return Field(default=default, description=help, json_schema_extra=extra, **bounds)


def refusal(problems: dict[str, str]) -> ValidationError:
    """An error with one sentence for each dotted name, to raise in a validator."""
    return ValidationError.from_exception_data(
        "RunConfig",
        [
            InitErrorDetails(
                # The sentence is data, not a format: braces in it stay braces.
                type=PydanticCustomError("value_error", "{text}", {"text": text}),
                loc=tuple(key.split(".")),
                input=None,
            )
            for key, text in problems.items()
        ],
    )


def texts_below(group: type[BaseModel]) -> dict[str, str]:
    """The text below each field of a group, as one paragraph: {"epochs": "Passes of ...", ...}."""
    (declared,) = (node for node in _classes(group.__module__) if node.name == group.__name__)
    texts: dict[str, str] = {}
    for setting, below in pairwise(declared.body):
        match setting, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                texts[name] = " ".join(text.split())
            case _:
                pass
    return texts


@cache
def _classes(module: str) -> list[ast.ClassDef]:
    source = ast.parse(inspect.getsource(sys.modules[module]))
    return [node for node in source.body if isinstance(node, ast.ClassDef)]


class Group(BaseModel):
    """Frozen settings; unknown keys and numbers that are not finite are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
