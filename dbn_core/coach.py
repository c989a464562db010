"""The coach: looks at the numbers of a run and says in one sentence what is wrong, and what to turn.

A pure function of what the store holds. Each detector is calibrated on runs of the bundled digits: it fires on the
preset in `assets/presets/broken` that is made for it and is silent on healthy ones (`tests/inference/test_coach.py`).
It reads the layers in training only, and says nothing in a layer's first epochs, when every number still moves fast,
nor in later stages (up-down, classifier, VAE, hybrid), which its thresholds do not know.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.records import CommandRecord, MetricPoint, RunInfo, RunStatus

METRICS = (
    "recon_mse",
    "weight_step",
    "sparsity",
    "dead_units",
    "always_on_units",
    "free_energy_gap",
    "chain_energy_gap",
    "chain_autocorrelation",
    "log_likelihood_ais",
    "log_likelihood_rais",
)
WARM_UP = 3.0  # epochs of a layer before any number is judged: sparsity needs as long to settle
GRACE = 1.0  # epochs that a knob is given after it was turned
RECENT = 5  # points over which a noisy number is taken

DEAD_SHARE = 0.1  # healthy runs: 0
ALWAYS_ON_SHARE = 0.1  # healthy runs: 0
SATURATED_MEAN = 0.95  # mean activity; healthy runs without a target: 0.3 to 0.5
STEP_TOO_HIGH = 0.08  # |dW|/|W|; healthy after three epochs: 0.005 to 0.03, later about 0.001
STEP_TOO_LOW = 5e-4
BAND_FACTOR = 2.0  # how far the mean activity may be from its target, either way
GAP_NATS = 15.0  # healthy runs on 2,000 to 8,000 digits end between 1 and 9
CHAINS_BELOW_NATS = 60.0  # healthy chains stay within 30 of the data
CHAINS_CORRELATION = 0.8  # after ten Gibbs steps; healthy chains: 0.2 to 0.5
BRACKET_NATS = 1.0  # between AIS and its reverse; as in `likelihood.bracket`
ERROR_RISE = 1.7  # times the layer's best; healthy pcd runs reach 1.4 where momentum takes over


@dataclass(frozen=True, slots=True)
class Advice:
    """What a detector saw, in one sentence with its number, and the change that mends it."""

    detector: str
    sentence: str
    remedy: SetHyperparameter


@dataclass(frozen=True, slots=True)
class _Case:
    """What detectors look at: one layer in training."""

    config: RunConfig
    curves: dict[str, list[tuple[float, float]]]  # metric -> (epoch within the layer, value) in order
    units: int

    def last(self, metric: str) -> float | None:
        """The newest value, if the layer is past its first epochs there and the value is finite."""
        curve = self.curves.get(metric, [])
        if not curve or curve[-1][0] < WARM_UP or not math.isfinite(curve[-1][1]):
            return None
        return curve[-1][1]

    def recent(self, metric: str) -> float | None:
        """The median of the newest values past the first epochs."""
        values = [value for epoch, value in self.curves.get(metric, []) if epoch >= WARM_UP and math.isfinite(value)]
        return median(values[-RECENT:]) if values else None


def advise(
    info: RunInfo, config: RunConfig, commands: Sequence[CommandRecord], points: Sequence[MetricPoint]
) -> tuple[Advice, ...]:
    """What is wrong with a run, the worst first; empty when nothing is.

    config: the one in force; commands: all of the run; points: the run's metrics of `METRICS`, in order. A remedy whose
    knob was turned less than an epoch ago is not offered again: it has had no time to work.
    """
    if info.status is RunStatus.DIVERGED:
        return (_diverged(info, config),)
    cases = _cases(info, config, points)
    if not cases:
        return ()
    young = _turned_lately(commands, points[-1].position.epoch)
    found: dict[SetHyperparameter, Advice] = {}  # one knob mends several things: the first sentence speaks for all
    for detector in _DETECTORS:
        for depth, case in cases.items():
            advice = detector(case)
            if advice is not None and advice.remedy.field not in young:
                named = f"Layer {depth}: {advice.sentence}" if len(cases) > 1 else advice.sentence
                found.setdefault(advice.remedy, replace(advice, sentence=named))
    return tuple(found.values())


def judges(info: RunInfo) -> bool:
    """Whether the run is, or has ended, in a stage of which the coach knows what is healthy."""
    stage = info.progress.position.stage
    return stage in {"", "layers"} or _depth(stage) > 0


def _cases(info: RunInfo, config: RunConfig, points: Sequence[MetricPoint]) -> dict[int, _Case]:
    """By depth: the layer in training, or all of them where they learn together."""
    if not points or not judges(info):
        return {}
    together = info.progress.position.stage == "layers"
    depths = range(1, len(config.layers) + 1) if together else [_depth(points[-1].position.stage)]
    found = {depth: _case(config, points, depth) for depth in depths if 1 <= depth <= len(config.layers)}
    return {depth: case for depth, case in found.items() if case.curves}


def _depth(stage: str) -> int:
    """`layer3` -> 3; 0 for a stage that is no layer's own."""
    number = stage.removeprefix("layer")
    return int(number) if number != stage and number.isdecimal() else 0


