"""The cards of the Diagnose page: each a question, what to look for, and where its numbers come from. Plain data."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from dbn_core.metric_table import metric_of
from dbn_core.view.curves import Series, series
from dbn_core.view.texts import texts

PERSISTENT = ("pcd", "fpcd", "tempering")
LIKELIHOODS = ("log_likelihood_exact", "log_likelihood_ais", "log_likelihood_rais")

# Where the coach speaks (`dbn_core/coach/detectors.py`), and what healthy runs of digits have.
GAP = ((15.0, "no sign of learning by heart"), (None, "learning by heart, if it still climbs"))
STEP = (
    (0.01, "it hardly moves any more"),
    (1.0, "calm steps"),
    (8.0, "large steps, as early epochs have"),
    (None, "it jumps about: lower the learning rate"),
)
CHAIN_GAP = (
    (-60.0, "in wells that no image visits"),
    (-30.0, "lower than healthy chains"),
    (30.0, "where the images are"),
    (None, "they lag behind the weights"),
)
CHAIN_MEMORY = ((0.5, "they move"), (0.8, "they move slowly"), (None, "they hardly move"))

Kind = Literal["curve", "hidden", "histograms", "singular", "covariance", "selectivity", "probe", "likelihood"]


@dataclass(frozen=True, slots=True)
class CardHelp:
    """What stands behind a card's (?), and in one line on it what is good."""

    question: str
    look: str
    formula: str
    unit: str
    split: str
    lies: str
    good: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One card. A curve draws metrics over the epochs, the others a frame, the probe an answer of a worker.

    axis, sign: beside the axis and behind a number. guides: horizontal lines at these values; log: of the value axis;
    verdicts: what a value up to each of these, in the unit of the axis, says of a layer, for the first of `series`;
    only: the methods without which it has nothing to show (none: any), since the others lack what `lacks` names.
    """

    key: str
    kind: Kind
    help: CardHelp
    axis: str = ""
    sign: str = ""
    series: tuple[Series, ...] = ()
    log: bool = False
    guides: tuple[tuple[float, str], ...] = ()
    verdicts: tuple[tuple[float | None, str], ...] = ()
    only: tuple[str, ...] = ()
    lacks: str = ""
    more: bool = False


@cache
def cards() -> tuple[Card, ...]:
    """All cards in reading order, the six by default first."""
    words = {key: CardHelp(**text) for key, text in texts("diagnose").items()}

    def curve(key: str, *lines: Series, **options: Any) -> Card:
        row = metric_of(lines[0].metric)
        return Card(key, "curve", words[key], row.axis_title, row.sign, lines, **options)

    def card(key: Kind, metric: str = "", **options: Any) -> Card:
        row = metric_of(metric)
        return Card(key, key, words[key], row.axis_title, row.sign, **options)

    return (
        curve("gap", series("free_energy_gap", "held-out − train"), guides=((0.0, ""),), verdicts=GAP),
        curve("step", series("weight_step", "|ΔW| / |W|"), log=True, guides=((0.1, "0.1 %"),), verdicts=STEP),
        card("hidden"),
        card("histograms"),
        card("singular"),
        card("covariance"),
        card("likelihood", "log_likelihood_ais"),
        card("selectivity", more=True),
        curve(
            "population",
            series("population_sparsity", "population"),
            series("lifetime_sparsity", "lifetime", dashed=True),
            more=True,
        ),
        curve("participation", series("participation_ratio", "participation ratio"), more=True),
        curve(
            "chain_gap",
            series("chain_energy_gap", "chains − images"),
            guides=((0.0, ""),),
            verdicts=CHAIN_GAP,
            only=PERSISTENT,
            lacks="persistent chains",
            more=True,
        ),
        curve(
            "chain_memory",
            series("chain_autocorrelation", "after ten steps"),
            guides=((0.0, ""), (1.0, "stuck")),
            verdicts=CHAIN_MEMORY,
            only=PERSISTENT,
            lacks="persistent chains",
            more=True,
        ),
        curve(
            "swaps",
            series("swap_acceptance", "mean of all pairs"),
            series("swap_acceptance_min", "the pair that swaps least", dashed=True),
            guides=((0.0, ""), (1.0, "")),
            only=("tempering",),
            lacks="temperatures that swap",
            more=True,
        ),
        curve(
            "fast",
            series("fast_weight_share", "|F| / |W|"),
            guides=((0.0, ""),),
            only=("fpcd",),
            lacks="fast weights",
            more=True,
        ),
        card("probe", "probe.pixels.knn_error", more=True),
    )


@cache
def drawn_metrics() -> tuple[str, ...]:
    """Metrics that the page needs: those drawn, and the decay that the spectra quote."""
    return (*(series.metric for card in cards() for series in card.series), "covariance_decay", *LIKELIHOODS)
