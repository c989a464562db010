"""What a run is called when nobody names it: by its preset, or by its data, its layers and what is unusual about it."""

from dbn_core.config import RunConfig, hyperparameter, nearest_preset
from dbn_core.view.settings import said
from dbn_core.view.words import number

MOST = 3  # settings in a name
LONGEST = 70  # characters of a name
_SAID = frozenset({"data.name", "layers"})  # in every name
_SILENT = frozenset({"device", "updates_per_second", "likelihood.every"})  # change nothing of what is learnt


def run_name(config: RunConfig) -> str:
    """The preset's title where nothing was changed, else as in "digits 128, sparsity target 0.1".

    Named are the settings that differ from those of the nearest preset, three at most.
    """
    preset = nearest_preset(config)
    differing = [key for key in config.differences(RunConfig.preset(preset.name)) if key not in _SILENT]
    if not differing:
        return preset.title
    unusual = [key for key in differing if key not in _SAID]
    told = [f"{hyperparameter(key).name} {said(key, config.value(key))}" for key in unusual[:MOST]]
    return _fitting([f"{config.data.name} {number(config.layers)}", *told])


def _fitting(parts: list[str]) -> str:
    """As many of the parts as have room, each whole."""
    room = [end for end in range(len(parts), 0, -1) if len(", ".join(parts[:end])) <= LONGEST]
    return ", ".join(parts[: room[0] if room else 1])[:LONGEST]
