"""The source article's claims for DBNs beside what the runs of this lab have measured; nothing is said that was not.

Everything is read off the figures that runs keep: of a few-labels experiment, of hybrids trained on few labels, and of
evaluations of a checkpoint (stage `evaluation`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Literal

from dbn_core.config import RunConfig
from dbn_core.config.stages import layer_stage
from dbn_core.metric_table import metric_of
from dbn_core.records import EVALUATION, MetricPoint
from dbn_core.view.compare_hybrid import kept, summary
from dbn_core.view.few_labels import FewLabelsPoint, few_labels_points
from dbn_core.view.words import number

SMALL = 10_000  # labelled images below which the article calls a training set small
Verdict = Literal["for", "against", "undecided"]
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one run says about a claim: the verdict, the figures it rests on, and how they were measured."""

    verdict: Verdict
    figures: str
    what: str


@dataclass(frozen=True, slots=True)
class Claim:
    """`text` as the article has it; `rule`: when a run speaks for it; `how`: which click measures it."""

    key: str
    text: str
    rule: str
    how: str


SMALL_SETS = Claim(
    "small",
    "Pretraining pays on small training sets, under 10,000 labelled images.",
    "For: the pretrained net errs less than the same net from scratch, by more than both spread over their seeds.",
    "With a run of your own the button above trains the same net with and without pretraining; so does Few labels on "
    "the Classify page.",
)
HYBRID = Claim(
    "hybrid",
    "On small training sets, features of a DBN make a convolutional network better.",
    "For: the CNN errs less on features and image than on the image alone, on the same draws of labels, by more than "
    "the difference spreads over the draws.",
    "With a run of your own the button above trains both; so does Hybrids on few labels, on this page, for other "
    "numbers of labels.",
)
DISENTANGLED = Claim(
    "disentangled",
    "Its features are disentangled: simple classifiers read the class off them more easily than off pixels.",
    "For: k-NN or logistic regression errs less on the top layer than on pixels, by more than a standard error, and "
    "the other one does not err more.",
    "With a run of your own the button above probes each layer of a run.",
)
GENERATES = Claim(
    "generates",
    "It generates new images of the kind it has seen.",
    "For: precision and coverage of dreams are past half way from noise to held-out images, and they are no copies. "
    "Against: neither is, or one of them is not even a tenth of the way.",
    "With a run of your own the button above scores dreams of a run.",
)
EXPLAINS = Claim(
    "explains",
    "It generates with an explanation: a class held in the label units yields images of that class.",
    "For: a judge network takes dreams for the class that was held, past half way from chance to held-out images.",
    "Train a run with label units (setting “Label units”); then the button above scores its dreams.",
)
HARDLY = 0.1  # of the way from noise to held-out images: dreams that are all alike or none of which is like an image
WAY = ("precision", "coverage")
"""Measures of which dreams go some share of the way from noise to held-out images."""
OF_THE_WAY = tuple(f"samples.{source}.{measure}" for source in ("dreams", "real", "noise") for measure in WAY)
_SOURCES = ("real", "dreams", "held", "vae", "noise")
_MEASURES = ("precision", "coverage", "accuracy", "adversarial_real", "adversarial_generated")
CLAIMS = (SMALL_SETS, HYBRID, DISENTANGLED, GENERATES, EXPLAINS)


def names_of(config: RunConfig) -> list[str] | None:
    """The metrics of a run that `evidence` reads; None for all, where their names are not known beforehand."""
    if config.fewlabels.seeds:
        return None
    scored = [f"samples.{source}.{measure}" for source in _SOURCES for measure in _MEASURES]
    features = ["pixels", *map(layer_stage, range(1, len(config.layers) + 1))]
    probed = [f"probe.{where}.{kind}_error" for where in features for kind in ("logistic", "knn")]
    return [*scored, *probed, "samples.count", "samples.steps", "probe.judged", "probe.fitted"]


