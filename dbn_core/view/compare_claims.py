"""The source article's claims for DBNs beside what the runs of this lab have measured; nothing is said that was not.

Everything is read off the figures that runs keep: of a few-labels experiment, of hybrids trained on few labels, and of
evaluations of a checkpoint (stage `evaluation`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Literal

from dbn_core.config import RunConfig
from dbn_core.records import EVALUATION, MetricPoint
from dbn_core.view.compare_hybrid import summary
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
    "On the Classify page, Few labels trains the same net with and without pretraining.",
)
HYBRID = Claim(
    "hybrid",
    "On small training sets, features of a DBN make a convolutional network better.",
    "For: the CNN errs less on features and image than on the image alone, on the same draws of labels, by more than "
    "the difference spreads over the draws.",
    "Hybrids on few labels, on this page, trains both.",
)
DISENTANGLED = Claim(
    "disentangled",
    "Its features are disentangled: simple classifiers read the class off them more easily than off pixels.",
    "For: k-NN or logistic regression errs less on the top layer than on pixels, by more than a standard error, and "
    "the other one does not err more.",
    "The button above probes each layer of a run.",
)
GENERATES = Claim(
    "generates",
    "It generates new images of the kind it has seen.",
    "For: precision and coverage of dreams are past half way from noise to held-out images, and they are no copies.",
    "The button above scores dreams of a run.",
)
EXPLAINS = Claim(
    "explains",
    "It generates with an explanation: a class held in the label units yields images of that class.",
    "For: a judge network takes dreams for the class that was held, past half way from chance to held-out images.",
    "Train a run with label units (setting `labels.joint`); then the button above scores its dreams.",
)
_SOURCES = ("real", "dreams", "held", "vae", "noise")
_MEASURES = ("precision", "coverage", "accuracy", "adversarial_real", "adversarial_generated")
CLAIMS = (SMALL_SETS, HYBRID, DISENTANGLED, GENERATES, EXPLAINS)


def names_of(config: RunConfig) -> list[str] | None:
    """The metrics of a run that `evidence` reads; None for all, where their names are not known beforehand."""
    if config.fewlabels.seeds:
        return None
    scored = [f"samples.{source}.{measure}" for source in _SOURCES for measure in _MEASURES]
    features = ["pixels", *(f"layer{number}" for number in range(1, len(config.layers) + 1))]
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
    found = {
        SMALL_SETS.key: small_sets(few_labels_points(points)),
        DISENTANGLED.key: disentangled(figures),
        GENERATES.key: generates(figures),
        EXPLAINS.key: explains(figures, classes),
    }
    return {key: item for key, item in found.items() if item is not None}


def small_sets(few: Sequence[FewLabelsPoint]) -> Evidence | None:
    """Of a few-labels experiment; None where no size has both methods."""
    found = {(point.method, point.labels): point for point in few if point.labels < SMALL}
    sizes = sorted({labels for method, labels in found if method == "global" and ("scratch", labels) in found})
    if not sizes:
        return None
    pairs = [(labels, found["global", labels], found["scratch", labels]) for labels in sizes]
    figures = "; ".join(
        f"{labels:,} labels: {one.mean:.2f} ± {one.spread:.2f} % pretrained, {other.mean:.2f} ± {other.spread:.2f} % "
        f"from scratch"
        for labels, one, other in pairs
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
    shown = "; ".join(f"{name}: logistic {errors[0]:.2f} %, k-NN {errors[1]:.2f} %" for name, errors in told)
    # Two shares of the same images: one standard error of their difference is at most this.
    noise = 100 * (2 * 0.25 * pixels[0] / 100 / judged) ** 0.5
    signs = [_sign(before - after, noise) for before, after in zip(pixels, layers[-1], strict=True)]
    what = f"error on {judged:,.0f} held-out images, fitted on {figures.get('probe.fitted', 0):,.0f}; top layer judged"
    return Evidence(_together(signs), shown, what)


def generates(figures: Figures) -> Evidence | None:
    """Of a score of dreams; None where there is none."""
    sources = ("real", "dreams", "noise")
    measures = ("precision", "coverage")
    if any(f"samples.{source}.{measure}" not in figures for source in sources for measure in measures):
        return None
    shown = "; ".join(
        f"{words}: precision {figures[f'samples.{key}.precision']:.2f}, coverage "
        f"{figures[f'samples.{key}.coverage']:.2f}"
        for key, words in (("dreams", "dreams"), ("real", "held-out images"), ("vae", "VAE"), ("noise", "noise"))
        if f"samples.{key}.coverage" in figures and f"samples.{key}.precision" in figures
    )
    # Halfway from noise to real images is where a judge would stop calling them noise.
    shares = [_share(figures, measure) for measure in measures]
    # Copies lie nearer to samples than to each other: both accuracies fall to 0 together.
    apart = [figures.get(f"samples.dreams.adversarial_{side}", 0.5) for side in ("real", "generated")]
    copied = max(apart) < 0.25
    verdict: Verdict = "for" if min(shares) > 0.5 else "against" if max(shares) < 0.5 else "undecided"
    told = f"{shown}; {'copies of' if copied else 'no copies of'} training images"
    return Evidence("against" if copied else verdict, told, _scored(figures))


def explains(figures: Figures, classes: int) -> Evidence | None:
    """Of a score of dreams with labels held; None where there is none."""
    held, real = (figures.get(f"samples.{source}.accuracy") for source in ("held", "real"))
    if held is None or real is None or not classes:
        return None
    chance = 100 / classes
    verdict: Verdict = "for" if held > (real + chance) / 2 else "against"
    shown = f"{held:.1f} % of dreams, {real:.1f} % of held-out images, chance {chance:.0f} %"
    return Evidence(verdict, shown, f"{_scored(figures)}, judged by a network trained on the data set")


def hybrids(errors: Mapping[int, tuple[Sequence[float], Sequence[float]]]) -> Evidence | None:
    """errors: by number of labels, % wrong (on features and image, on the image alone), both on the same draws."""
    pairs = [(labels, *both) for labels, both in sorted(errors.items()) if labels < SMALL and both[0]]
    if not pairs:
        return None
    shown = "; ".join(
        f"{labels:,} labels: {summary(both)} % with features, {summary(alone)} % without"
        for labels, both, alone in pairs
    )
    draws = min(len(both) for _, both, _ in pairs)
    gains = [[other - one for one, other in zip(both, alone, strict=True)] for _, both, alone in pairs]
    signs = [_sign(fmean(gain), stdev(gain) if len(gain) > 1 else abs(fmean(gain))) for gain in gains]
    what = f"error on all held-out images, mean ± standard deviation over {_counted(draws, 'draw')} of the labels"
    return Evidence(_together(signs), shown, what)


# -- parts ------------------------------------------------------------------------------------------------------------


def _probed(figures: Figures, features: str) -> tuple[float, float] | None:
    """(logistic, k-NN) errors in %."""
    logistic, near = (figures.get(f"probe.{features}.{kind}_error") for kind in ("logistic", "knn"))
    return None if logistic is None or near is None else (logistic, near)


def _layers(figures: Figures) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    while (errors := _probed(figures, f"layer{len(found) + 1}")) is not None:
        found.append(errors)
    return found


def _share(figures: Figures, measure: str) -> float:
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
