"""From a preset, a file and `--set` to one valid configuration; every problem of all three is told at once."""

import errno
import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from dbn_core.config import RunConfig, is_setting
from dbn_core.config import parsed as parsed_setting
from dbn_core.config.fitting import consequences, what_goes_with
from dbn_core.data.catalogue import training_images
from dbn_core.errors import ConfigError
from dbn_core.integers import from_json
from dbn_core.view.settings import said

MOST_BYTES = 2**20  # of a file with settings


def silent(sentence: str) -> None:
    """Nobody is told."""


def configuration(
    preset: str | None, file: Path | None, settings: tuple[str, ...], tell: Callable[[str], None] = silent
) -> RunConfig:
    """The preset, changed by the file, changed by the settings; `tell` hears what else changes. Raises ConfigError."""
    problems: dict[str, str] = {}
    config = RunConfig()
    try:
        config = RunConfig.preset(preset) if preset else config
    except ConfigError as error:
        problems |= error.problems
    in_file: dict[str, Any] = {}
    if file is not None:
        in_file, unreadable = _read(file)
        config, wrong = _changed(config, in_file, (), tell)
        problems |= unreadable | {f"{file}: {key}": problem for key, problem in wrong.items()}
    values, malformed = parsed(settings)
    config, wrong = _changed(config, values, in_file, tell)
    problems |= malformed | wrong
    if problems:
        raise ConfigError(problems)
    return config


def parsed(settings: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """`("training.k=3",)` as typed values, and the problems of those that are not `key=value`."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for setting in settings:
        key, sign, text = (part.strip() for part in setting.partition("="))
        if not sign or not key:
            problems[f"--set {setting}"] = "write it as key=value, such as training.k=3"
        else:
            values[key] = parsed_setting(key, text)
    return values, problems


def _changed(
    config: RunConfig, values: dict[str, Any], given: Collection[str], tell: Callable[[str], None]
) -> tuple[RunConfig, dict[str, str]]:
    """The changed configuration, or the old one with the problems of unknown and of wrong fields together.

    Choices bring the settings that go with them, but for those in `values` and those `given` before.
    """
    problems: dict[str, str] = {}
    known = {key: value for key, value in values.items() if is_setting(key)}
    more = consequences(config, known, given, training_images, usual=config.flat())
    for part in (known | more, {key: value for key, value in values.items() if key not in known}):
        try:
            config = config.with_values(part)
        except ConfigError as error:
            problems |= error.problems
    if more and not problems:
        words = ", ".join(f"{key} = {said(key, value)}" for key, value in more.items())
        tell(f"Set to {what_goes_with(config.flat(), more, training_images)}: {words}.")
    return config, problems


def _read(file: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a JSON file, nested or dotted, as dotted ones."""
    try:
        content = from_json(_bounded(file).decode("utf-8"))
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


def _bounded(file: Path) -> bytes:
    """All of a file, but never more than a configuration can have: a device such as /dev/zero has no end."""
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(
            errno.EFBIG, f"larger than {MOST_BYTES // 2**20} MiB, where a configuration is a short JSON object"
        )
    return content


def _dotted(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _dotted(value, f"{prefix}{key}.") if isinstance(value, dict) and value else {f"{prefix}{key}": value}
    return flat
