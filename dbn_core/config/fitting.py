"""Settings that go with a choice: another method, kind of units, depth or number of images wants another rate.

`RULES` is the table. A rule holds for some configurations and says what goes with them; of several that hold the last
one has the last word, and without any the defaults have it. When a choice changes, so do the settings that went with
the old one; one that has been given another value than that is a person's own, and stays. EXPERIMENTS has the figures.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from dbn_core.config.problems import unknown_settings
from dbn_core.config.run import RunConfig
from dbn_core.config.settings import Settings
from dbn_core.errors import ConfigError
from dbn_core.kinds import KINDS

METHOD = "training.method"
CHOICES = (
    METHOD,
    "layers",
    "visible",
    "hidden",
    "data.preprocessing",
    "data.contrast_normalisation",
    "data.name",
    "data.train_size",
    "data.patch",
    "training.sparsity_target",
    "training.learn_variance",
)
"""What rules ask about."""
Values = Mapping[str, Any]
"""Settings by their dotted names; all that a rule asks or names are among them."""
Sizes = Callable[[str], int | None]
"""How many training images a data set has, by its name; None where that is not known."""
FEW = 2000  # images of an epoch
PATCHES = 10  # of an image, where images are cut into patches


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes with some configurations, and what these have in common, in words."""

    words: str
    settings: Values
    holds: Callable[[Values, int | None], bool]  # of the settings, and how many images an epoch has


def _real(values: Values) -> bool:
    return not KINDS[values["visible"]].is_bounded


def _persistent(values: Values) -> bool:
    return values[METHOD] != "cd"


def _unbounded(values: Values) -> bool:
    return not KINDS[values["hidden"]].is_bounded


def _learns_deviations(values: Values) -> bool:
    return _real(values) and values["training.learn_variance"]


def _far_out(values: Values) -> bool:
    """Inputs or states of the negative phase far from 0, between units that answer in proportion."""
    wide = values["data.preprocessing"] == "robust" or values["data.contrast_normalisation"]
    return _unbounded(values) and _real(values) and (wide or _persistent(values) or _learns_deviations(values))


RULES = (
    Rule(
        "hidden units without bounds",
        {"training.learning_rate": 0.02, "training.centring": True},
        lambda values, _: _unbounded(values),
    ),
    # The chains follow the model by their own Gibbs steps: with CD's momentum, and without centring, they fall behind.
    Rule(
        "persistent chains",
        {
            "training.learning_rate": 0.2,
            "training.schedule": "linear",
            "training.momentum": 0.0,
            "training.initial_momentum": 0.0,
            "training.centring": True,
        },
        lambda values, _: _persistent(values),
    ),
    # Without centring, all units of a layer follow the mean of the many positive inputs, and most of a wide one die.
    Rule(
        "several layers",
        {"training.centring": True, "training.sparsity_target": 0.1, "training.sparsity_cost": 0.5},
        lambda values, _: len(values["layers"]) > 1,
    ),
    Rule(
        "a sparsity target",
        {"training.initial_hidden_bias": None},
        lambda values, _: values["training.sparsity_target"] is not None,
    ),
    # What hidden units reconstruct together grows with their number and has no bound: at 0.05 it overshoots for ever.
    Rule(
        "gaussian visible units",
        {"data.preprocessing": "standard", "training.learning_rate": 0.01, "training.centring": True},
        lambda values, _: _real(values),
    ),
    # Of means the spread is missing from the statistic, and a deviation that shrinks multiplies the rate of weights.
    Rule(
        "deviations that are learned",
        {"training.visible_samples": True, "training.learning_rate": 0.003},
        lambda values, _: _learns_deviations(values),
    ),
    Rule(
        "persistent chains of gaussian units",
        {"training.learning_rate": 0.03},
        lambda values, _: _persistent(values) and _real(values),
    ),
    Rule(
        "no bounds on either side",
        {"training.learning_rate": 0.002},
        lambda values, _: _unbounded(values) and _real(values),
    ),
    Rule(
        "RobustScaler",  # leaves values beyond a hundred
        {"training.learning_rate": 0.001},
        lambda values, _: values["data.preprocessing"] == "robust",
    ),
    Rule(
        "values far out between units without bounds",
        {"training.learning_rate": 0.0002},
        lambda values, _: _far_out(values),
    ),
    # Ten epochs of a few updates each teach nothing.
    Rule(f"fewer than {FEW:,} images", {"batch_size": 20}, lambda _, images: images is not None and images < FEW),
)
"""In the order in which they are applied."""

USUAL = {key: RunConfig().value(key) for rule in RULES for key in rule.settings}
"""Where no rule holds."""


def unknown(name: str) -> int | None:  # noqa: ARG001
    """The size of a data set where nobody has looked."""
    return None


def fitting(values: Values, sizes: Sizes = unknown, usual: Values = USUAL) -> dict[str, Any]:
    """All that goes with the choices among `values`; `usual`: where no rule says otherwise."""
    fit = {key: usual[key] for key in USUAL}
    for rule in _holding(values, sizes):
        fit |= rule.settings
    return fit


def following(before: Values, after: Values, sizes: Sizes = unknown, usual: Values = USUAL) -> dict[str, Any]:
    """What changes with the choices in `after`: settings of `before` that nobody has changed.

    usual: what they return to when the choice that they went with is taken back, such as those of a preset.
    """
    old, changes = fitting(before, sizes), dict[str, Any]()
    free = [key for key, value in old.items() if before[key] == value == after[key]]
    for _ in RULES:  # what is set may be a choice itself
        new = fitting({**after, **changes}, sizes, usual)
        found = {key: new[key] for key in free if new[key] != old[key]}
        if found == changes:
            break
        changes = found
    return changes


def what_goes_with(values: Values, changed: Collection[str], sizes: Sizes = unknown) -> str:
    """Why settings have changed to what they are, as in "what goes with persistent chains and several layers"."""
    rules = [rule.words for rule in _holding(values, sizes) if rule.settings.keys() & set(changed)]
    *others, last = rules or [""]
    return f"what goes with {', '.join(others)}{' and ' if others else ''}{last}" if last else "what is usual"


def consequences(
    config: RunConfig,
    values: Values,
    given: Collection[str] = (),
    sizes: Sizes = unknown,
    usual: Values = USUAL,
) -> dict[str, Any]:
    """What changes in `config` with the choices among `values`; neither what is among them itself nor what is `given`.

    See `following`. Nothing where one of the values is not allowed: `with_values` says which.
    """
    before = config.flat()
    try:
        after = Settings.model_validate(config.replaced(values))
    except ValidationError:
        return {}
    more = following(before, {key: after.value(key) for key in before}, sizes, usual)
    return {key: value for key, value in more.items() if key not in values and key not in given}


def with_choices(config: RunConfig, values: Values, given: Collection[str] = (), sizes: Sizes = unknown) -> RunConfig:
    """`config.with_values(values)` with their `consequences`. Raises ConfigError as `with_values`."""
    if refused := unknown_settings(values):
        raise ConfigError(refused)
    return config.with_values({**consequences(config, values, given, sizes), **values})


def _holding(values: Values, sizes: Sizes) -> list[Rule]:
    images = _images(values, sizes)
    return [rule for rule in RULES if rule.holds(values, images)]


def _images(values: Values, sizes: Sizes) -> int | None:
    """Training images, or patches, of an epoch."""
    count, cut = values["data.train_size"], PATCHES if values["data.patch"] else 1
    if count is not None:
        return count
    size = sizes(values["data.name"])
    return None if size is None else size * cut
