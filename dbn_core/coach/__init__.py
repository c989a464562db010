"""The coach: looks at the numbers of a run and says in one sentence what is wrong, and which knob to turn.

A pure function of what the store holds. Each detector is calibrated on runs of the bundled digits: it fires on the
preset in `assets/presets/broken` that is made for it and is silent on healthy ones (`tests/test_coach.py`).
It reads the layers in training only, not later stages, which its thresholds do not know. In a layer's first epochs
every number still moves fast: there it speaks of units that fall silent, and of nothing else. Of a preset's run that is
done it says which promises are not kept.
"""

from collections.abc import Sequence
from dataclasses import replace

from dbn_core.coach.case import WARM_UP, Advice, Case
from dbn_core.coach.detectors import DETECTORS, diverged
from dbn_core.coach.promises import final_figures, promised_metrics, promises_of, unmet
from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.config.layer_settings import layer_key
from dbn_core.config.stages import LAYER, LAYERS, depth_of, kind_of, layer_stage
from dbn_core.records import CommandRecord, MetricPoint, RunInfo, RunStatus

__all__ = ["METRICS", "WARM_UP", "Advice", "advise", "broken_promises", "judges", "promised_metrics"]

METRICS = (
    "recon_mse",
    "weight_step",
    "sparsity",
    "dead_units",
    "always_on_units",
    "constant_units",
    "quietest_tenth",
    "likeness",
    "free_energy_gap",
    "chain_energy_gap",
    "chain_autocorrelation",
    "log_likelihood_ais",
    "log_likelihood_rais",
    "log_likelihood_exact",
    "log_likelihood_mixture",
)
GRACE = 1.0  # epochs that a knob is given after it was turned


def advise(
    info: RunInfo, config: RunConfig, commands: Sequence[CommandRecord], points: Sequence[MetricPoint]
) -> tuple[Advice, ...]:
    """What is wrong with a run, the worst first; empty when nothing is.

    config: the one in force; commands: all of the run; points: the run's metrics of `METRICS`, in order. A remedy whose
    knob was turned less than an epoch ago is not offered again: it has had no time to work.
    """
    if info.status is RunStatus.DIVERGED:
        return (diverged(info, config),)
    cases = _cases(info, config, points)
    if not cases:
        return ()
    young = _turned_lately(commands, points[-1].position.epoch)
    by_remedy: dict[SetHyperparameter, Advice] = {}  # one knob mends several things: the first sentence speaks for all
    for detector in DETECTORS:
        for depth, case in cases.items():
            advice = detector(case)
            if advice is not None and advice.remedy.field not in young:
                named = f"Layer {depth}: {advice.sentence}" if len(cases) > 1 else advice.sentence
                by_remedy.setdefault(advice.remedy, replace(advice, sentence=named))
    return tuple(by_remedy.values())


def broken_promises(info: RunInfo, commands: Sequence[CommandRecord], points: Sequence[MetricPoint]) -> tuple[str, ...]:
    """What the preset of a run that is done promises and does not keep; nothing where a setting is another.

    points: the run's metrics of `promised_metrics`, in order.
    """
    if info.status is not RunStatus.DONE or any(isinstance(record.command, SetHyperparameter) for record in commands):
        return ()
    return unmet(promises_of(info.config), final_figures(points))


def judges(info: RunInfo) -> bool:
    """Whether the run is, or has ended, in a stage of which the coach knows what is healthy."""
    stage = info.progress.position.stage
    return not stage or kind_of(stage) in {LAYER, LAYERS}


def _cases(info: RunInfo, config: RunConfig, points: Sequence[MetricPoint]) -> dict[int, Case]:
    """By depth: the layer in training, or all of them where they learn together."""
    if not points or not judges(info):
        return {}
    together = info.progress.position.stage == LAYERS.name
    depths = range(1, len(config.layers) + 1) if together else [depth_of(points[-1].position.stage)]
    cases = {depth: _case(config, points, depth) for depth in depths if 1 <= depth <= len(config.layers)}
    return {depth: case for depth, case in cases.items() if case.curves}


def _case(config: RunConfig, points: Sequence[MetricPoint], depth: int) -> Case:
    stage = layer_stage(depth)
    curves: dict[str, list[tuple[float, float]]] = {}
    first = min((point.position.epoch for point in points if point.position.stage == stage), default=0.0)
    for point in points:
        if point.position.stage == stage:
            curves.setdefault(point.name, []).append((point.position.epoch - first, point.value))
    return Case(config.for_layer(depth), curves, config.layers[depth - 1])


def _turned_lately(commands: Sequence[CommandRecord], epoch: float) -> set[str]:
    """Fields set less than `GRACE` epochs before `epoch`, or still on their way."""
    return {
        layer_key(record.command.field)[1]
        for record in commands
        if isinstance(record.command, SetHyperparameter)
        and not record.problem
        and (record.position is None or epoch - record.position.epoch < GRACE)
    }
