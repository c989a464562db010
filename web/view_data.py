"""What a view in the browser is handed when it is shown: constants, and what depends on the run that it shows.

A view's own words are in `assets/texts`; they have no type in Python, and the shape that they have for the scripts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal, TypedDict

from dbn_core.view import dreams, evolution
from dbn_core.view.ab import AbChart
from dbn_core.view.curves import Chart, Help, PictureTexts
from dbn_core.view.diagnosis import Card
from dbn_core.view.palette import Palette, Theme
from dbn_core.view.stages import RecordedStage
from dbn_core.view.texts import texts
from dbn_core.view.timeline import ProjectionChoice
from web.routes.classify import ClassifyAddresses
from web.routes.compare import CompareAddresses
from web.routes.diagnose import DiagnoseAddresses
from web.routes.features import FeatureAddresses
from web.routes.generate import GenerateAddresses
from web.routes.microscope import MicroscopeAddresses
from web.routes.train import RunAddresses

Palettes = Mapping[Theme, Palette]


@dataclass(frozen=True, slots=True)
class Words:
    """In `Annotated`: the message has the shape of what `make` returns, and this is the words of a page."""

    make: Callable[[], Any]


class Mounted(TypedDict):
    """Every view: the address of its module."""

    module: str


class LiveConstants(TypedDict):
    """The Train page's charts and pictures."""

    charts: Sequence[Chart]
    texts: PictureTexts
    palette: Palettes


class LiveRun(TypedDict):
    """`seen`: the state that the page's buttons show; another `poke`: ask at once."""

    run: str
    seen: str
    poke: int
    addresses: RunAddresses
    stages: Sequence[RecordedStage]


class LiveData(Mounted, LiveConstants, LiveRun):
    """What the live view is handed."""


class LayerPanel(TypedDict):
    """One film: a layer (`depth` from 1), or the decoder of a VAE (0)."""

    label: str
    depth: int
    pretrained: bool
    projections: Sequence[ProjectionChoice]


class FeaturesConstants(TypedDict):
    """The Features page's charts."""

    charts: Sequence[Chart]
    texts: Annotated[Mapping[str, Any], Words(evolution.page_texts)]
    palette: Palettes


class FeaturesRun(TypedDict):
    """`epochs`: that the run is planned to have."""

    run: str
    epochs: float
    addresses: FeatureAddresses
    stages: Sequence[RecordedStage]
    panels: Sequence[LayerPanel]


class FeaturesData(Mounted, FeaturesConstants, FeaturesRun):
    """What the Features view is handed."""


class DiagnoseConstants(TypedDict):
    """The cards."""

    cards: Sequence[Card]
    palette: Palettes


class DiagnoseRun(TypedDict):
    """`together`: whether its layers learn at once."""

    run: str
    seen: str
    method: str
    together: bool
    addresses: DiagnoseAddresses
    stages: Sequence[RecordedStage]


class DiagnoseData(Mounted, DiagnoseConstants, DiagnoseRun):
    """What the Diagnose view is handed."""


class PairConstants(TypedDict):
    """The A/B page's charts."""

    charts: Sequence[AbChart]
    palette: Palettes


class PairSide(TypedDict):
    """One run; `label`: A or B, and what it is called."""

    run: str
    label: str
    addresses: DiagnoseAddresses
    stages: Sequence[RecordedStage]


class PairRuns(TypedDict):
    """Both runs."""

    sides: Sequence[PairSide]


class PairData(Mounted, PairConstants, PairRuns):
    """What the A/B view is handed."""


class CompareConstants(TypedDict):
    """The Compare page's charts."""

    charts: Sequence[Chart]
    filters: Help
    palette: Palettes


class CompareSide(TypedDict):
    """One run."""

    run: str
    name: str
    status: str
    addresses: CompareAddresses
    stages: Sequence[RecordedStage]


class CompareRuns(TypedDict):
    """The runs, and earlier ones behind them."""

    sides: Sequence[CompareSide]
    ghosts: Sequence[CompareSide]


class CompareData(Mounted, CompareConstants, CompareRuns):
    """What the Compare view is handed."""


ClassifyPart = Literal["draw", "mistakes", "features", "few"]


class ClassifyConstants(TypedDict):
    """`classes`, `signs`: a colour and a sign for each class, in their order."""

    texts: Annotated[Mapping[str, Any], Words(partial(texts, "classify"))]
    palette: Palettes
    classes: Mapping[Theme, Sequence[str]]
    signs: Sequence[str]
    probe: Card


class ClassifyRun(TypedDict):
    """`checkpoint`: the newest one, (id, epoch); `images`: what they are called."""

    view: ClassifyPart
    seen: str
    run: str
    addresses: ClassifyAddresses
    drawable: bool
    most_bytes: int
    layers: int
    checkpoint: tuple[int, float] | None
    images: str


class ClassifyData(Mounted, ClassifyConstants, ClassifyRun):
    """What a Classify view is handed."""


class Scored(TypedDict):
    """How many images of how many Gibbs steps are scored."""

    images: int
    steps: int


class GenerateConstants(TypedDict):
    """Words and colours."""

    texts: Annotated[Mapping[str, Any], Words(dreams.page_texts)]
    palette: Palettes
    scored: Scored


class OtherRun(TypedDict):
    """A run that can be chosen."""

    id: str
    name: str


class GenerateRun(TypedDict):
    """`dreams`, `labels`: what the network can be asked for; `words`: why that is less; `own_vae`: it has one."""

    run: str
    checkpoint: int
    addresses: GenerateAddresses
    dreams: bool
    labels: bool
    words: str
    deep: bool
    own_vae: bool
    vaes: Sequence[OtherRun]
    classes: Sequence[str]
    columns: int
    most_bytes: int


class GenerateData(Mounted, GenerateConstants, GenerateRun):
    """What the Generate view is handed."""


class MicroscopeConstants(TypedDict):
    """`sets`: titles of the data sets, by name."""

    sets: Mapping[str, str]
    texts: Annotated[Mapping[str, Any], Words(partial(texts, "microscope"))]
    palette: Palettes


class MicroscopePlaces(TypedDict):
    """Where it finds things."""

    addresses: MicroscopeAddresses


class MicroscopeData(Mounted, MicroscopeConstants, MicroscopePlaces):
    """What the Microscope view is handed."""


class KeysOfPage(TypedDict):
    """The address of a page; each of its keys, or several, and what they do."""

    page: str
    keys: Sequence[tuple[str, str]]


class KeysData(Mounted, KeysOfPage):
    """What the list of keys is handed."""
