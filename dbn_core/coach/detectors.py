"""The detectors, the gravest first: each looks at one layer in training and says what is wrong, or nothing."""

import math
from collections.abc import Callable, Sequence

from dbn_core.coach.case import Advice, Case
from dbn_core.coach.remedies import cost, rate, wanted
from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.config.stages import LATER, depth_of, kind_of
from dbn_core.metric_table import metric_of
from dbn_core.records import RunInfo

DEAD_SHARE = 0.1  # healthy runs: 0
ALWAYS_ON_SHARE = 0.1  # healthy runs: 0
CONSTANT_SHARE = 0.1  # neither dead nor always on; healthy runs: 0 once the layer has woken
SATURATED_MEAN = 0.95  # mean activity; healthy runs without a target: 0.3 to 0.5
WEAK_COST = 0.05  # of a pull that drowns nothing
DYING_BELOW = 0.02  # activity of the quietest tenth; healthy runs without a target: 0.15 to 0.4
DYING_FALL = 5.0  # times below the layer's highest
ALIKE = 0.7  # mean correlation of two units; healthy runs: 0.1 to 0.45 after three epochs
STRONG_DECAY = 0.01
STEP_TOO_HIGH = 0.08  # |dW|/|W|; healthy after three epochs: 0.005 to 0.03, later about 0.001
STEP_TOO_LOW = 5e-4
BAND_FACTOR = 2.0  # how far the mean activity may be from its target, either way
GAP_NATS = 15.0  # healthy runs on 2,000 to 8,000 digits end between 1 and 9
CHAINS_BELOW_NATS = 60.0  # healthy chains stay within 30 of the data
CHAINS_CORRELATION = 0.8  # after ten Gibbs steps; healthy chains: 0.2 to 0.5
BRACKET_NATS = 1.0  # between AIS and its reverse; as in `likelihood.bracket`
FAR_NATS = 3.0  # below a mixture of as many parameters; a good RBM lies 15 to 40 above
ERROR_RISE = 1.7  # times the layer's best; healthy pcd runs reach 1.4 where momentum takes over

ERROR, ACTIVITY, STEP = metric_of("recon_mse"), metric_of("sparsity"), metric_of("weight_step")
GAP, LIKELIHOOD = metric_of("free_energy_gap"), metric_of("log_likelihood_ais")
QUIET = metric_of("quietest_tenth")
GOOD_STEP = STEP.said(1e-3)


def diverged(info: RunInfo, config: RunConfig) -> Advice:
    """What ended a run that has diverged, and the rate or decay to begin again with."""
    kind = kind_of(info.progress.position.stage)
    if kind in LATER:
        step = config.value(kind.rate)
        sentence = (
            f"The weights stopped being finite numbers by epoch {info.progress.position.epoch:.2f}, at a rate of "
            f"{step:g} in this stage: go back to an earlier epoch with a tenth of it."
        )
        return Advice("divergence", sentence, SetHyperparameter(kind.rate, float(f"{step / 10:.2g}")))
    config = config.for_layer(depth_of(info.progress.position.stage))
    step = config.training.learning_rate
    sentence = (
        f"The weights stopped being finite numbers by epoch {info.progress.position.epoch:.2f}, at a learning rate of "
        f"{step:g}: go back to an earlier epoch with a tenth of it."
    )
    decay = config.training.weight_decay
    if step * decay > 0.1:  # each update shrinks the weights by this share; near 1 it throws them about
        sentence = (
            f"The weights stopped being finite numbers: a learning rate of {step:g} with a weight decay of {decay:g} "
            f"takes {100 * step * decay:.0f} % of every weight away at each update."
        )
        return Advice("divergence", sentence, SetHyperparameter("training.weight_decay", 1e-4))
    return Advice("divergence", sentence, rate(config, 0.1))


def _rising_error(case: Case) -> Advice | None:
    now, values = case.recent("recon_mse"), [value for _, value in case.curves.get("recon_mse", [])]
    best = min((value for value in values if math.isfinite(value)), default=0.0)
    if now is None or best <= 0 or now < ERROR_RISE * best:
        return None
    rise = f"from {ERROR.text(best)} to {ERROR.said(now)}"
    sentence = f"The error has risen {rise}: training is coming apart, so lower the rate."
    return Advice("divergence", sentence, rate(case.config, 0.2))


def _dead(case: Case) -> Advice | None:
    dead = case.last("dead_units")
    if dead is None or dead < max(1, DEAD_SHARE * case.units):
        return None
    target = case.config.training.sparsity_target
    seen = f"{dead:.0f} of {case.units:,} units are dead (on for less than 0.5 % of the images)"
    if target is None or target < 0.05:
        remedy = SetHyperparameter("training.sparsity_target", 0.1)
        return Advice("dead units", f"{seen}: a sparsity target of {wanted(0.1)} pulls them back.", remedy)
    return Advice("dead units", f"{seen} although {wanted(target)} is wanted: pull harder.", cost(case.config))


