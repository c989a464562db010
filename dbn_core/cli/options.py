"""From a preset, a file and `--set` to one valid configuration; every problem of all three is told at once."""

import json
from pathlib import Path
from typing import Any

from dbn_core.config import RunConfig, hyperparameter, hyperparameters
from dbn_core.errors import ConfigError


def configuration(preset: str | None, file: Path | None, settings: tuple[str, ...]) -> RunConfig:
    """The preset, changed by the file, changed by the settings. Raises ConfigError."""
    problems: dict[str, str] = {}
    config = RunConfig()
    try:
        config = RunConfig.preset(preset) if preset else config
    except ConfigError as error:
        problems |= error.problems
    if file is not None:
        values, unreadable = _read(file)
        config, wrong = _changed(config, values)
        problems |= unreadable | {f"{file}: {key}": problem for key, problem in wrong.items()}
    values, malformed = parsed(settings)
    config, wrong = _changed(config, values)
    problems |= malformed | wrong
    if problems:
        raise ConfigError(problems)
    return config


def parsed(settings: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """`("training.k=3",)` as typed values, and the problems of those that are not `key=value`."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    known = {item.key for item in hyperparameters()}
    for setting in settings:
        key, sign, text = (part.strip() for part in setting.partition("="))
        if not sign or not key:
            problems[f"--set {setting}"] = "write it as key=value, such as training.k=3"
        else:
            values[key] = hyperparameter(key).parse(text) if key in known else text
    return values, problems


def _changed(config: RunConfig, values: dict[str, Any]) -> tuple[RunConfig, dict[str, str]]:
    """The changed configuration, or the old one with the problems of unknown and of wrong fields together."""
    known = {item.key for item in hyperparameters()}
    problems: dict[str, str] = {}
    for part in ({key: value for key, value in values.items() if (key in known) is wanted} for wanted in (True, False)):
        try:
            config = config.with_values(part)
        except ConfigError as error:
            problems |= error.problems
    return config, problems


def _read(file: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a JSON file, nested or dotted, as dotted ones."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as error:
        return {}, {str(file): f"cannot be read ({error.strerror})"}
    except UnicodeDecodeError:
        return {}, {str(file): "is not text in UTF-8; a configuration is a JSON object"}
    except json.JSONDecodeError as error:
        return {}, {str(file): f"is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"}
    except RecursionError:
        return {}, {str(file): "is nested too deeply; a configuration has at most two levels"}
    if not isinstance(content, dict):
        return {}, {str(file): 'holds no settings; write a JSON object such as {"training": {"k": 3}}'}
    return _dotted(content, ""), {}


def _dotted(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _dotted(value, f"{prefix}{key}.") if isinstance(value, dict) and value else {f"{prefix}{key}": value}
    return flat
