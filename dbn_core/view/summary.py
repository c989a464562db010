"""A run in a line: the settings in which it differs from others, and the figures it ended with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dbn_core.config import hyperparameter
from dbn_core.records import MetricPoint
from dbn_core.view.words import figure, number, stage_name

FIGURES = ("recon_mse", "heldout_recon_mse", "sparsity")


@dataclass(frozen=True, slots=True)
class Figures:
    """The newest numbers of a run, as text; "" where there is none yet. Errors are squared errors per pixel."""

    stage: str
    train: str
    heldout: str
    activity: str


def latest(points: Iterable[MetricPoint]) -> Figures:
    """The newest number of each metric in `FIGURES`, in the order in which the points were stored."""
    newest = {point.name: point for point in points}
    stage = stage_name(newest["recon_mse"].position.stage) if "recon_mse" in newest else ""
    texts = {name: figure(newest[name].value) if name in newest else "" for name in FIGURES[:2]}
    activity = f"{100 * newest['sparsity'].value:.1f} %" if "sparsity" in newest else ""
    return Figures(stage, texts["recon_mse"], texts["heldout_recon_mse"], activity)


def differing(configurations: Sequence[Mapping[str, Any]]) -> list[str]:
    """Settings, by dotted name, that are not the same in all of these flat configurations, in their order."""
    if not configurations:
        return []
    first, *others = configurations
    return [key for key, value in first.items() if any(other[key] != value for other in others)]


def settings_text(configuration: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Settings with their values, as in "Layers 500-500-2000 · Learning rate 0.1"."""
    return " · ".join(f"{hyperparameter(key).label} {number(configuration[key])}" for key in keys)
