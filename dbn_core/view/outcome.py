"""What happened in a run that has ended, in three lines from its own numbers."""

from collections.abc import Iterable, Mapping

from dbn_core.config.stages import depth_of, stage_name
from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint, RunInfo, RunStatus
from dbn_core.view.summary import CLASSIFIED, latest
from dbn_core.view.words import duration

ERROR, BUSY = "heldout_recon_mse", "sparsity"
IDLE = {"dead_units": "dead", "always_on_units": "always on", "constant_units": "the same for every image"}
METRICS = (ERROR, "recon_mse", BUSY, *IDLE, *CLASSIFIED)


def outcome(info: RunInfo, points: Iterable[MetricPoint], seconds: float | None = None) -> tuple[str, ...]:
    """How it ended, how well it reconstructs (and tells classes apart), and whether its units are at work.

    points: those of `METRICS`, in the order in which they were measured. What was not measured has no line.
    seconds: that training itself took, where it is known. Why a run failed stands in its status line.
    """
    known = list(points)
    by_layer = _by_layer(known)
    lines = (_end(info, seconds), _errors(by_layer, latest(known).wrong), _units(info, by_layer))
    return tuple(line for line in lines if line)


def _by_layer(points: Iterable[MetricPoint]) -> dict[str, dict[str, list[float]]]:
    layers: dict[str, dict[str, list[float]]] = {}
    for point in points:
        if depth_of(point.position.stage):
            layers.setdefault(point.position.stage, {}).setdefault(point.name, []).append(point.value)
    return layers


def _end(info: RunInfo, seconds: float | None) -> str:
    epochs, reached = f"{info.progress.epochs:g}", f"epoch {info.progress.position.epoch:.2f}"
    match info.status:
        case RunStatus.DONE:
            took = "" if seconds is None else f" in {duration(seconds)}"
            return f"It trained for its {epochs} epochs{took}."
        case RunStatus.STOPPED:
            return f"It was stopped at {reached} of {epochs}; Resume goes on from there."
        case RunStatus.DIVERGED:
            return f"It diverged; its last good state is that of {reached} of {epochs}."
        case _:
            return f"It ended at {reached} of {epochs} by a failure; Resume goes on from its last checkpoint."


def _errors(layers: Mapping[str, Mapping[str, list[float]]], wrong: str) -> str:
    row = metric_of(ERROR)
    falls = [
        f"{stage_name(stage)} {row.text(values[0])} → {row.text(values[-1])}"
        for stage, values in ((stage, metrics.get(ERROR, [])) for stage, metrics in layers.items())
        if values
    ]
    unit = row.unit[:1].upper() + row.unit[1:]
    told = f"{unit} of reconstructed held-out images: {', '.join(falls)}." if falls else ""
    return " ".join(filter(None, (told, f"Of their classes {wrong}." if wrong else "")))


def _units(info: RunInfo, layers: Mapping[str, Mapping[str, list[float]]]) -> str:
    told = [
        text
        for (stage, metrics), count in zip(layers.items(), info.config.layers, strict=False)
        if (text := _units_of(stage, metrics, count))
    ]
    return f"Units of {'; '.join(told)}." if told else ""


def _units_of(stage: str, metrics: Mapping[str, list[float]], count: int) -> str:
    counts = {words: metrics[name][-1] for name, words in IDLE.items() if name in metrics and metrics[name][-1]}
    idle = [
        f"{number:,.0f}{f' of {count:,}' if not at else ''} {words}"
        for at, (words, number) in enumerate(counts.items())
    ]
    if not idle and "dead_units" not in metrics:
        return ""
    row = metric_of(BUSY)
    busy = f", {row.said(metrics[BUSY][-1])} of them on at a time" if BUSY in metrics else ""
    state = ", ".join(idle) if idle else f"all {count:,} at work"
    return f"{stage_name(stage)}: {state}{busy}"
