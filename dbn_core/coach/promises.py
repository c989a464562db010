"""What a preset promises, held to the figures of a run."""

from collections.abc import Mapping, Sequence

from dbn_core.config import Promise, RunConfig
from dbn_core.config.nearest import preset_of
from dbn_core.config.stages import LAYER, UNKNOWN, depth_of, kind_of
from dbn_core.metric_table import Metric, metric_of
from dbn_core.records import EVALUATION, MetricPoint

ALL_THE_SAME = ("seed", "device", "updates_per_second", "likelihood.every")
"""Settings that change no figure that is promised; another evaluation or precision may."""


def final_figures(points: Sequence[MetricPoint]) -> dict[str, float]:
    """The last value of each metric: "layer1.dead_units", "finetune.test_error"; what was measured on the finished
    network goes by the name of the metric alone: "samples.dreams.recall".
    """
    return {_name(point): point.value for point in points}


def promises_of(config: RunConfig) -> tuple[Promise, ...]:
    """Those of the preset whose settings these are, whatever seed or device; none where a setting was changed."""
    item = preset_of(config, ALL_THE_SAME)
    return () if item is None else item.promises


def promised_metrics(config: RunConfig) -> tuple[str, ...]:
    """The metrics that tell whether they are kept."""
    return tuple(_split(promise.figure)[1] for promise in promises_of(config))


def unmet(promises: Sequence[Promise], figures: Mapping[str, float]) -> tuple[str, ...]:
    """A sentence for each promise that was measured and is not kept."""
    return tuple(
        _sentence(promise, figures[promise.figure])
        for promise in promises
        if promise.figure in figures and not promise.is_kept(figures[promise.figure])
    )


def _sentence(promise: Promise, value: float) -> str:
    stage, name = _split(promise.figure)
    row = metric_of(name)
    where = f" of layer {depth_of(stage)}" if kind_of(stage) is LAYER else f" of {stage}" if stage else ""
    return f"{row.title}{where}: {row.said(value)}, where the preset promises {_bounds(promise, row)}."


def _bounds(promise: Promise, row: Metric) -> str:
    sides = (("at least", promise.at_least), ("at most", promise.at_most))
    return " and ".join(f"{words} {row.said(bound)}" for words, bound in sides if bound is not None)


def _split(figure: str) -> tuple[str, str]:
    """(stage, metric) of a figure; no stage for what was measured on the finished network."""
    stage, _, name = figure.partition(".")
    return ("", figure) if kind_of(stage) is UNKNOWN else (stage, name)


def _name(point: MetricPoint) -> str:
    stage = point.position.stage
    return point.name if stage in {"", EVALUATION} else f"{stage}.{point.name}"
