"""The stages of a run, a row for each kind: its names, its place in the order, its settings, its charts, its pictures.

Whatever names stages, orders them or chooses among them reads a row. Runs, checkpoints and numbers name a stage by a
text: `layer1`, `layer2`, ... for layers trained one after the other, for every other kind the kind's own name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dbn_core.integers import whole


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a stage's pictures of filters show. size: the setting that says how many units; "": the first layer's."""

    words: str
    size: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageKind:
    """One kind of stage.

    label: as people read it within a sentence. group: the field of `RunConfig` that holds its settings; "": the common
    ones. switch: the setting that leaves it out where it is 0. obeys: the group of the settings that act on it while it
    trains; `learning_rate` among them. remedies: what helps besides a lower rate where it diverges.

    generative: it makes the DBN's own generative model; the others take that as it is. classifier: who gives the
    classes whose errors it records, in words; "": nobody. labels: the setting of how many labelled images it wants, for
    a stage that leaves a classifier behind.

    charts: keys of the live charts (`view.curves`) that have a line of it; label_charts: those only where there are
    label units; top_charts: those only of the layer on top. activity: it measures that of hidden units, its own layer's
    or else the top one's. pictures: what it draws as filters; None: nothing, or its own layer. through: what its
    reconstructions go through; "": its own name.
    """

    name: str
    label: str
    group: str = ""
    switch: str = ""
    obeys: str = "training"
    remedies: str = ""
    generative: bool = False
    classifier: str = ""
    labels: str = ""
    charts: tuple[str, ...] = ()
    label_charts: tuple[str, ...] = ()
    top_charts: tuple[str, ...] = ()
    activity: bool = False
    pictures: Pictures | None = None
    through: str = ""

    @property
    def rate(self) -> str:
        """The setting to lower where it diverges."""
        return f"{self.obeys}.learning_rate"

    @property
    def tunes_first_layer(self) -> bool:
        """It goes on with the units of the first layer, each at its place, and draws them."""
        return self.pictures is not None and not self.pictures.size


def _own(name: str, label: str) -> StageKind:
    """A kind whose settings, all of them, are in a group of its name."""
    return StageKind(name=name, label=label, group=name, switch=f"{name}.epochs", obeys=name)


_CLASSIFIED = ("classified", "loss")

LAYERS = StageKind(  # in one stage; each layer records under its own name
    name="layers",
    label="all layers",
    switch="epochs",
    remedies="lower the weight decay, or set the clamp to 4",
    generative=True,
    classifier="label units",
)
LAYER = replace(
    LAYERS,
    name="layer",  # and the number of the layer behind it
    label="layer",
    charts=("error", "activity", "dead"),
    label_charts=("classified",),
    top_charts=("likelihood",),
    activity=True,
)
UP_DOWN = replace(
    _own("updown", "up-down"),
    generative=True,
    classifier="up-down",
    charts=LAYER.charts,
    label_charts=LAYER.label_charts,
    activity=True,
    pictures=Pictures("layer 1, generative weights tuned by up-down"),
    through="all layers, tuned by up-down,",
)
FINE_TUNE = replace(
    _own("finetune", "classifier"),
    classifier="classifier",
    labels="finetune.labels",
    charts=_CLASSIFIED,
    pictures=Pictures("layer 1, as the classifier tunes it"),
)
VAE = replace(
    _own("vae", "VAE"),
    charts=("error", "elbo"),
    pictures=Pictures("the VAE's decoder", size="vae.hidden"),
    through="the VAE",
)
HYBRID = replace(_own("hybrid", "hybrid"), classifier="hybrid", labels="hybrid.labels", charts=_CLASSIFIED)
FEW_LABELS = replace(
    _own("fewlabels", "few labels"),
    switch="fewlabels.seeds",
    obeys="finetune",
    classifier="few labels",
    charts=_CLASSIFIED,
)
LATER = (UP_DOWN, FINE_TUNE, VAE, HYBRID, FEW_LABELS)
"""After the layers, in the order in which a run trains them."""
BESIDE = tuple(kind for kind in LATER if not kind.generative)
"""Those that take the generative model as it is: where they begin, its training is over."""
UNKNOWN = StageKind(name="", label="")
"""Of a name that is no stage's: before the first one, and in what others have written."""

_BY_NAME = {kind.name: kind for kind in (LAYERS, *LATER)}


def layer_stage(depth: int) -> str:
    """The stage that trains one layer: 3 -> `layer3`."""
    return f"{LAYER.name}{depth}"


def depth_of(stage: str) -> int:
    """`layer3` -> 3; 0 for a stage that is no layer's own."""
    number = stage.removeprefix(LAYER.name)
    return (whole(number) or 0) if number != stage else 0


def kind_of(stage: str) -> StageKind:
    """The row of a stage; `UNKNOWN` for any other text."""
    return LAYER if depth_of(stage) else _BY_NAME.get(stage, UNKNOWN)


def stage_name(stage: str) -> str:
    """`layer2` -> "layer 2", `finetune` -> "classifier"; a text that is no stage's stays as it is."""
    kind, depth = kind_of(stage), depth_of(stage)
    return f"{kind.label} {depth}" if depth else kind.label or stage


def rank(stage: str) -> tuple[int, int]:
    """The order in which stages follow each other, whichever there are: layers by depth, then the later ones."""
    kind = kind_of(stage)
    return (1 + LATER.index(kind), 0) if kind in LATER else (0, depth_of(stage))


def leaves_classifier(stages: Iterable[str]) -> bool:
    """Whether one of them does, beside the label units that layers may have."""
    return any(kind_of(stage).labels for stage in stages)


def without(*kinds: StageKind) -> dict[str, int]:
    """The settings that leave these stages out of a run."""
    return {kind.switch: 0 for kind in kinds}