def evaluated(points: Iterable[MetricPoint]) -> dict[str, float]:
    """The newest figures of a run's evaluations, by name; of what belongs together, only what was measured together."""
    newest = {point.name: point for point in points if point.position.stage == EVALUATION}
    latest: dict[str, int] = {}
    for point in newest.values():
        kind = point.name.partition(".")[0]
        latest[kind] = max(latest.get(kind, 0), point.position.step)
    return {
        name: point.value for name, point in newest.items() if point.position.step == latest[name.partition(".")[0]]
    }


def evidence(points: Sequence[MetricPoint], classes: int) -> dict[str, Evidence]:
    """By claim, what a run's own metrics say; claims of which they say nothing are left out."""
    figures = evaluated(points)
    by_claim = {
        SMALL_SETS.key: small_sets(few_labels_points(points)),
        DISENTANGLED.key: disentangled(figures),
        GENERATES.key: generates(figures),
        EXPLAINS.key: explains(figures, classes),
        HYBRID.key: hybrids(kept(points)),
    }
    return {key: item for key, item in by_claim.items() if item is not None}


def small_sets(few: Sequence[FewLabelsPoint]) -> Evidence | None:
    """Of a few-labels experiment; None where no size has both methods."""
    points = {(point.method, point.labels): point for point in few if point.labels < SMALL}
    sizes = sorted({labels for method, labels in points if method == "global" and ("scratch", labels) in points})
    if not sizes:
        return None
    pairs = [(labels, points["global", labels], points["scratch", labels]) for labels in sizes]
    figures = "; ".join(
        f"{labels:,} labels: {_spread(one)} pretrained, {_spread(other)} from scratch" for labels, one, other in pairs
    )
    signs = [_sign(other.mean - one.mean, one.spread + other.spread) for _, one, other in pairs]
    seeds = min(len(one.errors) for _, one, _ in pairs)
    what = f"error on all held-out images, mean ± standard deviation over {_counted(seeds, 'seed')}"
    # One training has no spread to be larger than.
    return Evidence(_together(signs) if seeds > 1 else "undecided", figures, what)


def disentangled(figures: Figures) -> Evidence | None:
    """Of a probe; None where none was made."""
    judged, pixels = figures.get("probe.judged"), _probed(figures, "pixels")
    layers = _layers(figures)
    if not judged or pixels is None or not layers:
        return None
    told = [("pixels", pixels), *((f"layer {number}", errors) for number, errors in enumerate(layers, 1))]
    row = metric_of("probe.pixels.knn_error")
    shown = "; ".join(f"{name}: logistic {row.said(errors[0])}, k-NN {row.said(errors[1])}" for name, errors in told)
    # Two shares of the same images: one standard error of their difference is at most this.
    noise = 100 * (2 * 0.25 * pixels[0] / 100 / judged) ** 0.5
    signs = [_sign(before - after, noise) for before, after in zip(pixels, layers[-1], strict=True)]
    what = f"error on {judged:,.0f} held-out images, fitted on {figures.get('probe.fitted', 0):,.0f}; top layer judged"
    return Evidence(_together(signs), shown, what)


def generates(figures: Figures) -> Evidence | None:
    """Of a score of dreams; None where there is none."""
    if any(name not in figures for name in OF_THE_WAY):
        return None
    shown = "; ".join(
        f"{words}: precision {_told(figures, f'samples.{key}.precision')}, coverage "
        f"{_told(figures, f'samples.{key}.coverage')}"
        for key, words in (("dreams", "dreams"), ("real", "held-out images"), ("vae", "VAE"), ("noise", "noise"))
        if f"samples.{key}.coverage" in figures and f"samples.{key}.precision" in figures
    )
    # Halfway from noise to real images is where a judge would stop calling them noise.
    shares = [share_of_the_way(figures, measure) for measure in WAY]
    # Copies lie nearer to samples than to each other: both accuracies fall to 0 together.
    apart = [figures.get(f"samples.dreams.adversarial_{side}", 0.5) for side in ("real", "generated")]
    copied = max(apart) < 0.25
    fails = max(shares) < 0.5 or min(shares) < HARDLY
    verdict: Verdict = "for" if min(shares) > 0.5 else "against" if fails else "undecided"
    told = f"{shown}; {'copies of' if copied else 'no copies of'} training images"
    return Evidence("against" if copied else verdict, told, _scored(figures))


