"""Configuration as data: `RunConfig` decides a run; each hyperparameter is defined once, in `settings.py`
and the groups that it holds.

The command line, the widgets, the permalinks and the commands are all made from `hyperparameters()`.
"""

from dbn_core.config.data import DataConfig
from dbn_core.config.hyperparameter import (
    Hyperparameter,
    allowed,
    hyperparameter,
    hyperparameters,
    is_setting,
    parsed,
)
from dbn_core.config.layer_settings import LayerSettings
from dbn_core.config.nearest import nearest_preset
from dbn_core.config.preset import Preset, broken_presets, preset, presets
from dbn_core.config.promise import Promise
from dbn_core.config.run import RunConfig, setting_keys
from dbn_core.config.training import TrainingConfig

__all__ = [
    "DataConfig",
    "Hyperparameter",
    "LayerSettings",
    "Preset",
    "Promise",
    "RunConfig",
    "TrainingConfig",
    "allowed",
    "broken_presets",
    "hyperparameter",
    "hyperparameters",
    "is_setting",
    "nearest_preset",
    "parsed",
    "preset",
    "presets",
    "setting_keys",
]