def _dying(case: Case) -> Advice | None:
    """Units that fall silent, told from the first look on: a layer can die within an epoch. A target lifts them."""
    values = [value for _, value in case.curves.get("quietest_tenth", []) if math.isfinite(value)]
    if not values or case.config.training.sparsity_target is not None:
        return None
    highest, now = max(values), values[-1]
    if now >= DYING_BELOW or highest < DYING_FALL * now:
        return None
    sentence = (
        f"A tenth of the {case.units:,} units are on for at most {QUIET.said(now)} of the images, where it was "
        f"{QUIET.said(highest)}: they fall silent, and a sparsity target of {wanted(0.1)} holds them."
    )
    return Advice("dying units", sentence, SetHyperparameter("training.sparsity_target", 0.1))


def _alike(case: Case) -> Advice | None:
    """Units that are copies of one another: they tell images apart, but all in the same way."""
    likeness = case.last("likeness")
    if likeness is None or min(likeness, case.will_be("likeness") or 0.0) < ALIKE:  # they part
        return None
    training = case.config.training
    seen = f"Any two units answer alike (a correlation of {likeness:.2f}), so that many do the work of one"
    if training.weight_decay > STRONG_DECAY:
        takes = f"{seen}: a weight decay of {training.weight_decay:g} leaves room for one direction."
        return Advice("units alike", takes, SetHyperparameter("training.weight_decay", 1e-3))
    if training.sparsity_target is None:
        remedy = SetHyperparameter("training.sparsity_target", 0.1)
        return Advice("units alike", f"{seen}: a sparsity target of {wanted(0.1)} sets them apart.", remedy)
    return Advice("units alike", f"{seen}: a lower rate lets them part.", rate(case.config, 0.2))


def _saturated(case: Case) -> Advice | None:
    on, mean = case.last("always_on_units") or 0.0, case.last("sparsity") or 0.0
    if mean >= SATURATED_MEAN:
        seen = f"Hidden units are on {ACTIVITY.said(mean)} of the time, so they tell no image apart"
    elif on >= max(1, ALWAYS_ON_SHARE * case.units):
        seen = f"{on:.0f} of {case.units:,} units are on for every image, so they tell none apart"
    else:
        return None
    target = case.config.training.sparsity_target
    if target is None or target > 0.5:
        remedy = SetHyperparameter("training.sparsity_target", 0.1)
        return Advice("saturation", f"{seen}: a sparsity target of {wanted(0.1)} pulls them down.", remedy)
    return Advice("saturation", f"{seen} although {wanted(target)} is wanted: pull harder.", cost(case.config))


def _constant(case: Case) -> Advice | None:
    """Units that are on for a part of every image alike; in a deep layer that still wakes they become fewer."""
    constant, dead, on = (case.last(name) or 0.0 for name in ("constant_units", "dead_units", "always_on_units"))
    alike = constant - dead - on
    if alike < max(1, CONSTANT_SHARE * case.units) or case.falls("constant_units"):
        return None
    training = case.config.training
    seen = f"{alike:.0f} of {case.units:,} units answer to every image alike"
    if training.sparsity_target is not None and training.sparsity_cost > WEAK_COST:
        drowns = (
            f"{seen}: the pull of {training.sparsity_cost:g} to the sparsity target drowns the images, so pull less."
        )
        weaker = max(WEAK_COST, float(f"{training.sparsity_cost / 10:.2g}"))
        return Advice("constant units", drowns, SetHyperparameter("training.sparsity_cost", weaker))
    if training.l1_decay:
        takes = f"{seen}: an L1 decay of {training.l1_decay:g} takes more from their weights than they learn."
        return Advice("constant units", takes, SetHyperparameter("training.l1_decay", training.l1_decay / 10))
    sentence = f"{seen}: at a learning rate of {training.learning_rate:g} their weights do not grow, so raise it."
    return Advice("constant units", sentence, rate(case.config, 3))


def _rate_too_high(case: Case) -> Advice | None:
    step, mean = case.recent("weight_step"), case.last("sparsity") or 0.0
    # Units that are always on all learn the same: small weights that jump, whatever the rate.
    if step is None or step < STEP_TOO_HIGH or mean >= SATURATED_MEAN:
        return None
    sentence = (
        f"Each update moves the weights by {STEP.said(step)} of their size, where about {GOOD_STEP} is good: "
        f"the learning rate is too high."
    )
    return Advice("rate too high", sentence, rate(case.config, 0.1))


def _rate_too_low(case: Case) -> Advice | None:
    step, dead = case.recent("weight_step"), case.last("dead_units") or 0
    # A falling schedule ends low on purpose, and units that are dead learn nothing at any rate.
    if step is None or case.config.training.schedule != "constant" or dead > case.units / 2:
        return None
    if not 0 < step < STEP_TOO_LOW:
        return None
    sentence = (
        f"Each update moves the weights by only {STEP.said(step)} of their size, where about {GOOD_STEP} is good: "
        f"the learning rate is too low."
    )
    return Advice("rate too low", sentence, rate(case.config, min(100.0, max(2.0, 0.02 / step))))


