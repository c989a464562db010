"""Validation errors as sentences: what is wrong, the value, what is allowed."""

from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from dbn_core.config.hyperparameter import allowed, hyperparameter, hyperparameters


def problems(error: ValidationError) -> dict[str, str]:
    """One sentence for each wrong field, by its dotted name."""
    found: dict[str, str] = {}
    for item in error.errors():
        path = [str(part) for part in item["loc"]]
        key = "layers" if path[:1] == ["layers"] else ".".join(path)
        found[key or "config"] = _sentence(key, item["type"], item["msg"], item["input"])
    return found


def unknown(keys: dict[str, Any]) -> dict[str, str]:
    """A sentence for each key that is no setting."""
    return {key: _no_such(key) for key in keys if key not in _known()}


def _sentence(key: str, kind: str, message: str, value: Any) -> str:
    if kind == "extra_forbidden":
        return _no_such(key)
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if key not in _known():
        return f"{message} (got {_shown(value)})"
    return f"{_shown(value)} is not allowed; {allowed(hyperparameter(key))}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _known() -> list[str]:
    return [item.key for item in hyperparameters()]


def _no_such(key: str) -> str:
    nearest = get_close_matches(key, _known(), n=1, cutoff=0.0)
    return f"no such setting; `{nearest[0]}` is the nearest one"
