"""A run in a line: the settings in which it differs from others, and the figures it ended with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dbn_core.config import hyperparameter
from dbn_core.records import MetricPoint
from dbn_core.view.stages import depth_of
from dbn_core.view.words import figure, number, signed, stage_name

ERRORS = ("recon_mse", "heldout_recon_mse")
CLASSIFIED = ("test_error", "heldout_error")  # the first that there is: all held-out images, or the monitored ones
LIKELIHOODS = ("log_likelihood_exact", "log_likelihood_ais", "log_likelihood_rais")
FIGURES = (*ERRORS, "sparsity", *CLASSIFIED, *LIKELIHOODS)


@dataclass(frozen=True, slots=True)
class Figures:
    """The newest numbers of a run, as text; "" where there is none yet. Errors are squared errors per pixel.

    stage: whose errors they are; "" before anything was measured. wrong: "4.1 % wrong (classifier)". likelihood: both
    estimates, or the exact value, in nats per image.
    """

    stage: str
    train: str
    heldout: str
    activity: str
    wrong: str = ""
    likelihood: str = ""


def latest(points: Iterable[MetricPoint]) -> Figures:
    """The newest number of each metric in `FIGURES`, in the order in which the points were stored.

    A VAE or an up-down redraws images too, but the reconstruction errors are those of the stage measured last.
    """
    newest = {point.name: point for point in points}
    stage = stage_name(newest["recon_mse"].position.stage) if "recon_mse" in newest else ""
    texts = {name: figure(newest[name].value) if name in newest else "" for name in ERRORS}
    # A VAE, measured last, has no units that are on or off.
    busy = newest.get("sparsity") if stage != stage_name("vae") else None
    activity = f"{100 * busy.value:.1f} %" if busy is not None else ""
    return Figures(stage, texts["recon_mse"], texts["heldout_recon_mse"], activity, _wrong(newest), _likelihood(newest))


def _wrong(newest: Mapping[str, MetricPoint]) -> str:
    """Of the classifier measured last, whichever it was: label units, up-down, the head, the hybrid."""
    found = [newest[name] for name in CLASSIFIED if name in newest]
    if not found:
        return ""
    last = max(found, key=lambda point: point.position.step)
    chosen = next(point for point in found if point.position.stage == last.position.stage)
    which = "label units" if depth_of(last.position.stage) else stage_name(last.position.stage)
    return f"{chosen.value:.2f} % wrong ({which})"


def _likelihood(newest: Mapping[str, MetricPoint]) -> str:
    exact, *both = (newest.get(name) for name in LIKELIHOODS)
    if exact is not None:
        return f"{signed(exact.value)} nats an image (log-likelihood, exact)"
    ends = [signed(point.value) for point in both if point is not None]
    return f"{' / '.join(ends)} nats an image (log-likelihood, AIS / reverse AIS)" if len(ends) == 2 else ""


def differing(configurations: Sequence[Mapping[str, Any]]) -> list[str]:
    """Settings, by dotted name, that are not the same in all of these flat configurations, in their order."""
    if not configurations:
        return []
    first, *others = configurations
    return [key for key, value in first.items() if any(other[key] != value for other in others)]


def settings_text(configuration: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Settings with their values, as in "Layers 500-500-2000 · Learning rate 0.1"."""
    return " · ".join(f"{hyperparameter(key).label} {number(configuration[key])}" for key in keys)