def _missed_band(case: Case) -> Advice | None:
    target, mean = case.config.training.sparsity_target, case.last("sparsity")
    if target is None or mean is None or _in_band(mean, target):
        return None
    low, high = sorted((mean, case.will_be("sparsity") or mean))
    if low <= target * BAND_FACTOR and high >= target / BAND_FACTOR:  # a weak pull takes its time
        return None
    sentence = (
        f"Hidden units are on {ACTIVITY.said(mean)} of the time, the target is {wanted(target)}: "
        f"the pull of {case.config.training.sparsity_cost:g} is too weak."
    )
    return Advice("sparsity band missed", sentence, cost(case.config))


def _overfitting(case: Case) -> Advice | None:
    gap = case.recent("free_energy_gap")
    if gap is None or gap < GAP_NATS or not _grows(case.curves["free_energy_gap"]):
        return None
    sentence = (
        f"Held-out images lie {gap:.0f}{GAP.behind} above the training images, and ever further: it learns them by "
        f"heart."
    )
    decay = max(1e-3, min(1.0, 10 * case.config.training.weight_decay))
    return Advice("overfitting", sentence, SetHyperparameter("training.weight_decay", decay))


def _stuck_chains(case: Case) -> Advice | None:
    if case.config.training.method == "cd":
        return None
    gap, memory = case.last("chain_energy_gap"), case.last("chain_autocorrelation")
    if gap is not None and gap < -CHAINS_BELOW_NATS:
        seen = f"The chains sit {-gap:.0f}{GAP.behind} below the images, in wells that no image visits"
    elif memory is not None and memory > CHAINS_CORRELATION:
        seen = f"After ten Gibbs steps the chains still correlate by {memory:.2f} with themselves: they hardly move"
    else:
        return None
    return Advice("stuck chains", f"{seen}; a lower rate lets them catch up.", rate(case.config, 0.2))


def _far_model(case: Case) -> Advice | None:
    """A model that explains images worse than a mixture of its size; looked at when the layer is done."""
    names = ("log_likelihood_exact", "log_likelihood_ais", "log_likelihood_rais")
    mine = max((value for name in names if (value := case.last(name)) is not None), default=None)
    reference = case.last("log_likelihood_mixture")
    if mine is None or reference is None or mine > reference - FAR_NATS:
        return None
    training = case.config.training
    seen = (
        f"Held-out images come to {LIKELIHOOD.said(mine)} each, where a mixture of {case.units:,} Bernoullis, about as "
        f"many parameters, reaches {LIKELIHOOD.text(reference)}: the model is far from what its size can do"
    )
    if training.method == "cd":
        more = min(100, max(10, 10 * training.k))
        return Advice("far model", f"{seen}, so take more Gibbs steps.", SetHyperparameter("training.k", more))
    if training.momentum:
        sentence = f"{seen}; chains cannot follow at a momentum of {training.momentum:g}."
        return Advice("far model", sentence, SetHyperparameter("training.momentum", 0.0))
    return Advice("far model", f"{seen}; a lower rate lets its chains follow.", rate(case.config, 0.2))


def _loose_bracket(case: Case) -> Advice | None:
    # Medians: now and then a single chain carries an estimate off.
    below, above = case.recent("log_likelihood_ais"), case.recent("log_likelihood_rais")
    if below is None or above is None or below - above < BRACKET_NATS:
        return None
    temperatures = case.config.likelihood.temperatures
    sentence = (
        f"AIS and its reverse lie {LIKELIHOOD.said(below - above)} apart with {temperatures:,} temperatures, "
        f"so neither likelihood can be believed: anneal more slowly."
    )
    slower = min(1_000_000, max(500, 10 * temperatures))
    return Advice("loose bracket", sentence, SetHyperparameter("likelihood.temperatures", slower))


DETECTORS: tuple[Callable[[Case], Advice | None], ...] = (
    _far_model,
    _stuck_chains,
    _dead,
    _dying,
    _saturated,
    _constant,
    _alike,
    _rate_too_high,
    _rising_error,
    _rate_too_low,
    _missed_band,
    _overfitting,
    _loose_bracket,
)


def _in_band(mean: float, target: float) -> bool:
    return target / BAND_FACTOR <= mean <= min(1.0, target * BAND_FACTOR)


def _grows(curve: Sequence[tuple[float, float]]) -> bool:
    """The mean of the second half lies above that of the first half."""
    values = [value for _, value in curve if math.isfinite(value)]
    half = len(values) // 2
    return half > 0 and sum(values[half:]) / (len(values) - half) > sum(values[:half]) / half