def explains(figures: Figures, classes: int) -> Evidence | None:
    """Of a score of dreams with labels held; None where there is none."""
    held, real = (figures.get(f"samples.{source}.accuracy") for source in ("held", "real"))
    if held is None or real is None or not classes:
        return None
    chance = 100 / classes
    verdict: Verdict = "for" if held > (real + chance) / 2 else "against"
    row = metric_of("samples.held.accuracy")
    shown = f"{row.said(held)} of dreams, {row.said(real)} of held-out images, chance {chance:.0f}{row.behind}"
    return Evidence(verdict, shown, f"{_scored(figures)}, judged by a network trained on the data set")


def hybrids(errors: Mapping[int, tuple[Sequence[float], Sequence[float]]]) -> Evidence | None:
    """errors: by number of labels, % wrong (on features and image, on the image alone), both on the same draws."""
    pairs = [(labels, *both) for labels, both in sorted(errors.items()) if labels < SMALL and both[0]]
    if not pairs:
        return None
    wrong = metric_of("test_error").behind
    shown = "; ".join(
        f"{labels:,} labels: {summary(both)}{wrong} with features, {summary(alone)}{wrong} without"
        for labels, both, alone in pairs
    )
    draws = min(len(both) for _, both, _ in pairs)
    gains = [[other - one for one, other in zip(both, alone, strict=True)] for _, both, alone in pairs]
    signs = [_sign(fmean(gain), stdev(gain) if len(gain) > 1 else abs(fmean(gain))) for gain in gains]
    what = f"error on all held-out images, mean ± standard deviation over {_counted(draws, 'draw')} of the labels"
    return Evidence(_together(signs), shown, what)


# -- parts ------------------------------------------------------------------------------------------------------------


def _spread(point: FewLabelsPoint) -> str:
    row = metric_of("test_error")
    return f"{row.text(point.mean)} ± {row.said(point.spread)}"


def _told(figures: Figures, name: str) -> str:
    return metric_of(name).text(figures[name])


def _probed(figures: Figures, features: str) -> tuple[float, float] | None:
    """(logistic, k-NN) errors in %."""
    logistic, near = (figures.get(f"probe.{features}.{kind}_error") for kind in ("logistic", "knn"))
    return None if logistic is None or near is None else (logistic, near)


def _layers(figures: Figures) -> list[tuple[float, float]]:
    layers: list[tuple[float, float]] = []
    while (errors := _probed(figures, layer_stage(len(layers) + 1))) is not None:
        layers.append(errors)
    return layers


def share_of_the_way(figures: Figures, measure: str) -> float:
    """How far dreams have come from noise, 0, to held-out images, 1, by a metric of samples."""
    low, high, own = (figures[f"samples.{source}.{measure}"] for source in ("noise", "real", "dreams"))
    return (own - low) / (high - low) if high > low else 0.0


def _scored(figures: Figures) -> str:
    count, steps = (figures.get(f"samples.{name}") for name in ("count", "steps"))
    return "dreams from noise" if count is None or steps is None else f"{count:,.0f} dreams of {steps:,.0f} Gibbs steps"


def _counted(count: int, word: str) -> str:
    return f"{number(count)} {word}{'s' * (count != 1)}"


def _sign(gain: float, noise: float) -> int:
    return 0 if abs(gain) <= noise else 1 if gain > 0 else -1


def _together(signs: Sequence[int]) -> Verdict:
    """For where some say so and none the contrary."""
    if max(signs) == 1 and min(signs) >= 0:
        return "for"
    return "against" if min(signs) == -1 and max(signs) <= 0 else "undecided"
