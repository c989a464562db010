"""All settings in the address of the page, and back. A link fills the form; it never starts anything.

The address holds the preset and what differs from it (`?preset=deep-stack&training.k=3&run=4f2a`). What a link may say
is a closed list: names of settings, values within their ranges. The rest is left out or moved to the nearest bound.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dbn_core.config import (
    Hyperparameter,
    RunConfig,
    broken_presets,
    hyperparameter,
    hyperparameters,
    is_setting,
    presets,
)
from dbn_core.config.layer_settings import NAME, layer_key
from dbn_core.errors import ConfigError
from dbn_core.view.settings import choices, flat


@dataclass(frozen=True, slots=True)
class Link:
    """What an address asks for: a preset, the whole configuration, a run; `corrected` names settings it had wrong."""

    preset: str
    config: RunConfig
    run: str | None
    corrected: tuple[str, ...]


def read(address: Mapping[str, str]) -> Link:
    """The address as a valid configuration, whatever it says."""
    names = [item.name for item in (*presets(), *broken_presets())]
    asked = address.get("preset", "")
    name = asked if asked in names else names[0]
    corrected = ["preset"] if asked and asked not in names else []
    values: dict[str, Any] = {NAME: ()} if address.get(NAME) == NONE else {}
    for item in _asked(address):
        value, is_exact = _allowed(item, address[item.key])
        corrected += [] if is_exact else [item.label]
        if value is not _REFUSED:
            values[item.key] = value
    config, dropped = _valid(RunConfig.preset(name), values)
    return Link(name, config, address.get("run") or None, (*corrected, *dropped))


def write(preset_name: str, config: RunConfig, run: str | None) -> dict[str, str]:
    """The address of a configuration: the inverse of `read`."""
    usual, now = flat(RunConfig.preset(preset_name)), flat(config)
    # A layer's own setting cannot be taken back by a value: all of them go, and those that stay are named again.
    anew = {NAME: NONE} if usual.keys() - now.keys() else {}
    kept = {key: value for key, value in usual.items() if not (anew and layer_key(key)[0])}
    changed = {key: _text(value) for key, value in now.items() if key not in kept or kept[key] != value}
    return {"preset": preset_name} | anew | changed | ({"run": run} if run else {})


NONE = "none"
_REFUSED = object()


def _asked(address: Mapping[str, str]) -> list[Hyperparameter]:
    """The settings that an address names, the layers' own last."""
    own = sorted(key for key in address if layer_key(key)[0] and is_setting(key))
    return [item for item in hyperparameters() if item.key in address] + [hyperparameter(key) for key in own]


def _allowed(item: Hyperparameter, text: str) -> tuple[Any, bool]:
    """(value that the setting accepts, is it what the link said); `_REFUSED` where there is none."""
    value = item.parse(text)
    if value is None or item.kind == "sizes":
        return value, True
    if item.kind == "choice":
        return (value, True) if value in choices(item) else (_REFUSED, False)
    if item.kind == "bool":
        return (value == "true", True) if value in {"true", "false"} else (_REFUSED, False)
    try:
        number = float(value) if item.kind == "float" else int(value)
    except ValueError:
        return _REFUSED, False
    if not math.isfinite(number):
        return _REFUSED, False
    low = number if item.minimum is None else max(number, type(number)(item.minimum))
    bounded = low if item.maximum is None else min(low, type(number)(item.maximum))
    return bounded, bounded == number


def _valid(base: RunConfig, values: dict[str, Any]) -> tuple[RunConfig, list[str]]:
    """`base` with those of `values` that are allowed together, and the settings left out."""
    dropped: list[str] = []
    while True:
        try:
            return base.with_values(values), dropped
        except ConfigError as error:
            wrong = [key for key in values if any(f"{key}.".startswith(f"{bad}.") for bad in error.problems)]
            wrong = wrong or list(values)
            dropped += wrong
            values = {key: value for key, value in values.items() if key not in wrong}


def _text(value: Any) -> str:
    match value:
        case None:
            return NONE
        case bool():
            return str(value).lower()
        case tuple() | list():
            return "-".join(map(str, value))
        case _:
            return str(value)
