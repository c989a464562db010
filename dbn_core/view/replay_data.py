"""What a replay file holds, as types; `dbn_core/view/replay.py` makes it and `assets/replay/` reads it."""

from typing import NotRequired, TypedDict

from dbn_core.view.curves import Chart, PictureTexts
from dbn_core.view.palette import Palette, Theme
from dbn_core.view.status import Tone

Value = float | str | None  # a stored number, "nan", "inf" or "-inf"; None: nothing was measured


class ReplayRun(TypedDict):
    """The run itself; `state` in words, `tone` its colour."""

    id: str
    name: str
    note: str
    state: str
    tone: Tone
    facts: list[str]
    explanation: str
    epochs: float
    created: str


class ReplaySetting(TypedDict):
    """`usual`: it has its default, for all layers."""

    key: str
    label: str
    value: str
    unit: str
    usual: bool


class ReplayStage(TypedDict):
    """`units`: of the layer whose activity it measures, 0 where it measures none."""

    key: str
    label: str
    units: int


class ReplayMetric(TypedDict):
    """How to draw a metric that no chart has."""

    title: str
    axis: str
    factor: float
    suffix: str


class ReplayNumbers(TypedDict):
    """`rows`: one for each moment in the order of measuring: update, epoch, place of the stage, then the columns."""

    columns: list[str]
    rows: list[list[Value]]


class ReplayCommand(TypedDict):
    """Where it took effect; `problem`: why it was refused, else "". Without a stage it was never obeyed."""

    text: str
    sent: str
    stage: str
    step: int | None
    epoch: float | None
    problem: str


class ReplayPosition(TypedDict):
    """Where a picture was taken."""

    stage: str
    step: int
    epoch: float


class StripShape(ReplayPosition):
    """`cases` images side by side, each `height` by `width`."""

    cases: int
    height: int
    width: int
    colour: bool


class StripPictures(StripShape):
    """The addresses of both pictures: the originals and, `src`, what became of them."""

    originals: str
    src: str


class ReplayStrip(StripShape):
    """`originals`: the place of that picture among those of the file."""

    originals: int
    src: str


class ReplayMoment(ReplayPosition):
    """A mosaic of `units` filters (of `of` units of `what`), each `height` by `width`; `scale`: the largest weight, or
    with `responds` the most ink above or below the mean image.
    """

    what: str
    of: int
    colour: bool
    units: int
    columns: int
    rows: int
    height: int
    width: int
    scale: float
    responds: bool
    src: str
    strip: NotRequired[ReplayStrip]


class ReplayDocument(TypedDict):
    """Everything but the pictures. `others`: the metrics that no chart has, by name."""

    run: ReplayRun
    settings: list[ReplaySetting]
    stages: list[ReplayStage]
    charts: list[Chart]
    others: dict[str, ReplayMetric]
    texts: PictureTexts
    numbers: ReplayNumbers
    commands: list[ReplayCommand]
    palette: dict[Theme, Palette]


class ReplayData(ReplayDocument):
    """What a replay file holds. `notes`: what was left out of it; `originals`: pictures that strips share."""

    notes: list[str]
    moments: list[ReplayMoment]
    originals: list[str]
