"""Validation errors as sentences: what is wrong, the value, what is allowed."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from dbn_core.config.hyperparameter import allowed_for, hyperparameters, is_setting
from dbn_core.config.layer_settings import MOST_LAYERS, NAME, PER_LAYER, keyed, layer_key
from dbn_core.integers import shown


def problems(error: ValidationError) -> dict[str, str]:
    """One sentence for each wrong field, by its dotted name."""
    sentences: dict[str, str] = {}
    for item in error.errors():
        path = [str(part + 1) if isinstance(part, int) else part for part in item["loc"]]  # layers count from 1
        key = "layers" if path[:1] == ["layers"] else ".".join(path)
        sentences[key or "config"] = _sentence(key, item["type"], item["msg"], item["input"])
    return sentences


def unknown_settings(keys: Iterable[str]) -> dict[str, str]:
    """A sentence for each key that is no setting."""
    return {key: _no_such(key) for key in keys if not is_setting(key) or _is_of_layer_0(key)}


def _sentence(key: str, kind: str, message: str, value: Any) -> str:
    if kind == "extra_forbidden":
        return _no_such(key)
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if not is_setting(key) and key.rpartition(".")[0] != NAME:
        return f"{message} (got {_shown(value)})"
    return f"{_shown(value)} is not allowed; {allowed_for(key)}"


def _shown(value: Any) -> str:
    text = shown(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _is_of_layer_0(key: str) -> bool:
    return key.startswith(f"{NAME}.0.")


def _no_such(key: str) -> str:
    if _is_of_layer_0(key):
        return f"layers are counted from 1; `{key.replace('.0.', '.1.', 1)}` is the first one's"
    depth, field = layer_key(key)
    if depth > MOST_LAYERS:
        return f"a network has at most {MOST_LAYERS} layers; give a number from 1 to {MOST_LAYERS}"
    known = PER_LAYER if depth else [item.key for item in hyperparameters()]
    nearest = get_close_matches(field, known, n=1, cutoff=0.0)
    return f"no such setting; `{keyed(depth, nearest[0])}` is the nearest one"
