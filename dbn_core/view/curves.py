"""The live charts: which metrics each draws, its question and what to look for; units are those of the metrics.

Plain data for the browser, which draws them (`assets/shared/charts.js`). Nothing here changes while a run trains.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

from dbn_core.metric_table import metric_of
from dbn_core.view.texts import texts


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


def series(metric: str, name: str, **style: bool) -> Series:
    """A metric in a chart, in the unit that its row says."""
    return Series(metric, name, factor=metric_of(metric).factor, **style)


def split(metric: str) -> tuple[Series, Series]:
    """A metric on training images, and beside it, dashed, the same on held-out ones."""
    return series(metric, "train"), series(f"heldout_{metric}", "held out", dashed=True)


def chart(key: str, *lines: Series, page: str = "live", weight: float = 1.0, **options: Any) -> Chart:
    """A chart whose axis and unit are those of its first metric; its help: the words of a page under its key."""
    row = metric_of(lines[0].metric)
    words: dict[str, Any] = {"axis": row.axis_title, "hover": row.behind, "suffix": row.on_ticks, "digits": row.digits}
    beside = Help(**texts(page)[key])
    return Chart(key=key, series=lines, help=beside, weight=weight, **words | options)


class PictureTexts(TypedDict):
    """Help of the two pictures."""

    mosaic: Help
    strip: Help


@cache
def charts() -> tuple[Chart, ...]:
    """The charts of the Train page, from the top down."""
    activity = series("sparsity", "mean hidden activity")
    return (
        chart("error", *split("recon_mse"), name="reconstruction", rank=1, weight=1.45, can_be_log=True),
        chart(
            "classified",
            series("train_error", "train"),
            series("heldout_error", "held out", dashed=True),
            series("validation_error", "set aside", dotted=True),
            series("test_error", "all held out", dots=True),
            name="wrong classes",
            rank=2,
            weight=1.2,
        ),
        chart("loss", *split("loss"), name="loss", rank=5, can_be_log=True),
        chart("elbo", *split("elbo"), name="ELBO", rank=4, from_zero=False),
        chart(
            "likelihood",
            series("log_likelihood_exact", "exact"),
            series("log_likelihood_ais", "AIS"),
            series("log_likelihood_rais", "reverse AIS", dashed=True),
            name="log-likelihood",
            rank=3,
            from_zero=False,
            marked=True,
        ),
        chart("activity", activity, name="activity", rank=6, band=metric_of("sparsity").target),
        chart("dead", series("dead_units", "dead units"), name="dead units", rank=7, weight=0.85, hover=" of {units}"),
    )


@cache
def drawn_metrics() -> tuple[str, ...]:
    """All metrics that some chart draws."""
    return tuple(metric for chart in charts() for metric in chart.metrics)


@cache
def picture_texts() -> PictureTexts:
    """The help of the filter mosaic and of the reconstructions."""
    return {"mosaic": Help(**texts("live")["mosaic"]), "strip": Help(**texts("live")["strip"])}