def _case(config: RunConfig, points: Sequence[MetricPoint], depth: int) -> _Case:
    stage = f"layer{depth}"
    curves: dict[str, list[tuple[float, float]]] = {}
    first = min((point.position.epoch for point in points if point.position.stage == stage), default=0.0)
    for point in points:
        if point.position.stage == stage:
            curves.setdefault(point.name, []).append((point.position.epoch - first, point.value))
    return _Case(config, curves, config.layers[depth - 1])


def _turned_lately(commands: Sequence[CommandRecord], epoch: float) -> set[str]:
    """Fields set less than `GRACE` epochs before `epoch`, or still on their way."""
    return {
        record.command.field
        for record in commands
        if isinstance(record.command, SetHyperparameter)
        and not record.problem
        and (record.position is None or epoch - record.position.epoch < GRACE)
    }


# -- detectors --------------------------------------------------------------------------------------------------------


def _diverged(info: RunInfo, config: RunConfig) -> Advice:
    stage = info.progress.position.stage
    if stage in {"updown", "finetune", "vae", "hybrid"}:
        rate = config.value(f"{stage}.learning_rate")
        sentence = (
            f"The weights stopped being finite numbers by epoch {info.progress.position.epoch:.2f}, at a rate of "
            f"{rate:g} in this stage: go back to an earlier epoch with a tenth of it."
        )
        return Advice("divergence", sentence, SetHyperparameter(f"{stage}.learning_rate", float(f"{rate / 10:.2g}")))
    rate = config.training.learning_rate
    sentence = (
        f"The weights stopped being finite numbers by epoch {info.progress.position.epoch:.2f}, at a learning rate of "
        f"{rate:g}: go back to an earlier epoch with a tenth of it."
    )
    decay = config.training.weight_decay
    if rate * decay > 0.1:  # each update shrinks the weights by this share; near 1 it throws them about
        sentence = (
            f"The weights stopped being finite numbers: a learning rate of {rate:g} with a weight decay of {decay:g} "
            f"takes {100 * rate * decay:.0f} % of every weight away at each update."
        )
        return Advice("divergence", sentence, SetHyperparameter("training.weight_decay", 1e-4))
    return Advice("divergence", sentence, _rate(config, 0.1))


def _rising_error(case: _Case) -> Advice | None:
    now, values = case.recent("recon_mse"), [value for _, value in case.curves.get("recon_mse", [])]
    best = min((value for value in values if math.isfinite(value)), default=0.0)
    if now is None or best <= 0 or now < ERROR_RISE * best:
        return None
    sentence = (
        f"The error has risen from {best:.3g} to {now:.3g} per pixel: training is coming apart, so lower the rate."
    )
    return Advice("divergence", sentence, _rate(case.config, 0.2))


def _dead(case: _Case) -> Advice | None:
    dead = case.last("dead_units")
    if dead is None or dead < max(1, DEAD_SHARE * case.units):
        return None
    target = case.config.training.sparsity_target
    seen = f"{dead:.0f} of {case.units:,} units are dead (on for less than 0.5 % of the images)"
    if target is None or target < 0.05:
        remedy = SetHyperparameter("training.sparsity_target", 0.1)
        return Advice("dead units", f"{seen}: a sparsity target of 10 % pulls them back.", remedy)
    return Advice("dead units", f"{seen} although {100 * target:.0f} % is wanted: pull harder.", _cost(case.config))


def _saturated(case: _Case) -> Advice | None:
    on, mean = case.last("always_on_units") or 0.0, case.last("sparsity") or 0.0
    if mean >= SATURATED_MEAN:
        seen = f"Hidden units are on {100 * mean:.1f} % of the time, so they tell no image apart"
    elif on >= max(1, ALWAYS_ON_SHARE * case.units):
        seen = f"{on:.0f} of {case.units:,} units are on for every image, so they tell none apart"
    else:
        return None
    target = case.config.training.sparsity_target
    if target is None or target > 0.5:
        remedy = SetHyperparameter("training.sparsity_target", 0.1)
        return Advice("saturation", f"{seen}: a sparsity target of 10 % pulls them down.", remedy)
    return Advice("saturation", f"{seen} although {100 * target:.0f} % is wanted: pull harder.", _cost(case.config))


