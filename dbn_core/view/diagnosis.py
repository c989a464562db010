"""The cards of the Diagnose page: each a question, what to look for, and where its numbers come from. Plain data."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from dbn_core.view.curves import Series

TEXTS = Path(__file__).parents[2] / "assets" / "texts" / "diagnose.json"

PERSISTENT = ("pcd", "fpcd", "tempering")
LIKELIHOODS = ("log_likelihood_exact", "log_likelihood_ais", "log_likelihood_rais")

Kind = Literal["curve", "hidden", "histograms", "singular", "covariance", "selectivity", "probe", "likelihood"]


@dataclass(frozen=True, slots=True)
class CardHelp:
    """What stands behind a card's (?)."""

    question: str
    look: str
    formula: str
    unit: str
    split: str
    lies: str


@dataclass(frozen=True, slots=True)
class Card:
    """One card. A curve draws metrics over the epochs, the others a frame, the probe an answer of a worker.

    guides: horizontal lines at these values; log: of the value axis; only: the methods without which it has nothing to
    show (none: any), since the others lack what `lacks` names.
    """

    key: str
    kind: Kind
    help: CardHelp
    axis: str = ""
    series: tuple[Series, ...] = ()
    log: bool = False
    guides: tuple[tuple[float, str], ...] = ()
    only: tuple[str, ...] = ()
    lacks: str = ""
    more: bool = False


@cache
def cards() -> tuple[Card, ...]:
    """All cards in reading order, the six by default first."""
    texts = {key: CardHelp(**text) for key, text in json.loads(TEXTS.read_text("utf-8")).items()}

    def curve(key: str, axis: str, *series: Series, **options: Any) -> Card:
        return Card(key, "curve", texts[key], axis, series, **options)

    def frame(key: Kind, **options: Any) -> Card:
        return Card(key, key, texts[key], **options)

    return (
        curve("gap", "nats", Series("free_energy_gap", "held-out − train"), guides=((0.0, ""),)),
        curve("step", "|ΔW| / |W|", Series("weight_step", "|ΔW| / |W|"), log=True, guides=((1e-3, "1e-3"),)),
        frame("hidden"),
        frame("histograms"),
        frame("singular"),
        frame("covariance"),
        frame("likelihood"),
        frame("selectivity", more=True),
        curve(
            "population",
            "sparsity, 0 to 1",
            Series("population_sparsity", "population"),
            Series("lifetime_sparsity", "lifetime", dashed=True),
            more=True,
        ),
        curve("participation", "directions", Series("participation_ratio", "participation ratio"), more=True),
        curve(
            "chain_gap",
            "nats",
            Series("chain_energy_gap", "chains − images"),
            guides=((0.0, ""),),
            only=PERSISTENT,
            lacks="persistent chains",
            more=True,
        ),
        curve(
            "chain_memory",
            "correlation",
            Series("chain_autocorrelation", "after ten steps"),
            guides=((0.0, ""), (1.0, "stuck")),
            only=PERSISTENT,
            lacks="persistent chains",
            more=True,
        ),
        curve(
            "swaps",
            "share accepted, 0 to 1",
            Series("swap_acceptance", "mean of all pairs"),
            Series("swap_acceptance_min", "the pair that swaps least", dashed=True),
            guides=((0.0, ""), (1.0, "")),
            only=("tempering",),
            lacks="temperatures that swap",
            more=True,
        ),
        curve(
            "fast",
            "|F| / |W|",
            Series("fast_weight_share", "|F| / |W|"),
            guides=((0.0, ""),),
            only=("fpcd",),
            lacks="fast weights",
            more=True,
        ),
        frame("probe", more=True),
    )


@cache
def drawn_metrics() -> tuple[str, ...]:
    """Metrics that the page needs: those drawn, and the decay that the spectra quote."""
    return (*(series.metric for card in cards() for series in card.series), "covariance_decay", *LIKELIHOODS)


def as_data() -> list[dict[str, Any]]:
    """The cards as JSON-ready data for the component."""
    return [asdict(card) for card in cards()]
