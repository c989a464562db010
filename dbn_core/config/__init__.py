"""Configuration as data: `RunConfig` decides a run; each hyperparameter is defined once, in `run.py`.

The command line, the widgets, the permalinks and the commands are all made from `hyperparameters()`.
"""

from dbn_core.config.data import DataConfig
from dbn_core.config.hyperparameter import Hyperparameter, allowed, hyperparameter, hyperparameters
from dbn_core.config.preset import Preset, broken_presets, preset, presets
from dbn_core.config.run import RunConfig
from dbn_core.config.training import TrainingConfig

__all__ = [
    "DataConfig",
    "Hyperparameter",
    "Preset",
    "RunConfig",
    "TrainingConfig",
    "allowed",
    "broken_presets",
    "hyperparameter",
    "hyperparameters",
    "preset",
    "presets",
]