def _rate_too_high(case: _Case) -> Advice | None:
    step, mean = case.recent("weight_step"), case.last("sparsity") or 0.0
    # Units that are always on all learn the same: small weights that jump, whatever the rate.
    if step is None or step < STEP_TOO_HIGH or mean >= SATURATED_MEAN:
        return None
    sentence = (
        f"Each update moves the weights by {100 * step:.1f} % of their size, where about 0.1 % is good: "
        f"the learning rate is too high."
    )
    return Advice("rate too high", sentence, _rate(case.config, 0.1))


def _rate_too_low(case: _Case) -> Advice | None:
    step, dead = case.recent("weight_step"), case.last("dead_units") or 0
    # A falling schedule ends low on purpose, and units that are dead learn nothing at any rate.
    if step is None or case.config.training.schedule != "constant" or dead > case.units / 2:
        return None
    if not 0 < step < STEP_TOO_LOW:
        return None
    sentence = (
        f"Each update moves the weights by only {100 * step:.2g} % of their size, where about 0.1 % is good: "
        f"the learning rate is too low."
    )
    return Advice("rate too low", sentence, _rate(case.config, min(100.0, max(2.0, 0.02 / step))))


def _missed_band(case: _Case) -> Advice | None:
    target, mean = case.config.training.sparsity_target, case.last("sparsity")
    if target is None or mean is None or target / BAND_FACTOR <= mean <= min(1.0, target * BAND_FACTOR):
        return None
    sentence = (
        f"Hidden units are on {100 * mean:.1f} % of the time, the target is {100 * target:g} %: "
        f"the pull of {case.config.training.sparsity_cost:g} is too weak."
    )
    return Advice("sparsity band missed", sentence, _cost(case.config))


def _overfitting(case: _Case) -> Advice | None:
    gap = case.recent("free_energy_gap")
    if gap is None or gap < GAP_NATS or not _grows(case.curves["free_energy_gap"]):
        return None
    sentence = (
        f"Held-out images lie {gap:.0f} nats above the training images, and ever further: it learns them by heart."
    )
    decay = max(1e-3, min(1.0, 10 * case.config.training.weight_decay))
    return Advice("overfitting", sentence, SetHyperparameter("training.weight_decay", decay))


def _stuck_chains(case: _Case) -> Advice | None:
    if case.config.training.method == "cd":
        return None
    gap, memory = case.last("chain_energy_gap"), case.last("chain_autocorrelation")
    if gap is not None and gap < -CHAINS_BELOW_NATS:
        seen = f"The chains sit {-gap:.0f} nats below the images, in wells that no image visits"
    elif memory is not None and memory > CHAINS_CORRELATION:
        seen = f"After ten Gibbs steps the chains still correlate by {memory:.2f} with themselves: they hardly move"
    else:
        return None
    return Advice("stuck chains", f"{seen}; a lower rate lets them catch up.", _rate(case.config, 0.2))


def _loose_bracket(case: _Case) -> Advice | None:
    # Medians: now and then a single chain carries an estimate off.
    below, above = case.recent("log_likelihood_ais"), case.recent("log_likelihood_rais")
    if below is None or above is None or below - above < BRACKET_NATS:
        return None
    temperatures = case.config.likelihood.temperatures
    sentence = (
        f"AIS and its reverse lie {below - above:.1f} nats apart with {temperatures:,} temperatures, "
        f"so neither likelihood can be believed: anneal more slowly."
    )
    slower = min(1_000_000, max(500, 10 * temperatures))
    return Advice("loose bracket", sentence, SetHyperparameter("likelihood.temperatures", slower))


_DETECTORS: tuple[Callable[[_Case], Advice | None], ...] = (
    _stuck_chains,
    _dead,
    _saturated,
    _rate_too_high,
    _rising_error,
    _rate_too_low,
    _missed_band,
    _overfitting,
    _loose_bracket,
)


# -- remedies ---------------------------------------------------------------------------------------------------------


def _rate(config: RunConfig, factor: float) -> SetHyperparameter:
    """The learning rate times `factor`, to two digits and within its range."""
    return SetHyperparameter(
        "training.learning_rate", min(10.0, float(f"{config.training.learning_rate * factor:.2g}"))
    )


def _cost(config: RunConfig) -> SetHyperparameter:
    """A sparsity pull ten times as strong, at least 0.2."""
    return SetHyperparameter(
        "training.sparsity_cost", min(100.0, max(0.2, float(f"{config.training.sparsity_cost * 10:.2g}")))
    )


def _grows(curve: Sequence[tuple[float, float]]) -> bool:
    """The mean of the second half lies above that of the first half."""
    values = [value for _, value in curve if math.isfinite(value)]
    half = len(values) // 2
    return half > 0 and sum(values[half:]) / (len(values) - half) > sum(values[:half]) / half
