"""The live charts: which metrics each draws, its axis, its question and what to look for.

Plain data for the browser, which draws them (`assets/live/charts.js`). Nothing here changes while a run trains.
"""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parents[2] / "assets" / "texts" / "live.json"
HEALTHY_ACTIVITY = (5.0, 15.0)  # per cent


@dataclass(frozen=True, slots=True)
class Series:
    """One metric in a chart; held-out data are dashed. `factor` turns the stored number into the unit of the axis.

    `dots`: points without a line between them, for what is measured now and then; `dotted`: a finer dash.
    """

    metric: str
    name: str
    dashed: bool = False
    factor: float = 1.0
    dots: bool = False
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Help:
    """What stands behind a chart's (?)."""

    question: str
    look: str
    formula: str
    unit: str
    split: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `weight` is its share of the height; `digits` its significant digits in hovers.

    `hover` is the unit behind a value, `{units}` in it the size of the layer; `suffix` the one behind axis numbers.
    `name`: on the button that shows or hides it; `rank`: the lower, the sooner it is shown where not all have room.
    `marked`: each number has a dot, since there are few of them. `from_zero`: the axis begins at 0, as that of errors
    and counts.
    """

    key: str
    axis: str
    series: tuple[Series, ...]
    help: Help
    weight: float
    hover: str
    digits: int = 3
    can_be_log: bool = False
    suffix: str = ""
    band: tuple[float, float] | None = None
    name: str = ""
    rank: int = 0
    from_zero: bool = True
    marked: bool = False

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics drawn, as stored."""
        return tuple(series.metric for series in self.series)


@cache
def charts() -> tuple[Chart, ...]:
    """The charts of the Train page, from the top down."""
    texts = {key: Help(**text) for key, text in json.loads(TEXTS.read_text("utf-8")).items()}
    return (
        Chart(
            key="error",
            axis="squared error per pixel",
            series=(Series("recon_mse", "train"), Series("heldout_recon_mse", "held out", dashed=True)),
            help=texts["error"],
            weight=1.45,
            hover=" per pixel",
            can_be_log=True,
            name="redrawing",
            rank=1,
        ),
        Chart(
            key="classified",
            axis="% wrong",
            series=(
                Series("train_error", "train"),
                Series("heldout_error", "held out", dashed=True),
                Series("validation_error", "set aside", dotted=True),
                Series("test_error", "all held out", dots=True),
            ),
            help=texts["classified"],
            weight=1.2,
            hover=" % wrong",
            suffix=" %",
            name="wrong classes",
            rank=2,
        ),
        Chart(
            key="loss",
            axis="nats per image",
            series=(Series("loss", "train"), Series("heldout_loss", "held out", dashed=True)),
            help=texts["loss"],
            weight=1.0,
            hover=" nats",
            can_be_log=True,
            name="loss",
            rank=5,
        ),
        Chart(
            key="elbo",
            axis="nats per image",
            series=(Series("elbo", "train"), Series("heldout_elbo", "held out", dashed=True)),
            help=texts["elbo"],
            weight=1.0,
            hover=" nats",
            digits=4,
            name="ELBO",
            rank=4,
            from_zero=False,
        ),
        Chart(
            key="likelihood",
            axis="nats per image",
            series=(
                Series("log_likelihood_exact", "exact"),
                Series("log_likelihood_ais", "AIS"),
                Series("log_likelihood_rais", "reverse AIS", dashed=True),
            ),
            help=texts["likelihood"],
            weight=1.0,
            hover=" nats",
            digits=4,
            name="log-likelihood",
            rank=3,
            from_zero=False,
            marked=True,
        ),
        Chart(
            key="activity",
            axis="% of units on",
            series=(Series("sparsity", "mean hidden activity", factor=100.0),),
            help=texts["activity"],
            weight=1.0,
            hover=" %",
            suffix=" %",
            band=HEALTHY_ACTIVITY,
            name="activity",
            rank=6,
        ),
        Chart(
            key="dead",
            axis="dead units",
            series=(Series("dead_units", "dead units"),),
            help=texts["dead"],
            weight=0.85,
            hover=" of {units}",
            name="dead units",
            rank=7,
        ),
    )


@cache
def drawn_metrics() -> tuple[str, ...]:
    """All metrics that some chart draws."""
    return tuple(metric for chart in charts() for metric in chart.metrics)


def as_data() -> list[dict[str, Any]]:
    """The charts as JSON-ready data for the component."""
    return [asdict(chart) for chart in charts()]


@cache
def picture_texts() -> dict[str, dict[str, str]]:
    """The help of the filter mosaic and of the reconstructions."""
    texts = json.loads(TEXTS.read_text("utf-8"))
    return {key: asdict(Help(**texts[key])) for key in ("mosaic", "strip")}
