"""Which preset a configuration is nearest to, and which one it is of."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from dbn_core.config.preset import Preset, broken_presets, presets
from dbn_core.config.run import RunConfig

BESIDE = ("evaluation.", "vae.", "device", "seed", "precision", "updates_per_second")
"""How the names of settings begin that change nothing in what a preset asks."""


def nearest_preset(config: RunConfig) -> Preset:
    """The preset with the fewest settings that differ, the first of several; one that goes wrong only if none does."""
    broken = [item for item in broken_presets() if not config.differences(RunConfig.preset(item.name))]
    return min((*presets(), *broken), key=lambda item: len(config.differences(RunConfig.preset(item.name))))


def preset_of(config: RunConfig, beside: tuple[str, ...] = BESIDE) -> Preset | None:
    """The preset that was trained, whoever evaluated it at its end or trained a VAE beside it, on which machine, and
    from which seed.

    beside: how the names of settings begin that may be others.
    """
    settings = _without(config.flat(), beside)
    return next((item for item in presets() if _without(_flat_preset(item.name), beside) == settings), None)


@cache
def _flat_preset(name: str) -> Mapping[str, Any]:
    return RunConfig.preset(name).flat()


def _without(settings: Mapping[str, Any], beside: tuple[str, ...]) -> Mapping[str, Any]:
    return {key: value for key, value in settings.items() if not key.startswith(beside)}
